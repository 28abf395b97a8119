"""Rule 13 told a second time, as plainly as can be: what tests hold the application against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Europe/Helsinki")
MINUTE = timedelta(minutes=1)


class Refused(Exception):
    """The application would say no as well."""


@dataclass
class Party:
    """A household: its places, and what it waits for (``need`` more places, to be ``wants`` in all)."""

    contact: bool
    places: int = 0
    waits: str = ""
    need: int = 0
    wants: int = 0
    turn: int = 0
    until: datetime | None = None


@dataclass
class Queue:
    """One session with its places, everybody's turns and the clock."""

    capacity: int | None
    starts_at: datetime
    now: datetime
    parties: list[Party] = field(default_factory=list)
    turns: int = 0

    @property
    def used(self) -> int:
        """Places that somebody has or is offered."""
        return sum(each.places for each in self.parties) + sum(each.need for each in self.of("offered"))

    def of(self, waits: str) -> list[Party]:
        """Those who wait, or are offered something, by their turn."""
        return sorted((each for each in self.parties if each.waits == waits), key=lambda each: each.turn)

    def fits(self, people: int) -> bool:
        """Whether there is room for so many."""
        return self.capacity is None or self.used + people <= self.capacity

    @property
    def near(self) -> bool:
        """Less than two days are left."""
        return self.starts_at - self.now <= timedelta(days=2)

    def fill(self) -> None:
        """One place after the other to whoever is next."""
        for each in self.parties:
            begun = each.waits and self.now >= self.starts_at
            if begun or (each.until is not None and each.until <= self.now):
                self.out(each)
        while True:
            queue = self.of("waiting")
            ready = [each for each in (queue if self.near else queue[:1]) if self.fits(each.need)]
            if not ready:
                return
            self.give(ready[0])

    def give(self, party: Party) -> None:
        """Ask who can be asked; the others have their places."""
        until = offer_until(self.now, self.starts_at) if party.contact else None
        if until is None:
            self.take(party)
        else:
            party.waits, party.until = "offered", until

    def take(self, party: Party) -> None:
        """What was waited for is there."""
        party.places = party.wants
        self.out(party)

    def out(self, party: Party) -> None:
        """Wait no more."""
        party.waits, party.need, party.wants, party.until = "", 0, 0, None

    def sign_up(self, people: int, *, contact: bool, may_wait: bool) -> None:
        """Come by."""
        if not may_wait:
            if not self.fits(people) or (self.of("waiting") and self.capacity is not None):
                raise Refused
            self.parties.append(Party(contact, places=people))
            return
        self.fill()
        party = Party(contact)
        self.parties.append(party)
        if self.fits(people) and (self.near or not self.of("waiting")):
            party.places = people
        else:
            self.wait(party, people, people)

    def wait(self, party: Party, need: int, wants: int) -> None:
        """Stand at the end, unless the session has begun."""
        if self.now >= self.starts_at:
            raise Refused
        self.turns += 1
        party.waits, party.need, party.wants, party.turn = "waiting", need, wants, self.turns

    def change(self, party: Party, people: int) -> None:
        """Come with another number."""
        self.fill()
        added = people - party.places
        if party.waits and 0 < added <= party.need:
            if party.waits == "offered":
                party.wants = people
                self.take(party)
            else:
                party.need, party.wants = added, people
        else:
            self.out(party)
            self.fill()
            if added <= 0 or (self.fits(added) and (self.near or not self.of("waiting"))):
                party.places = people
            else:
                self.wait(party, added, people)
                return
        self.fill()

    def cancel(self, party: Party) -> None:
        """Come not at all."""
        party.places = 0
        self.out(party)
        self.fill()


def offer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Minute by minute: told by day, a day to answer, answered by day and two hours before the start."""
    told = now
    while asleep(told):
        told += MINUTE
    until = told + timedelta(hours=24)
    while asleep(until):
        until += MINUTE
    last = starts_at - timedelta(hours=2)
    while asleep(last):
        last -= MINUTE
    until = min(until, last)
    return until if until - told >= timedelta(minutes=30) else None


def asleep(moment: datetime) -> bool:
    """From 21 to 8."""
    return not 8 <= moment.astimezone(CITY).hour < 21
