"""The staff pages of activities and sessions, as an organiser walks them without JavaScript."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import Activity, Pause, RecurrenceRule, Session, SessionStatus
from integration.activities.services import moment_at
from integration.kernel.clock import local, utc_now
from integration.kernel.database import DbSession
from tests.factories.activities import make_activity, make_session, make_venue
from tests.factories.actors import sign_in_as
from tests.factories.organisations import make_organisation
from tests.web.activities.filling_in import HOSTILE, fields_of, fill_in, send_on

NOW = utc_now()


@pytest.fixture
def activity(client: FlaskClient, db_session: DbSession) -> Activity:
    """An activity of the organisation in which the browser's organiser works."""
    found = make_activity(db_session, slug="culture-cafe")
    sign_in_as(client, db_session, Role.ORGANISER, found.organisation_id)
    return found


@pytest.fixture
def session(db_session: DbSession, activity: Activity) -> Session:
    """A session of that activity."""
    return make_session(db_session, activity=activity, starts_at=moment_at(date(2027, 5, 3), time(18)))


def hub(session: Session, page: str = "") -> str:
    """The address of the session's hub, or of a page under it."""
    return f"/en/staff/sessions/{session.key}{'/' + page if page else ''}"


def test_the_list_has_the_own_organisations_activities(
    client: FlaskClient, db_session: DbSession, activity: Activity, session: Session
) -> None:
    make_activity(db_session, slug="other")
    html = client.get("/en/staff/activities").get_data(as_text=True)
    assert "/en/staff/activities/culture-cafe" in html and "/en/staff/activities/other" not in html
    assert "1 session to come" in html


def test_an_activity_is_begun_hidden_and_becomes_visible_when_whole(
    client: FlaskClient, db_session: DbSession, activity: Activity
) -> None:
    venue = make_venue(db_session)
    made = fill_in(client, "/en/staff/activities/new", title_sv="Språkkafé", description_sv="Kom!")
    assert made.status_code == 303
    html = client.get(made.location).get_data(as_text=True)
    for words in ("Not visible to visitors yet.", "The title is missing in Finnish.", "The description is missing in"):
        assert words in html
    done = fill_in(
        client, f"{made.location}/edit", title_fi="Kielikahvila", description_fi="Tule!", venue_id=str(venue.id)
    )
    assert "Not visible" not in client.get(done.location).get_data(as_text=True)
    assert client.get("/fi/activities/sprakkafe").status_code == 200


def test_editing_shows_what_is_and_saves_it_unchanged(
    client: FlaskClient, db_session: DbSession, activity: Activity, session: Session
) -> None:
    activity.title = {**activity.title, "ar": "مقهى"}
    before = dict(activity.title)
    assert fill_in(client, "/en/staff/activities/culture-cafe/edit").status_code == 303
    assert (activity.title, session.sequence) == (before, 0)


def test_a_rule_is_previewed_and_then_made_once(client: FlaskClient, db_session: DbSession, activity: Activity) -> None:
    address = "/en/staff/activities/culture-cafe/repeat"
    rule = {"frequency": "monthly", "starts_on": "2027-01-28", "until_on": "2027-06-30", "at": "18.00", "nth": "-1"}
    preview = fill_in(client, address, **rule, pause_from="2027-03-01", pause_until="2027-03-31")
    dates = fields_of(preview)["keep"]
    assert dates == ["2027-01-28", "2027-02-25", "2027-04-29", "2027-05-27", "2027-06-24"]
    assert db_session.scalars(sa.select(Session)).all() == [], "nothing is made before it is confirmed"
    for _time in range(2):
        assert send_on(client, address, preview, keep=dates[1:]).status_code == 303
    sessions = db_session.scalars(sa.select(Session).order_by(Session.starts_at)).all()
    assert [each.local_on.isoformat() for each in sessions] == dates[1:]
    assert {local(each.starts_at).time() for each in sessions} == {time(18)}
    assert len(db_session.scalars(sa.select(Pause)).all()) == 1
    rule_row = db_session.scalars(sa.select(RecurrenceRule)).one()
    assert [each.on_date for each in rule_row.exceptions] == [date(2027, 1, 28)]


def test_taking_away_every_tick_asks_for_one(client: FlaskClient, db_session: DbSession, activity: Activity) -> None:
    address = "/en/staff/activities/culture-cafe/repeat"
    preview = fill_in(client, address, starts_on="2027-01-04", until_on="2027-01-30", at="18:00")
    refused = send_on(client, address, preview, keep=[])
    assert refused.status_code == 422 and "Keep at least one date." in refused.get_data(as_text=True)
    assert db_session.scalars(sa.select(Session)).all() == []


