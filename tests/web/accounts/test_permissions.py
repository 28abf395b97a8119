"""Roles reach as far as their organisation, and no further."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from integration.accounts.rules import PERMISSIONS, Actor, Permission, Role
from integration.kernel.database import DbSession
from tests.factories.activities import make_activity, make_session
from tests.factories.organisations import make_organisation
from tests.web.accounts.signing_in import make_account, sign_in


def test_an_organiser_arranges_in_the_own_organisation_only(client: FlaskClient, db_session: DbSession) -> None:
    own, other = make_organisation(db_session), make_organisation(db_session)
    mine = make_session(db_session, activity=make_activity(db_session, organisation=own))
    theirs = make_session(db_session, activity=make_activity(db_session, organisation=other))
    make_account(db_session, Role.ORGANISER, own.id)
    sign_in(client)
    for page in ("", "/edit", "/move", "/cancel", "/door", "/closing", "/registrations"):
        assert client.get(f"/en/staff/sessions/{mine.key}{page}").status_code in (200, 302, 409), page
        refused = client.get(f"/en/staff/sessions/{theirs.key}{page}")
        assert refused.status_code in (403, 404), page
        assert theirs.activity.title["en"] not in refused.text


def test_the_council_arranges_nothing(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    make_account(db_session, Role.COUNCIL)
    sign_in(client)
    for page in ("/edit", "/move", "/cancel", "/door", "/closing", "/registrations"):
        assert client.get(f"/en/staff/sessions/{session.key}{page}").status_code == 403, page


def test_a_stranger_is_sent_to_sign_in_and_may_not_post(
    new_client: Callable[[], FlaskClient], db_session: DbSession
) -> None:
    session = make_session(db_session)
    stranger = new_client()
    address = f"/en/staff/sessions/{session.key}/cancel"
    assert stranger.get(address).status_code == 302
    assert stranger.post(address).status_code in (400, 401)


def test_a_role_of_one_organisation_is_none_of_another() -> None:
    actor = Actor(1, ((Role.ORGANISER, 5), (Role.OWNER, 6)))
    assert actor.can(Permission.SESSIONS_WRITE, 5)
    assert not actor.can(Permission.SESSIONS_WRITE, 6)
    assert not actor.can(Permission.SESSIONS_WRITE, 7)
    assert actor.can(Permission.SESSIONS_WRITE)
    assert actor.organisations(Permission.SESSIONS_WRITE) == frozenset({5})
    assert actor.organisations(Permission.STAFF_HOME) == frozenset({5, 6})
    assert Actor(1, ((Role.COORDINATOR, None),)).organisations(Permission.SESSIONS_WRITE) is None


def test_every_permission_is_held_by_somebody() -> None:
    assert set().union(*PERMISSIONS.values()) == set(Permission)
