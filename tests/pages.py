"""The table of all pages: every endpoint that answers GET with HTML, with an address to try it at.

A page that is missing here fails ``tests/web/test_pages.py``; whatever stands here is looked at in every language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from integration.activities.rules import Month, Week
from integration.kernel.clock import local_date, utc_now
from tests.factories.world import World

COORDINATOR, ORGANISER, COUNCIL = (f"{role}@demo.invalid" for role in ("coordinator", "organiser", "council"))
PROGRAMME = "vaasa-2023-2026"
NO_PAGES = frozenset(
    {
        "activities.sessions_json",
        "activities.sitemap",
        "activities.year_csv",
        "activities.year_now",
        "activities_staff.poster_file",
        "assets.asset",
        "calendars.feed_activity",
        "calendars.feed_all",
        "calendars.feed_card",
        "calendars.feed_of",
        "calendars.feed_session",
        "checkin.app_manifest",
        "checkin.count",
        "checkin.device_session",
        "checkin.here_short",
        "checkin.here_thanks",
        "checkin.roster",
        "checkin.search",
        "checkin.service_worker",
        "checkin_staff.self_check_in_poster",
        "history_staff.blank",
        "history_staff.wrong_rows",
        "openapi.document",
        "programme.file_schema",
        "registration.card_drawing",
        "registration.my_data_json",
        "registration_staff.list_csv",
        "registration_staff.list_xlsx",
        "registration.short_link",
        "registration_staff.sign_in_sheet_file",
        "registration_staff.tally_sheet_file",
        "registration_staff.sheet_file",
        "report.edition_file",
        "report.indicators_csv",
        "report.indicators_json",
        "report.programmes",
        "report_staff.preview",
        "report_staff.desk_now",
        "report_staff.evidence",
        "site.healthz",
        "site.home",
        "site.robots",
    }
)
"""What answers GET with something else: files, feeds, data, redirects."""


@dataclass(frozen=True)
class Page:
    """One page in one state.

    ``values`` are the endpoint's, where ``$name`` stands for something of the world; ``query`` is the rest of the
    address. ``submit`` is the selector of a button to press first, for pages that only a POST answers with, and
    ``typed`` what is typed before. ``statements`` is the budget of SQL statements, reading who is signed in not
    counted.
    """

    name: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    signed_in: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    status: int = 200
    statements: int = 4
    typed: dict[str, str] = field(default_factory=dict)
    submit: str = ""

    def path(self, app: Flask, world: World, language: str) -> str:
        """The page's address in this language; the pages of a card's QR have none in theirs."""
        with app.test_request_context(f"/{language}/"):
            app.preprocess_request()
            values: dict[str, Any] = {name: _value(each, world) for name, each in self.values.items()}
            path = app.url_for(self.endpoint, **values)
        query = urlencode({name: _value(each, world) for name, each in self.query.items()})
        return f"{path}?{query}" if query else path


def _value(value: str, world: World) -> str:
    today = local_date(utc_now())
    known = {
        "$month": str(Month.of(today)),
        "$week": str(Week.of(today)),
        "$year": str(today.year),
        "$secret": world.codes.link_secret,
        "$pass": world.codes.pass_code,
        "$registration": str(world.registration),
        **{name: str(number) for name, number in world.desk.items()},
        "$hold": str(world.hold),
        **{f"${name}": key for name, key in world.sessions.items()},
    }
    return known.get(value, value)


PUBLIC = (
    Page("list", "activities.whats_on", statements=4),
    Page(
        "list, one activity in Somali",
        "activities.whats_on",
        query={"activity": "culture-cafe", "language": "so"},
        statements=4,
    ),
    Page("list, nothing on", "activities.whats_on", query={"venue": "nowhere"}, statements=4),
    Page("activity", "activities.activity", {"slug": "culture-cafe"}),
    Page("activity without sessions", "activities.activity", {"slug": "cv-clinic"}),
    Page("month", "activities.month", {"month": "$month"}),
    Page("month, one activity", "activities.month", {"month": "$month"}, query={"activity": "culture-cafe"}),
    Page("month, nothing on", "activities.month", {"month": "2099-06"}),
    Page("week", "activities.week", {"week": "$week"}),
    Page("week, nothing on", "activities.week", {"week": "2099-W23"}),
    Page("year", "activities.year", {"year": "$year"}),
    Page("year, nothing planned", "activities.year", {"year": "2099"}),
    Page("session", "registration.session_page", {"key": "$open"}),
    Page("session, ages", "registration.session_page", {"key": "$ages"}),
    Page("session, full", "registration.session_page", {"key": "$full"}),
    Page("session, drop-in", "registration.session_page", {"key": "$drop_in"}),
    Page("session, running", "registration.session_page", {"key": "$running"}),
    Page("session, cancelled", "registration.session_page", {"key": "$cancelled"}),
    Page("session, past", "registration.session_page", {"key": "$past"}),
    Page(
        "session, wrong answers",
        "registration.session_page",
        {"key": "$open"},
        status=422,
        typed={"phone": "12", "email": "nobody"},
        submit="form:has([name=form_token]) button[type=submit]",
    ),
    Page("session, individual times", "registration.session_page", {"key": "$clinic"}),
    Page("book a time", "registration.slot_book", {"key": "$clinic", "slot_id": "$slot"}),
    Page(
        "book a time, nothing typed",
        "registration.slot_book",
        {"key": "$clinic", "slot_id": "$slot"},
        status=422,
        submit="form:has([name=form_token]) button[type=submit]",
    ),
    Page("wait for a time", "registration.slot_wait", {"key": "$clinic"}),
    Page(
        "wait for a time, nothing typed",
        "registration.slot_wait",
        {"key": "$clinic"},
        status=422,
        submit="form:has([name=form_token]) button[type=submit]",
    ),
    Page("another time", "registration.slot_change", {"secret": "$series_secret"}, query={"registration": "$timed"}),
    Page("series", "registration.series_sign_up", {"slug": "family-school"}),
    Page("card with a series and a time", "registration.card_page", {"secret": "$series_secret"}, statements=6),
    Page("leave the series", "registration.series_leave", {"secret": "$series_secret", "series_id": "$series"}),
    Page("session, a fair", "registration.session_page", {"key": "$fair"}),
    Page("group", "registration.group_sign_up", {"key": "$fair"}),
    Page(
        "group, nothing typed",
        "registration.group_sign_up",
        {"key": "$fair"},
        status=422,
        submit="form:has([name=form_token]) button[type=submit]",
    ),
    Page("stand", "registration.stand_ask", {"key": "$fair"}),
    Page("card", "registration.card_page", {"secret": "$secret"}, statements=5),
    Page(
        "card, signed up",
        "registration.card_page",
        {"secret": "$secret"},
        query={"registered": "$registration"},
        statements=5,
    ),
    Page("card on paper", "registration.card_print", {"secret": "$secret"}),
    Page("cancel", "registration.cancel", {"secret": "$secret"}, query={"registration": "$registration"}),
    Page("cancel all", "registration.cancel_all", {"secret": "$secret"}),
    Page("places", "registration.change_places", {"secret": "$secret"}, query={"registration": "$registration"}),
    Page("session, with a queue", "registration.session_page", {"key": "$queue"}),
    Page("card, waiting", "registration.card_page", {"secret": "$waiting_secret"}, statements=5),
    Page("card, offered", "registration.card_page", {"secret": "$offered_secret"}, statements=5),
    Page("card, taken in", "registration.card_page", {"secret": "$taken_in_secret"}, statements=5),
    Page("my data", "registration.my_data", {"secret": "$secret"}, statements=7),
    Page("card, lost", "registration.card_replace", {"secret": "$secret"}),
    Page("card's language", "registration.card_language", {"secret": "$secret"}),
    Page("card's calendar", "registration.card_calendar", {"secret": "$secret"}),
    Page("subscribe", "calendars.subscribe", statements=5),
    Page("subscribe, a reminder", "calendars.subscribe", query={"alarm": "60"}, statements=5),
    Page("subscribe to an activity", "calendars.subscribe_to", {"kind": "activities", "name": "culture-cafe"}),
    Page("subscribe to a language", "calendars.subscribe_to", {"kind": "languages", "name": "so"}),
    Page("pass", "registration.pass_page", {"code": "$pass"}),
    Page("pass, small letters", "registration.pass_page_small", {"code": "$pass"}),
    Page("pass, unknown", "registration.pass_page", {"code": "NOBODY"}, status=404),
    Page("privacy", "site.privacy", statements=0),
    Page("accessibility", "site.accessibility", statements=0),
    Page("contact", "site.contact", statements=0),
    Page("sign in", "accounts.sign_in_page", statements=0),
    Page("sign in, nothing typed", "accounts.sign_in_page", status=422, submit="main button[type=submit]"),
    Page("editions", "report.editions", {"programme": PROGRAMME}, statements=9),
    Page("programme", "report.programme", {"programme": PROGRAMME}, statements=17),
    Page(
        "programme, a choice",
        "report.programme",
        {"programme": PROGRAMME},
        query={"state": "met", "year": "2025", "framework": "social_bridges"},
        statements=16,
    ),
    Page("framework", "report.framework", {"programme": PROGRAMME}, statements=16),
    Page(
        "indicator, 2024",
        "report.indicator",
        {"programme": PROGRAMME, "indicator": "culture-cafe"},
        query={"year": "2024"},
        statements=20,
    ),
    *(
        Page(f"indicator {slug}", "report.indicator", {"programme": PROGRAMME, "indicator": slug}, statements=20)
        for slug in ("culture-cafe", "city-farming", "cv-clinic")
    ),
    Page("scanner", "checkin.scan", statements=0),
    Page("pairing, unknown link", "checkin.pairing", {"secret": "NOBODY"}, status=404),
    Page("self check-in, a dead code", "checkin.here", {"secret": "NOBODY"}, status=404),
    Page("not found", "registration.session_page", {"key": "nothing"}, status=404),
)
"""What everybody can open."""

STAFF = (
    Page("pass, for staff", "registration.pass_page", {"code": "$pass"}, ORGANISER),
    Page("today", "checkin_staff.today", signed_in=ORGANISER, statements=6),
    Page("today, coordinator", "checkin_staff.today", signed_in=COORDINATOR, statements=6),
    Page("today, council", "checkin_staff.today", signed_in=COUNCIL, statements=6),
    Page("door", "checkin_staff.door", {"key": "$running"}, ORGANISER),
    Page("door, open", "checkin_staff.door", {"key": "$running"}, ORGANISER, submit="main form button[type=submit]"),
    Page("closing", "checkin_staff.closing", {"key": "$running"}, ORGANISER, statements=25),
    Page("closing, past", "checkin_staff.closing", {"key": "$past"}, ORGANISER, statements=25),
    Page("doors", "checkin_staff.doors", {"key": "$running"}, ORGANISER, statements=5),
    Page(
        "doors, a code",
        "checkin_staff.doors",
        {"key": "$running"},
        ORGANISER,
        statements=5,
        submit="form[action$='/doors/link'] button[type=submit]",
    ),
    Page("in the room", "checkin_staff.live", {"key": "$running"}, ORGANISER, statements=8),
    Page("self check-in of staff", "checkin_staff.self_check_in", {"key": "$running"}, ORGANISER, statements=6),
    Page(
        "self check-in of staff, a code",
        "checkin_staff.self_check_in",
        {"key": "$running"},
        ORGANISER,
        statements=6,
        submit="main form button[type=submit]",
    ),
    Page("headcount", "checkin_staff.headcount", {"key": "$running"}, ORGANISER, statements=5),
    Page("type in the sheet", "checkin_staff.sheet", {"key": "$running"}, ORGANISER, statements=8),
    Page("messages of a session", "registration_staff.messages", {"key": "$running"}, ORGANISER, statements=6),
    Page("messages of a session, none", "registration_staff.messages", {"key": "$incomplete"}, ORGANISER),
    Page("messages", "registration_staff.all_messages", signed_in=ORGANISER),
    Page("hand out a card", "registration_staff.desk", signed_in=ORGANISER),
    Page("hand out a card, whose it is", "registration_staff.desk_name", {"household_id": "$household"}, ORGANISER),
    Page("hand out a card, one", "registration_staff.desk_card", {"household_id": "$household"}, ORGANISER),
    Page("cards on paper", "registration_staff.sheet", {"batch": "$batch"}, ORGANISER),
    Page(
        "two cards",
        "registration_staff.merge",
        {"household_id": "$household", "gone_id": "$other"},
        ORGANISER,
        statements=6,
    ),
    Page("registrations", "registration_staff.registrations", {"key": "$running"}, ORGANISER, statements=8),
    Page("individual times", "registration_staff.slots", {"key": "$clinic"}, COORDINATOR),
    Page("make individual times", "activities_staff.slots_new", {"key": "$open"}, ORGANISER),
    Page(
        "make individual times, nothing typed",
        "activities_staff.slots_new",
        {"key": "$open"},
        ORGANISER,
        status=422,
        submit="main form button[type=submit]",
    ),
    Page("groups", "registration_staff.groups", {"key": "$fair"}, COORDINATOR),
    Page("group, how many", "registration_staff.group", {"key": "$fair", "group_id": "$group"}, COORDINATOR),
    Page("stands", "registration_staff.stands", {"key": "$fair"}, COORDINATOR),
    Page("confirm a stand", "registration_staff.stand_confirm", {"key": "$fair", "stand_id": "$stand"}, COORDINATOR),
    Page("count the groups", "checkin_staff.groups", {"key": "$fair"}, COORDINATOR),
    Page(
        "registrations, found",
        "registration_staff.registrations",
        {"key": "$running"},
        ORGANISER,
        statements=8,
        typed={"words": "amina"},
        submit="form.find button",
    ),
    Page("add somebody", "registration_staff.add", {"key": "$open"}, ORGANISER),
    Page("add somebody, full", "registration_staff.add", {"key": "$full"}, ORGANISER),
    Page(
        "add somebody, nothing typed",
        "registration_staff.add",
        {"key": "$open"},
        ORGANISER,
        status=422,
        submit="main form button[type=submit]",
    ),
    Page(
        "one on the list",
        "registration_staff.registration",
        {"key": "$open", "number": "$registration"},
        ORGANISER,
        statements=9,
    ),
    *(
        Page(
            f"one on the list, {verb}",
            f"registration_staff.registration_{verb}",
            {"key": "$open", "number": "$registration"},
            ORGANISER,
            statements=6,
        )
        for verb in ("people", "move", "cancel")
    ),
    Page("message to all", "registration_staff.message", {"key": "$open"}, ORGANISER, statements=6),
    Page("sign-in sheet", "registration_staff.sign_in_sheet", {"key": "$open"}, ORGANISER, statements=8),
    Page("held sign-ups", "registration_staff.hold", {"hold_id": "$hold"}, ORGANISER, statements=5),
    Page("activities", "activities_staff.activities", signed_in=COORDINATOR),
    Page("activity of staff", "activities_staff.activity", {"slug": "culture-cafe"}, ORGANISER, statements=8),
    Page("reports to write", "report_staff.reports", {"programme": PROGRAMME}, COUNCIL, statements=9),
    Page(
        "report to write",
        "report_staff.report_writing",
        {"programme": PROGRAMME, "kind": "annual", "year": "2025"},
        COUNCIL,
        statements=11,
    ),
    Page(
        "report's section",
        "report_staff.report_section",
        {"programme": PROGRAMME, "kind": "annual", "year": "2025", "section": "summary"},
        COUNCIL,
        statements=9,
    ),
    Page("poster", "activities_staff.poster", {"slug": "culture-cafe"}, ORGANISER, statements=8),
    Page("new activity", "activities_staff.activity_new", signed_in=COORDINATOR),
    Page(
        "new activity, nothing typed",
        "activities_staff.activity_new",
        signed_in=COORDINATOR,
        status=422,
        submit="main form button[type=submit]",
    ),
    Page("edit activity", "activities_staff.activity_edit", {"slug": "culture-cafe"}, ORGANISER, statements=10),
    Page("repeat", "activities_staff.repeat", {"slug": "culture-cafe"}, ORGANISER, statements=6),
    Page("new session", "activities_staff.session_new", {"slug": "culture-cafe"}, ORGANISER, statements=8),
    *(
        Page(f"hub, {name}", "activities_staff.session", {"key": f"${name}"}, ORGANISER, statements=8)
        for name in ("running", "cancelled", "incomplete", "past")
    ),
    Page("new session, on a day", "activities_staff.session_choose", query={"on": "2027-12-24"}, signed_in=ORGANISER),
    Page("new pause", "activities_staff.pause_new", signed_in=ORGANISER),
    Page(
        "new pause, nothing typed",
        "activities_staff.pause_new",
        signed_in=ORGANISER,
        status=422,
        submit="main form button[type=submit]",
    ),
    Page("year, for staff", "activities.year", {"year": "$year"}, ORGANISER, statements=5),
    Page("venues", "activities_staff.venues", signed_in=COORDINATOR),
    Page("new venue", "activities_staff.venue_new", signed_in=COORDINATOR),
    Page("edit venue", "activities_staff.venue_edit", {"slug": "demo-library"}, COORDINATOR),
    Page("edit session", "activities_staff.session_edit", {"key": "$open"}, ORGANISER, statements=6),
    Page("move session", "activities_staff.session_move", {"key": "$open"}, ORGANISER),
    Page("cancel session", "activities_staff.session_cancel", {"key": "$open"}, ORGANISER),
    Page("capacity", "activities_staff.session_capacity", {"key": "$open"}, ORGANISER),
    *(
        Page(
            f"reporting of 2025, {name}",
            "report_staff.desk",
            {"programme": PROGRAMME, "year": 2025},
            who,
            statements=20,
        )
        for name, who in (("council", COUNCIL), ("coordinator", COORDINATOR))
    ),
    Page(
        "a figure to report",
        "report_staff.report",
        {"programme": PROGRAMME, "year": 2025, "indicator": "housing-guide-languages"},
        COORDINATOR,
        statements=22,
    ),
    Page(
        "accept and lock a year", "report_staff.finish", {"programme": PROGRAMME, "year": 2025}, COUNCIL, statements=20
    ),
    Page("assessments", "report_staff.assessments", {"programme": PROGRAMME, "year": 2025}, COUNCIL, statements=12),
    Page(
        "an assessment",
        "report_staff.assessment",
        {"programme": PROGRAMME, "year": 2025, "action": "cv-clinic"},
        COUNCIL,
        statements=20,
    ),
    Page(
        "an assessment in a meeting",
        "report_staff.assessment",
        {"programme": PROGRAMME, "year": 2025, "action": "culture-cafe"},
        COUNCIL,
        query={"meeting": "1"},
        statements=20,
    ),
    Page("programme to edit", "programme_staff.contents", {"programme": PROGRAMME}, COUNCIL, statements=10),
    *(
        Page(
            f"row to edit: {level}",
            "programme_staff.row",
            {"programme": PROGRAMME, "level": level, "number": 1},
            COUNCIL,
            statements=7,
        )
        for level in ("programme", "action", "indicator")
    ),
    *(
        Page(
            f"to add under a {level}",
            "programme_staff.add",
            {"programme": PROGRAMME, "level": level, "number": 1},
            COUNCIL,
            statements=5,
        )
        for level in ("goal", "action")
    ),
    Page("targets", "programme_staff.targets", {"programme": PROGRAMME, "number": 1}, COUNCIL, statements=4),
    Page("parties", "programme_staff.parties", {"programme": PROGRAMME, "number": 1}, COUNCIL, statements=7),
    Page("organisations", "programme_staff.organisations", {}, COORDINATOR, statements=1),
    Page("new organisation", "programme_staff.organisation_new", {}, COORDINATOR, statements=0),
    Page("an organisation", "programme_staff.organisation", {"slug": "housing-advisers"}, COORDINATOR, statements=6),
    Page("successor", "report_staff.successor", {"programme": PROGRAMME}, COUNCIL, statements=12),
    Page("imports", "history_staff.imports", {"programme": PROGRAMME}, COORDINATOR, statements=9),
    Page(
        "imports, no file chosen",
        "history_staff.imports",
        {"programme": PROGRAMME},
        COORDINATOR,
        status=422,
        submit="main form button[type=submit]",
    ),
    *(
        Page(name, "history_staff.one_import", {"programme": PROGRAMME, "number": number}, COORDINATOR, statements=12)
        for name, number in (("an import, checked", "$import"), ("an import, refused", "$import_refused"))
    ),
    *(
        Page(
            f"{state} rows of an import",
            "history_staff.rows",
            {"programme": PROGRAMME, "number": "$import", "state": state},
            COORDINATOR,
            statements=12,
        )
        for state in ("new", "wrong")
    ),
    Page("not yours", "activities_staff.activity_new", signed_in=COUNCIL, status=403),
)
"""What staff see, by an account that may."""

PAGES = (*PUBLIC, *STAFF)


def html_endpoints(app: Flask) -> Iterator[str]:
    """Every endpoint that answers GET with a page."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES:
            yield rule.endpoint