def test_a_series_asks_about_both_nights_and_keeps_the_answers(
    client: FlaskClient, db_session: DbSession, activity: Activity
) -> None:
    address = "/en/staff/activities/culture-cafe/repeat"
    spring = fill_in(client, address, starts_on="2027-03-21", until_on="2027-11-07", at="03:30")
    assert spring.status_code == 422
    assert "The clock never shows 03:30 on Sunday 28 March." in spring.get_data(as_text=True)
    autumn = send_on(client, address, spring, chosen=["2027-03-28T01:30:00+00:00"])
    assert "The clock shows 03:30 twice on Sunday 31 October." in autumn.get_data(as_text=True)
    kept = fields_of(autumn)["chosen"]
    preview = send_on(client, address, autumn, chosen=[*kept, "2027-10-31T00:30:00+00:00"])
    assert preview.status_code == 200
    assert send_on(client, address, preview).status_code == 303
    by_date = {each.local_on: each.starts_at for each in db_session.scalars(sa.select(Session))}
    assert by_date[date(2027, 3, 28)].isoformat() == "2027-03-28T01:30:00+00:00"
    assert by_date[date(2027, 10, 31)].isoformat() == "2027-10-31T00:30:00+00:00"


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"until_on": "2029-06-01"}, "A series lasts at most 24 months: until 4.1.2029 at the latest."),
    ({"until_on": "2026-01-01"}, "The last date must not be before the first."),
    ({"until_on": "yesterday"}, "Write the date like this: 24.11.2026."),
    ({"until_on": "9999-12-31"}, "Check the year."),
    ({"until_on": ""}, "Write the last day."),
    ({"at": "25:00"}, "Write the time like this: 17:00."),
    ({"interval": "-1"}, "Write a number from 1 to 52."),
    ({"frequency": "hourly"}, "Not a valid choice"),
    ({"frequency": "by_hand", "dates": "24.12.2026\nChristmas"}, "Write one date on each line"),
    ({"frequency": "by_hand", "dates": ""}, "Write at least one date."),
    ({"frequency": "by_hand", "dates": "1.1.2027\n2.1.2029"}, "A series lasts at most 24 months"),
    ({"pause_from": "2027-01-01"}, "Write both the first and the last day of the pause."),
    ({"pause_from": "2027-01-01", "pause_until": "2027-12-31"}, "There is no such date"),
]


def test_a_rule_that_cannot_be_kept_says_why_and_keeps_what_was_typed(client: FlaskClient, activity: Activity) -> None:
    usual = {"starts_on": "2027-01-04", "until_on": "2027-06-30", "at": "18:00", "interval": "1"}
    for answers, words in REFUSED:
        rule = {**usual, **answers}
        refused = fill_in(client, "/en/staff/activities/culture-cafe/repeat", **rule)
        assert refused.status_code == 422, answers
        assert words in refused.get_data(as_text=True), answers
        kept = fields_of(refused)
        for name in rule.keys() - {"frequency"}:
            assert kept[name][0].replace("\r", "") == rule[name], name


def test_one_session_is_made_changed_moved_cancelled_and_restored(
    client: FlaskClient, db_session: DbSession, activity: Activity
) -> None:
    address = "/en/staff/activities/culture-cafe/sessions/new"
    made = fill_in(client, address, on="3.5.2027", at="18.00", title_sv="Te", title_fi="Teetä", capacity="12")
    assert made.status_code == 303
    session = db_session.scalars(sa.select(Session)).one()
    assert (session.title, local(session.starts_at).isoformat()) == (
        {"sv": "Te", "fi": "Teetä"},
        "2027-05-03T18:00:00+03:00",
    )
    assert fill_in(client, hub(session, "edit"), group_name="Alfa").status_code == 303
    assert fill_in(client, hub(session, "move"), on="2027-05-04", minutes="60").status_code == 303
    assert fill_in(client, hub(session, "capacity"), capacity="").status_code == 303
    assert fill_in(client, hub(session, "cancel")).status_code == 303
    db_session.refresh(session)
    assert (session.group_name, session.local_on, session.status) == ("Alfa", date(2027, 5, 4), SessionStatus.CANCELLED)
    assert (session.ends_at - session.starts_at, session.sequence) == (timedelta(hours=1), 2)
    html = client.get(hub(session)).get_data(as_text=True)
    assert "Cancelled" in html and "Hold it after all" in html and "Move the session" not in html
    assert "Restore it before you move it" in fill_in(client, hub(session, "move")).get_data(as_text=True)
    assert send_on(client, hub(session, "restore"), client.get(hub(session))).status_code == 303
    db_session.refresh(session)
    assert (session.status, session.sequence) == (SessionStatus.PLANNED, 3)


def test_sign_up_is_closed_and_opened(client: FlaskClient, db_session: DbSession, session: Session) -> None:
    send_on(client, hub(session, "sign-up/close"), client.get(hub(session)))
    db_session.refresh(session)
    assert session.sign_up_closed
    html = client.get(hub(session)).get_data(as_text=True)
    assert "Sign-up is closed." in html and "Open sign-up" in html
    send_on(client, hub(session, "sign-up/open"), client.get(hub(session)))
    db_session.refresh(session)
    assert not session.sign_up_closed


