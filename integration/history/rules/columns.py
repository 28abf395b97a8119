"""The columns of both kinds of spreadsheet, by their headings in three languages."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from integration.history.models import Contents


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in code, its heading in each language, and other headings that mean the same."""

    name: str
    sv: str
    fi: str
    en: str
    also: tuple[str, ...] = ()
    needed: bool = False

    def heading(self, language: str) -> str:
        """What stands over it in this language."""
        return {"sv": self.sv, "fi": self.fi}.get(language, self.en)


SESSION_COLUMNS = (
    Column("on", "Datum", "Päivämäärä", "Date", ("Pvm", "Dag", "Päivä"), needed=True),
    Column("time", "Klockslag", "Kellonaika", "Time", ("Klockan", "Tid", "Klo")),
    Column("activity", "Aktivitet", "Toiminta", "Activity"),
    Column("action", "Åtgärd", "Toimenpide", "Action"),
    Column("venue", "Ställe", "Paikka", "Venue", ("Plats", "Lokal", "Place", "Tila")),
    Column("visits", "Besök", "Käynnit", "Visits", ("Deltagare", "Osallistujat", "Participants", "Kävijät")),
    Column("adults", "Vuxna", "Aikuiset", "Adults"),
    Column("children", "Barn", "Lapset", "Children"),
    Column("partners", "Partner", "Kumppanit", "Partners", ("Samarbetspartner", "Kumppani", "Partnerföreningar")),
    Column("languages", "Språk", "Kielet", "Languages", ("Kieli", "Language")),
    Column("source", "Källa", "Lähde", "Source"),
)
TOTAL_COLUMNS = (
    Column("action", "Åtgärd", "Toimenpide", "Action"),
    Column("indicator", "Mätare", "Mittari", "Indicator", ("Meter",), needed=True),
    Column("year", "År", "Vuosi", "Year", needed=True),
    Column("value", "Värde", "Arvo", "Value", needed=True),
    Column("source", "Källa", "Lähde", "Source"),
)
COLUMNS: dict[Contents, tuple[Column, ...]] = {Contents.SESSIONS: SESSION_COLUMNS, Contents.TOTALS: TOTAL_COLUMNS}

FIT = 1000
"""More than any row of headings that lacks something can reach."""
PEOPLE = ("visits", "adults", "children")


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each known column stands in a file, and what is wrong with its first row."""

    places: dict[str, int]
    twice: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    same: tuple[int, ...] = ()
    """Where those stand that mean the same as another."""

    @property
    def fit(self) -> bool:
        """Whether rows can be read by them."""
        return not self.twice and not self.missing


def find_columns(contents: Contents, cells: list[str]) -> Headings:
    """Find the known columns in a file's first row, whatever else stands there and in whatever order."""
    known = {
        plain(text): column.name
        for column in COLUMNS[contents]
        for text in (column.name, column.sv, column.fi, column.en, *column.also)
    }
    places: dict[str, int] = {}
    twice, same = [], []
    for place, cell in enumerate(cells):
        name = known.get(plain(cell.rstrip("*: ")))
        if name is None:
            continue
        if name in places:
            twice.append(name)
            same += [places[name], place]
        places.setdefault(name, place)
    return Headings(places, tuple(twice), tuple(_missing(contents, places)), tuple(sorted(set(same))))


def guess_contents(cells: list[str]) -> Contents | None:
    """Of which kind a file with this first row is; None when it is of neither."""
    return next((each for each in Contents if find_columns(each, cells).fit), None)


def heading_rank(cells: list[str]) -> int:
    """How well a row serves as headings: the columns that are known in it, far more if rows can be read by them."""
    found = [find_columns(each, cells) for each in Contents]
    return max(len(each.places) + (FIT if each.fit else 0) for each in found)


def plain(text: str) -> str:
    """A text as people compare it: without regard to case, blanks, unseen hyphens and how letters are composed."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_UNSEEN).casefold().split())


_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Soft hyphens, with which titles are broken on phones, and characters without width: nobody types them."""


def _missing(contents: Contents, places: dict[str, int]) -> list[str]:
    missing = [each.name for each in COLUMNS[contents] if each.needed and each.name not in places]
    if contents is Contents.SESSIONS:
        missing += ["activity"] if not {"activity", "action"} & places.keys() else []
        missing += ["visits"] if not set(PEOPLE) & places.keys() else []
    return missing
