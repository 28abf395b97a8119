"""Stands at a fair: anybody asks, staff confirm or decline; a confirmed one is a partner of the session."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session, SessionKind, SessionStatus
from integration.activities.services import expect_partner, expect_partner_no_more
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import digest, random_id, random_key
from integration.organisations.models import Organisation, OrganisationKind
from integration.registration.errors import NoStands, SessionIsCancelled, SessionPast
from integration.registration.events import StandAnswered
from integration.registration.models import Stand, StandState
from integration.registration.services.writing import insert_unless_taken

WRITTEN_IN = ("sv", "fi", "en")
"""An organisation's name is the same in each of them, until somebody writes another."""


def ask_for_stand(
    db_session: DbSession,
    session: Session,
    *,
    name: str,
    contact_role: str,
    phone: str | None,
    email: str | None,
    needs: str | None,
    language: str,
    form_token: str,
    now: datetime,
) -> None:
    """Ask for a stand; sending the form again asks no second time. Raises NoStands where there are none."""
    require_stands(session, now)
    insert_unless_taken(
        db_session,
        Stand,
        id=random_id(),
        session_id=session.id,
        organisation_name=name,
        contact_role=contact_role,
        phone=phone,
        email=email,
        needs=needs or None,
        language=language,
        state=StandState.ASKED,
        form_digest=digest(f"stand|{session.id}|{form_token}"),
        asked_at=now,
    )


def require_stands(session: Session, now: datetime) -> None:
    """Raise the reason why nobody may ask for a stand: it is no fair, it is off, or it has begun."""
    if session.kind != SessionKind.FAIR:
        raise NoStands
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    if session.starts_at <= now:
        raise SessionPast


def confirm_stand(
    db_session: DbSession,
    actor: Actor,
    stand: Stand,
    session: Session,
    organisation_id: int | None,
    kind: OrganisationKind,
    now: datetime,
) -> None:
    """Say yes, and which organisation it is (None: a new one of this kind); it counts for O if it is there."""
    _require_staff(actor, session)
    if organisation_id is None:
        organisation_id = _new_organisation(db_session, stand.organisation_name or "", kind).id
    if stand.organisation_id is not None and stand.organisation_id != organisation_id:
        _release(db_session, stand, session, now)
    was = stand.state
    stand.organisation_id, stand.state, stand.answered_at = organisation_id, StandState.CONFIRMED, now
    db_session.flush()
    expect_partner(db_session, session.id, organisation_id, now)
    _tell(db_session, stand, was, now)
    _record(db_session, actor, stand, now)


def decline_stand(db_session: DbSession, actor: Actor, stand: Stand, session: Session, now: datetime) -> None:
    """Say no, also after a yes: then the organisation is no longer expected."""
    _require_staff(actor, session)
    if stand.state == StandState.CONFIRMED:
        _release(db_session, stand, session, now)
    was, stand.state, stand.answered_at = stand.state, StandState.DECLINED, now
    db_session.flush()
    _tell(db_session, stand, was, now)
    _record(db_session, actor, stand, now)


def _tell(db_session: DbSession, stand: Stand, was: StandState, now: datetime) -> None:
    """An answer that is another one is news; naming the organisation anew is none."""
    if stand.state != was:
        publish(db_session, StandAnswered(stand.id, stand.session_id, now))


def _release(db_session: DbSession, stand: Stand, session: Session, now: datetime) -> None:
    """The organisation stays expected where another confirmed stand or the activity itself says so."""
    others = db_session.scalar(
        sa.select(sa.func.count()).where(
            Stand.session_id == session.id,
            Stand.id != stand.id,
            Stand.organisation_id == stand.organisation_id,
            Stand.state == StandState.CONFIRMED,
        )
    )
    regular = {each.organisation_id for each in session.activity.partners}
    if stand.organisation_id is not None and not others and stand.organisation_id not in regular:
        expect_partner_no_more(db_session, session.id, stand.organisation_id, now)


def _new_organisation(db_session: DbSession, name: str, kind: OrganisationKind) -> Organisation:
    organisation = Organisation(slug=f"stand-{random_key()}", kind=kind, name=dict.fromkeys(WRITTEN_IN, name))
    db_session.add(organisation)
    db_session.flush()
    return organisation


def _require_staff(actor: Actor, session: Session) -> None:
    if not actor.can(Permission.SESSIONS_WRITE, session.activity.organisation_id):
        raise NotPermitted(session.id)


def _record(db_session: DbSession, actor: Actor, stand: Stand, now: datetime) -> None:
    facts = {"state": str(stand.state), "organisation_id": stand.organisation_id}
    record(db_session, Audited.STAND_ANSWERED, "stand", stand.id, account_id=actor.account_id, now=now, **facts)