def test_a_moved_session_asks_where_the_clock_is_in_doubt(
    client: FlaskClient, db_session: DbSession, session: Session
) -> None:
    asked = fill_in(client, hub(session, "move"), on="2027-10-31", at="03:00", minutes="45")
    assert asked.status_code == 422 and "twice on Sunday 31 October" in asked.get_data(as_text=True)
    assert fields_of(asked)["minutes"] == ["45"]
    assert send_on(client, hub(session, "move"), asked, chosen=["2027-10-31T01:00:00+00:00"]).status_code == 303
    db_session.refresh(session)
    assert session.starts_at.isoformat() == "2027-10-31T01:00:00+00:00"


def test_the_hub_says_what_is_missing_and_who_has_too_few_places(
    client: FlaskClient, db_session: DbSession, session: Session
) -> None:
    session.title = {"sv": "Bara svenska"}
    session.places.taken, session.places.capacity = 12, 10
    html = client.get(hub(session)).get_data(as_text=True)
    assert "The title is missing in Finnish." in html
    assert "Over by 2 places." in html
    assert f"/en/staff/sessions/{session.key}/door" in html
    assert client.get(hub(session, "cancel")).status_code == 200


PAGES = ("", "edit", "move", "cancel", "capacity")


def test_strangers_sign_in_and_others_are_refused(client: FlaskClient, db_session: DbSession, session: Session) -> None:
    other = make_session(db_session, activity=make_activity(db_session, slug="other"))
    addresses = [hub(other, page) for page in PAGES]
    addresses += [f"/en/staff/activities/other{page}" for page in ("", "/edit", "/repeat", "/sessions/new")]
    for address in addresses:
        assert client.get(address).status_code == 403, address
    for action in ("restore", "sign-up/close", "sign-up/open", "cancel", "move"):
        refused = send_on(client, hub(other, action), client.get(hub(session)))
        assert refused.status_code == 403, action
    db_session.refresh(other)
    assert (other.status, other.sequence, other.sign_up_closed) == (SessionStatus.PLANNED, 0, False)
    client.delete_cookie("delaktig")
    for address in [*addresses, "/en/staff/activities"]:
        assert "/sign-in" in client.get(address).location


def test_the_council_arranges_nothing(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    sign_in_as(client, db_session, Role.COUNCIL)
    for address in ("/en/staff/activities", "/en/staff/activities/new", hub(session)):
        assert client.get(address).status_code == 403


def test_nobody_begins_an_activity_for_another_organisation(
    client: FlaskClient, db_session: DbSession, activity: Activity
) -> None:
    other = make_organisation(db_session)
    refused = fill_in(client, "/en/staff/activities/new", title_sv="X", organisation_id=str(other.id))
    assert refused.status_code == 422
    assert len(db_session.scalars(sa.select(Activity)).all()) == 1


def test_a_form_without_its_token_does_nothing(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    assert client.post(hub(session, "cancel")).status_code in (400, 422, 200)
    db_session.refresh(session)
    assert session.status == SessionStatus.PLANNED


def test_no_answer_makes_a_form_stumble(client: FlaskClient, db_session: DbSession, session: Session) -> None:
    """Each field in turn gets each hostile answer: a clear sentence or literal text, never an error of ours."""
    forms = {
        hub(session, "move"): ("on", "minutes", "chosen"),
        hub(session, "capacity"): ("capacity",),
        "/en/staff/activities/culture-cafe/repeat": ("dates", "keep", "weekday"),
        "/en/staff/activities/new": ("title_sv", "languages", "serves-0-action_id"),
        hub(session, "edit"): ("title_sv", "online_url", "kind"),
    }
    for address, names in forms.items():
        proper = fields_of(client.get(address))
        for name in names:
            for answer in HOSTILE:
                response = client.post(address, data={**proper, "at": "18:00", name: answer})
                assert response.status_code in (200, 303, 422), (address, name, answer[:20])


def test_what_was_written_is_shown_literally(client: FlaskClient, db_session: DbSession, session: Session) -> None:
    hostile = "<script>alert(1)</script>{{7*7}}\u202e%(x)s"
    fill_in(client, hub(session, "edit"), title_sv=hostile, title_fi=hostile, group_name="a\0b")
    db_session.refresh(session)
    assert (session.title, session.group_name) == ({"sv": hostile, "fi": hostile}, "ab")
    html = client.get(hub(session)).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in html and "<script>alert" not in html


def test_a_venue_is_added_and_its_new_name_reaches_the_calendars(
    client: FlaskClient, db_session: DbSession, session: Session
) -> None:
    made = fill_in(client, "/en/staff/venues/new", name_sv="Alma", address_sv="Storgatan 1")
    assert made.status_code == 303
    assert "Its name is needed in Swedish and in Finnish." in client.get(made.location).get_data(as_text=True)
    assert fill_in(client, "/en/staff/venues/alma/edit", name_fi="Alma").status_code == 303
    assert "Its name is needed" not in client.get(made.location).get_data(as_text=True).replace("&#39;", "'")
    assert session.venue is not None
    fill_in(client, f"/en/staff/venues/{session.venue.slug}/edit", address_fi="Isokatu 99")
    db_session.refresh(session)
    assert session.sequence == 1
    assert fill_in(client, "/en/staff/venues/new", name_sv="").status_code == 422
    assert client.get("/en/staff/venues/nowhere/edit").status_code == 404
