/* Reads a calendar from standard input with libical and writes one line for each entry, its texts in hexadecimal:
 * uid, start and end in seconds since 1970, status, sequence, summary. Ends with 1 where libical has something to
 * complain about. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *all_of_stdin(void) {
    size_t size = 0, room = 1 << 16;
    char *text = malloc(room);
    for (size_t got; (got = fread(text + size, 1, room - size - 1, stdin)) > 0;) {
        size += got;
        if (room - size < 4096) text = realloc(text, room *= 2);
    }
    text[size] = '\0';
    return text;
}

static void hexadecimal(const char *text) {
    for (; text && *text; text++) printf("%02x", (unsigned char)*text);
    putchar('\t');
}

static long long moment(icalcomponent *event, icalproperty_kind kind) {
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    struct icaltimetype time = icalproperty_get_datetime_with_component(property, event);
    return (long long)icaltime_as_timet_with_zone(time, icaltime_get_timezone(time));
}

int main(void) {
    icalcomponent *calendar = icalparser_parse_string(all_of_stdin());
    if (calendar == NULL) return 1;
    int complaints = icalcomponent_count_errors(calendar);
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        hexadecimal(icalcomponent_get_uid(event));
        printf("%lld\t%lld\t", moment(event, ICAL_DTSTART_PROPERTY), moment(event, ICAL_DTEND_PROPERTY));
        hexadecimal(icalproperty_status_to_string(icalcomponent_get_status(event)));
        printf("%d\t", icalcomponent_get_sequence(event));
        hexadecimal(icalcomponent_get_summary(event));
        putchar('\n');
    }
    if (complaints > 0) fprintf(stderr, "%d complaints\n%s", complaints, icalcomponent_as_ical_string(calendar));
    return complaints > 0;
}
