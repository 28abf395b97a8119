"""Type in the sheet of a door on paper: households as listed, with their cards, and walk-ins by category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session, SessionStatus
from integration.audit.services import Audited, record
from integration.checkin.errors import SessionIsCancelled, SessionNotBegun, SheetNotAllowed
from integration.checkin.models import ScanKind
from integration.checkin.queries.sheet import SheetLine
from integration.checkin.rules import OPENS_BEFORE, SHEET, People, arrival_within, category_people
from integration.checkin.services.restate import Desk, Line, own_device, page_token, restate, said_before
from integration.kernel.database import DbSession


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet: how many of each household came (by the registration's id), and walk-ins."""

    came: Mapping[int, People]
    walk_ins: Mapping[str, int]


def enter_sheet(
    db_session: DbSession,
    actor: Actor,
    session: Session,
    lines: Sequence[SheetLine],
    sheet: Sheet,
    card_key: str,
    now: datetime,
) -> int:
    """Let the sheet be what is told now; how many lines changed. The same sheet sent again changes nothing.

    Raise NotPermitted, SheetNotAllowed for a sensitive session, SessionIsCancelled or SessionNotBegun.
    """
    _check(actor, session, now)
    desk = _desk(session.id, card_key)
    own_device(db_session, session, desk.token, SHEET, actor.account_id, now)
    told = {_household(each): _line(each, sheet.came[each.registration_id]) for each in lines if _is_told(each, sheet)}
    for category, number in sheet.walk_ins.items():
        people, age_group = category_people(category, number)
        told[_walk_in(category)] = Line(people, age_group=age_group)
    changed = restate(db_session, desk, told, now, happened_at=min(now, session.starts_at))
    facts = {"lines": len(told), "changed": changed}
    record(db_session, Audited.SHEET_ENTERED, "session", session.id, account_id=actor.account_id, now=now, **facts)
    return changed


def sheet_before(
    db_session: DbSession, session_id: int, lines: Sequence[SheetLine], categories: Sequence[str], card_key: str
) -> Sheet:
    """What was typed in before."""
    names = [*map(_household, lines), *map(_walk_in, categories)]
    said = said_before(db_session, _desk(session_id, card_key), names)
    came = {each.registration_id: said[_household(each)] for each in lines}
    return Sheet(came, {each: said[_walk_in(each)].total for each in categories})


def _check(actor: Actor, session: Session, now: datetime) -> None:
    organisation_id = session.activity.organisation_id
    if not all(actor.can(each, organisation_id) for each in (Permission.REGISTRATIONS_READ, Permission.DOOR_OPEN)):
        raise NotPermitted
    if session.sensitive:
        raise SheetNotAllowed
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    if now < session.starts_at - OPENS_BEFORE:
        raise SessionNotBegun


def _is_told(line: SheetLine, sheet: Sheet) -> bool:
    return line.registration_id in sheet.came


def _line(line: SheetLine, came: People) -> Line:
    within, beyond = arrival_within(line.places, came)
    return Line(within, beyond, card_digest=line.card_digest)


def _household(line: SheetLine) -> str:
    return f"registration-{line.registration_id}"


def _walk_in(category: str) -> str:
    return f"walk-in-{category}"


def _desk(session_id: int, card_key: str) -> Desk:
    return Desk(session_id, page_token(card_key, SHEET, session_id), card_key, ScanKind.LISTED)
