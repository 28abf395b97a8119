"""Groups take places by number and count as visits; stands become partners of the session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Role
from integration.activities.errors import SessionFull
from integration.activities.models import Session, SessionKind, SessionPartner, SessionPlaces
from integration.checkin.privacy import forget_contacts
from integration.checkin.queries import session_counts, visitor_sets
from integration.checkin.rules import People
from integration.checkin.services.groups import count_groups
from integration.kernel.clock import utc_now
from integration.organisations.models import Organisation, OrganisationKind
from integration.registration.errors import NoStands, NotAnybody, SlotTaken
from integration.registration.models import GroupRegistration, Stand, StandState
from integration.registration.queries.groups import group_totals, groups_of_session, stands_of_session
from integration.registration.services.groups import cancel_group, change_group, register_group
from integration.registration.services.stands import ask_for_stand, confirm_stand, decline_stand
from tests.factories.activities import make_activity, make_session, make_slots
from tests.factories.actors import make_actor
from tests.factories.organisations import make_organisation

ASSOCIATION = OrganisationKind.ASSOCIATION


def sign_up(
    db_session: DbSession, session: Session, adults: int = 2, children: int = 13, token: str = "a"
) -> GroupRegistration:
    values: dict[str, Any] = {"phone": "+358401234567", "email": None, "help": None, "language": "sv"}
    return register_group(
        db_session,
        session,
        name="SFI 2 B",
        contact_name="Läraren",
        adults=adults,
        children=children,
        form_token=token,
        now=utc_now(),
        **values,
    )


def ask(db_session: DbSession, session: Session, token: str = "a", name: str = "Påhittade båtar") -> Stand:
    values: dict[str, Any] = {"phone": "+358401234567", "email": None, "needs": "El", "language": "sv"}
    ask_for_stand(
        db_session, session, name=name, contact_role="Personalchef", form_token=token, now=utc_now(), **values
    )
    return stands_of_session(db_session, session.id)[-1]


def taken(db_session: DbSession, session: Session) -> int:
    return db_session.scalars(sa.select(SessionPlaces.taken).where(SessionPlaces.session_id == session.id)).one()


def partners(db_session: DbSession, session: Session) -> set[int]:
    rows = sa.select(SessionPartner.organisation_id).where(SessionPartner.session_id == session.id)
    return set(db_session.scalars(rows))


def test_a_group_takes_all_its_places_or_none(db_session: DbSession) -> None:
    session = make_session(db_session, capacity=20)
    one = sign_up(db_session, session)
    assert sign_up(db_session, session) == one
    assert taken(db_session, session) == 15
    with pytest.raises(SessionFull) as refusal, db_session.begin_nested():
        sign_up(db_session, session, 6, 0, "b")
    assert refusal.value.places_left == 5
    assert taken(db_session, session) == 15
    assert group_totals(db_session, session.id)[:2] == (1, 15)


@pytest.mark.parametrize(("adults", "children"), [(0, 0), (-1, 5), (200, 1)])
def test_a_group_is_somebody_and_no_town(db_session: DbSession, adults: int, children: int) -> None:
    session = make_session(db_session, capacity=None)
    with pytest.raises(NotAnybody):
        sign_up(db_session, session, adults, children)


def test_individual_times_take_no_groups(db_session: DbSession) -> None:
    session = make_session(db_session)
    make_slots(db_session, session)
    with pytest.raises(SlotTaken):
        sign_up(db_session, session)
    assert groups_of_session(db_session, session.id) == []


def test_staff_change_and_cancel_a_group(db_session: DbSession) -> None:
    session, staff = make_session(db_session, capacity=20), make_actor()
    group = sign_up(db_session, session)
    change_group(db_session, staff, group, session, adults=1, children=9, now=utc_now())
    assert taken(db_session, session) == 10
    change_group(db_session, staff, group, session, adults=2, children=18, now=utc_now())
    assert taken(db_session, session) == 20
    with pytest.raises(SessionFull):
        change_group(db_session, staff, group, session, adults=2, children=19, now=utc_now())
    with pytest.raises(NotPermitted):
        cancel_group(db_session, make_actor(Role.COUNCIL), group, session, utc_now())
    cancel_group(db_session, staff, group, session, utc_now())
    cancel_group(db_session, staff, group, session, utc_now())
    assert taken(db_session, session) == 0


def test_a_group_counts_as_visits_and_never_as_persons(db_session: DbSession) -> None:
    session, staff = make_session(db_session), make_actor()
    group = sign_up(db_session, session)
    count_groups(db_session, staff, session, {group.id: People(2, 13)}, utc_now())
    count_groups(db_session, staff, session, {group.id: People(1, 11)}, utc_now())
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.total, counts.adults, counts.listed, counts.identified) == (12, 1, 12, 0)
    assert visitor_sets(db_session, [session.id]) == []
    count_groups(db_session, staff, session, {group.id: People(0, 0)}, utc_now())
    assert session_counts(db_session, [session.id])[session.id].total == 0


def test_only_a_fair_has_stands(db_session: DbSession) -> None:
    with pytest.raises(NoStands):
        ask(db_session, make_session(db_session))


def test_a_confirmed_stand_is_a_partner_until_it_is_declined(db_session: DbSession) -> None:
    fair, staff = make_session(db_session, kind=SessionKind.FAIR), make_actor()
    stand = ask(db_session, fair)
    assert ask(db_session, fair) == stand
    confirm_stand(db_session, staff, stand, fair, None, ASSOCIATION, utc_now())
    organisation = db_session.get_one(Organisation, stand.organisation_id)
    assert set(organisation.name.values()) == {"Påhittade båtar"}
    assert partners(db_session, fair) == {organisation.id}
    other = make_organisation(db_session)
    confirm_stand(db_session, staff, stand, fair, other.id, ASSOCIATION, utc_now())
    assert partners(db_session, fair) == {other.id}
    decline_stand(db_session, staff, stand, fair, utc_now())
    assert (stand.state, partners(db_session, fair)) == (StandState.DECLINED, set())


def test_a_regular_partner_stays_expected(db_session: DbSession) -> None:
    regular, staff = make_organisation(db_session), make_actor()
    activity = make_activity(db_session, kind=SessionKind.FAIR, partners=[regular.id])
    fair = make_session(db_session, activity=activity, partners={regular.id: None})
    stand = ask(db_session, fair)
    confirm_stand(db_session, staff, stand, fair, regular.id, ASSOCIATION, utc_now())
    decline_stand(db_session, staff, stand, fair, utc_now())
    assert partners(db_session, fair) == {regular.id}


@pytest.mark.parametrize(("days", "kept"), [(119, True), (121, False)])
def test_contacts_of_groups_and_stands_go_after_120_days(db_session: DbSession, days: int, kept: bool) -> None:
    fair = make_session(db_session, kind=SessionKind.FAIR)
    group, stand = sign_up(db_session, fair), ask(db_session, fair)
    forget_contacts(db_session, fair.ends_at + timedelta(days=days))
    db_session.refresh(group)
    db_session.refresh(stand)
    known = {group.name, group.contact_name, group.phone, stand.organisation_name, stand.contact_role, stand.needs}
    assert (known != {None}) == kept and (group.adults, group.children) == (2, 13)
