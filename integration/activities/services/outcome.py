"""What the closing of a session tells about it, for the meters that count partners and language support.

Who may close a session, and the trail of it, belong to the door that closes it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from integration.activities.events import SessionFactsChanged
from integration.activities.models import LanguageSupport, Session, SessionPartner
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.kernel.events import publish


def confirm_partners(db_session: DbSession, session_id: int, present: Collection[int], at: datetime) -> None:
    """Say which partner organisations were there; one that nobody expected is added, the others were not there."""
    partners = db_session.scalars(sa.select(SessionPartner).where(SessionPartner.session_id == session_id)).all()
    for partner in partners:
        partner.present = partner.organisation_id in present
    for organisation_id in sorted(set(present) - {each.organisation_id for each in partners}):
        db_session.add(SessionPartner(session_id=session_id, organisation_id=organisation_id, present=True))
    _changed(db_session, session_id, at)


def expect_partner(db_session: DbSession, session_id: int, organisation_id: int, at: datetime) -> None:
    """Expect this organisation at the session; whether it came is for the closing to say."""
    if db_session.get(SessionPartner, (session_id, organisation_id)) is None:
        db_session.add(SessionPartner(session_id=session_id, organisation_id=organisation_id, present=None))
        _changed(db_session, session_id, at)


def expect_partner_no_more(db_session: DbSession, session_id: int, organisation_id: int, at: datetime) -> None:
    """Take back the expectation, unless closing has already said whether the organisation was there."""
    partner = db_session.get(SessionPartner, (session_id, organisation_id))
    if partner is not None and partner.present is None:
        db_session.delete(partner)
        _changed(db_session, session_id, at)


def record_language_support(
    db_session: DbSession, session_id: int, support: Collection[LanguageSupport], at: datetime
) -> None:
    """Say what secured language at the session, as it was and not as it was planned."""
    session = db_session.get(Session, session_id)
    if session is None:
        raise NotFound(session_id)
    session.language_support = sorted(str(each) for each in support)
    session.modified_at = at
    _changed(db_session, session_id, at)


def record_languages(db_session: DbSession, session_id: int, languages: Collection[str], at: datetime) -> None:
    """Say which languages were spoken; those that were planned keep their order, others follow."""
    session = db_session.get(Session, session_id)
    if session is None:
        raise NotFound(session_id)
    kept = [each for each in session.languages if each in languages]
    session.languages = [*kept, *sorted(set(languages) - set(kept))]
    session.modified_at = at
    _changed(db_session, session_id, at)


def _changed(db_session: DbSession, session_id: int, at: datetime) -> None:
    db_session.flush()
    publish(db_session, SessionFactsChanged(session_id, at))
