"""Pages of groups and stands: asked for by anybody, answered and counted by staff."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import SessionKind, SessionPlaces
from integration.audit.models import AuditEntry
from integration.checkin.queries import session_counts
from integration.registration.models import GroupRegistration, Stand, StandState
from tests.factories.activities import make_session
from tests.factories.actors import sign_in_as
from tests.web.registration.signing_up import post

GROUP = {"name": "SFI 2 B", "adults": "2", "children": "13", "contact_name": "The teacher", "phone": "0401234567"}
STAND = {"name": "Invented Boats", "contact_role": "Head of staff", "email": "staff@example.com", "help": "A table"}


def test_a_group_signs_up_from_the_sessions_page(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=20)
    page = f"/en/sessions/{session.key}"
    assert "Coming with a group?" in client.get(page).get_data(as_text=True)
    assert post(client, f"{page}/group", f"{page}/group", **GROUP).status_code == 303
    assert "The group has its 15 places." in client.get(page).get_data(as_text=True)
    again = post(client, f"{page}/group", f"{page}/group", **GROUP)
    assert again.status_code == 409 and "Only 5 places are left." in again.get_data(as_text=True)
    assert db_session.scalars(sa.select(SessionPlaces.taken)).one() == 15


def test_a_group_says_who_answers_and_how_many(client: FlaskClient, db_session: DbSession) -> None:
    page = f"/en/sessions/{make_session(db_session).key}/group"
    for wrong in ({"phone": ""}, {"adults": "0", "children": ""}, {"adults": "many"}, {"contact_name": " "}):
        assert post(client, page, page, **{**GROUP, **wrong}).status_code == 422
    assert db_session.scalar(sa.select(sa.func.count()).select_from(GroupRegistration)) == 0


def test_staff_change_cancel_and_count_a_group(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=20)
    public = f"/en/sessions/{session.key}/group"
    post(client, public, public, **GROUP)
    group = db_session.scalars(sa.select(GroupRegistration)).one()
    sign_in_as(client, db_session)
    groups = f"/en/staff/sessions/{session.key}/groups"
    page = client.get(groups).get_data(as_text=True)
    assert "SFI 2 B" in page and "+358401234567" in page
    assert db_session.scalars(sa.select(AuditEntry.action)).all() == ["registration.list_read"]
    change = f"{groups}/{group.id}"
    assert post(client, change, change, adults="1", children="9").status_code == 303
    assert post(client, change, change, adults="1", children="99").status_code == 422
    count = f"{groups}/count"
    shown = client.get(count).get_data(as_text=True)
    assert "+358401234567" not in shown
    answers = {f"adults-{group.id}": "1", f"children-{group.id}": "8"}
    assert post(client, count, count, **answers).status_code == 303
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.total, counts.listed, counts.identified) == (9, 9, 0)
    assert post(client, count, count, **{**answers, f"adults-{group.id}": "x"}).status_code == 422
    assert post(client, f"{change}/cancel", groups).status_code == 303
    assert db_session.scalars(sa.select(SessionPlaces.taken)).one() == 0


def test_a_stand_is_asked_for_confirmed_and_declined(client: FlaskClient, db_session: DbSession) -> None:
    fair = make_session(db_session, kind=SessionKind.FAIR)
    public = f"/en/sessions/{fair.key}/stand"
    assert post(client, public, public, **STAND).status_code == 303
    stand_id = db_session.scalars(sa.select(Stand.id)).one()
    sign_in_as(client, db_session)
    stands = f"/en/staff/sessions/{fair.key}/stands"
    assert "Invented Boats" in client.get(stands).get_data(as_text=True)
    confirm = f"{stands}/{stand_id}"
    assert post(client, confirm, confirm, organisation_id="0", kind="employer").status_code == 303
    assert db_session.scalars(sa.select(Stand.state)).one() == StandState.CONFIRMED
    closing = client.get(f"/en/staff/sessions/{fair.key}/closing").get_data(as_text=True)
    assert "Invented Boats" in closing
    assert post(client, f"{confirm}/decline", stands).status_code == 303
    db_session.expire_all()
    assert db_session.scalars(sa.select(Stand.state)).one() == StandState.DECLINED
    assert fair.partners == []


def test_only_a_fair_has_stands_and_only_its_staff_see_them(client: FlaskClient, db_session: DbSession) -> None:
    session, own = make_session(db_session), make_session(db_session)
    assert client.get(f"/en/sessions/{session.key}/stand").status_code == 303
    assert "Ask for a stand" not in client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    sign_in_as(client, db_session, Role.ORGANISER, own.activity.organisation_id)
    for page in ("groups", "stands", "groups/count"):
        assert client.get(f"/en/staff/sessions/{session.key}/{page}").status_code == 403
        assert client.get(f"/en/staff/sessions/{own.key}/{page}").status_code == 200
