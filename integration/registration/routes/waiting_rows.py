"""What a household waits for, as the rows of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.i18n.languages import Language, language
from integration.kernel.database import Texts
from integration.registration.models import WaitingEntry, WaitingState
from integration.registration.queries import Waiting
from integration.registration.rules import Position, takes_queue


@dataclass(frozen=True)
class WaitingRow:
    """One entry in a list: what, when, where, and how it stands."""

    entry: WaitingEntry
    session: Session
    position: Position | None
    offer_until: datetime | None
    starts_at: datetime
    ends_at: datetime
    title: Texts
    venue_name: Texts | None
    icon: str
    mark: str
    spoken: Language | None = None
    state: None = None
    languages: tuple[()] = ()


def standing_offer(entry: WaitingEntry | None, now: datetime) -> datetime | None:
    """Until when the household may answer; None where there is no offer, or its time has passed."""
    if entry is None or entry.state != WaitingState.OFFERED or entry.offer_expires_at is None:
        return None
    return entry.offer_expires_at if entry.offer_expires_at > now else None


def waiting_rows(found: list[Waiting], now: datetime) -> list[WaitingRow]:
    """The entries to show: offers first, then those that wait, then offers that nobody answered."""
    here = {each.session.id for each in found if each.entry.is_open or each.entry.state == WaitingState.TAKEN}
    shown = [each for each in found if _is_shown(each, here, now)]
    order = (WaitingState.OFFERED, WaitingState.WAITING, WaitingState.EXPIRED)
    return [_row(each, now) for each in sorted(shown, key=lambda each: order.index(each.entry.state))]


def taken_in(found: list[Waiting]) -> dict[int, WaitingEntry]:
    """The places that came by themselves, without an offer to answer: entries by the id of their registration."""
    return {
        each.entry.registration_id: each.entry
        for each in found
        if each.entry.state == WaitingState.TAKEN and each.entry.registration_id and each.entry.offered_at is None
    }


def _is_shown(each: Waiting, here: set[int], now: datetime) -> bool:
    if not takes_queue(each.session, now) and not each.entry.is_open:
        return False
    return each.entry.is_open or (each.entry.state == WaitingState.EXPIRED and each.session.id not in here)


def _row(each: Waiting, now: datetime) -> WaitingRow:
    session, entry = each.session, each.entry
    spoken = entry.slot.language if entry.slot else entry.slot_language
    return WaitingRow(
        entry=each.entry,
        session=session,
        position=each.position,
        offer_until=standing_offer(each.entry, now),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=title_of(session),
        venue_name=session.venue.name if session.venue else None,
        icon=session.activity.icon,
        mark=session.activity.mark,
        spoken=language(spoken) if spoken else None,
    )
