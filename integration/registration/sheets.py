"""Sheets for the door on paper: who is expected, and strokes for everybody who comes. No code stands on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.i18n.dates import short_date
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import speaking
from integration.i18n.texts import EQUAL_LANGUAGES
from integration.kernel.clock import local
from integration.kernel.database import Texts
from integration.registration.models import Registration
from integration.web.pdf import make_pdf, spoken
from integration.web.posters import CATALOGUES

WALK_INS = 12
"""Empty lines for those who come without having signed up."""
FIVES = {"adults": 24, "children": 8}
"""Groups of five: room for 120 grown-ups and 40 children of each age."""

Words = list[dict[str, str]]


def sign_in_sheet(session: Session, registrations: Sequence[Registration], now: datetime) -> bytes:
    """Names to call by and their places, with a box to tick for those who arrived."""
    people = sorted(registrations, key=lambda each: (not each.household.name, (each.household.name or "").casefold()))
    rows = [{"name": each.household.name or "–", "adults": each.adults, "children": each.children} for each in people]
    return _sheet(
        session,
        now,
        kind="sign_in",
        heading=lambda: _("Sign-in sheet"),
        how=lambda: _("Tick who has arrived. Others write on the empty lines."),
        foot=lambda: _("Names are personal data: type the sheet in, then shred it."),
        rows=rows,
        empty=WALK_INS,
        head=[
            _each(session, words)
            for words in (lambda: _("Name"), lambda: _("Adults"), lambda: _("Children"), lambda: _("Arrived"))
        ],
    )


def tally_sheet(session: Session, now: datetime) -> bytes:
    """Circles in groups of five: one is crossed for each person who comes in."""
    by_age = session.activity.asks_age_groups
    return _sheet(
        session,
        now,
        kind="tally",
        heading=lambda: _("Tally sheet"),
        how=lambda: _("Cross one circle for each person who comes in."),
        foot=lambda: _("Type the sums in when the session is over."),
        sum=_each(session, lambda: _("In all")),
        groups=[{"name": _each(session, words), "fives": FIVES[kind]} for kind, words in _groups(by_age)],
    )


def languages_of(session: Session) -> tuple[str, ...]:
    """Swedish, Finnish and what else is spoken there, of the languages that the product speaks itself."""
    others = (code for code in session.languages if code in CATALOGUES)
    return tuple(dict.fromkeys((*EQUAL_LANGUAGES, *others)))


def _groups(by_age: bool) -> list[tuple[str, Callable[[], str]]]:
    if not by_age:
        return [("adults", lambda: _("Adults")), ("children", lambda: _("Children"))]
    return [
        ("adults", lambda: _("Adults")),
        ("children", lambda: _("Children, 0–6 years")),
        ("children", lambda: _("Children, 7–12 years")),
        ("children", lambda: _("Young people, 13–17 years")),
    ]


def _sheet(
    session: Session,
    now: datetime,
    *,
    heading: Callable[[], str],
    how: Callable[[], str],
    foot: Callable[[], str],
    **rest: Any,
) -> bytes:
    start, end = local(session.starts_at), local(session.ends_at)
    first = languages_of(session)[0]
    data = {
        "title": f"{_each(session, heading)[0]['text']}: {_texts(session, title_of(session))[0]['text']}",
        "made_at": now.replace(microsecond=0),
        "titles": _texts(session, title_of(session)),
        "places": _texts(session, session.venue.name) if session.venue else [],
        "when": f"{short_date(session.starts_at)}  {start:%H.%M}–{end:%H.%M}",
        "heading": _each(session, heading),
        "how": _each(session, how),
        "foot": _each(session, foot)[0],
        **rest,
    }
    return make_pdf("pdf/sheet.typ", data, first)


def _each(session: Session, words: Callable[[], str]) -> Words:
    """Words of ours in the session's languages."""
    found = []
    for code in languages_of(session):
        with speaking(code):
            found.append(spoken(words(), code))
    return found


def _texts(session: Session, texts: Texts) -> Words:
    """Words of theirs in the session's languages, the same only once."""
    found = {texts[code].replace("\xad", ""): code for code in reversed(languages_of(session)) if texts.get(code)}
    return [spoken(text, code) for text, code in reversed(found.items())] or [spoken("–", EQUAL_LANGUAGES[0])]
