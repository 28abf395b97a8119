"""Adding up, while rows are read, what the figures would be after the import."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from integration.history.models import Contents, RowState
from integration.history.rules import Names, RowRead, Serving
from integration.history.services.known import KeptRow, Target
from integration.indicators.models import WHOLE_PROGRAMME
from integration.indicators.queries import reports_of
from integration.indicators.queries.facts import Key
from integration.indicators.queries.foreseen import Foreseen, foreseen_figures
from integration.indicators.rules import Dated, Facts, Reported, Slice, Sums, percent
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.organisations.models import Organisation
from integration.programme.queries import ProgrammeOutline


class Tally:
    """What the rows read so far come to. It grows with the years and dates, not with the rows."""

    def __init__(self, programme: ProgrammeOutline, places: dict[Target, Slice], names: Names, at: datetime) -> None:
        self.programme, self.today = programme, local_date(at)
        self.contents = Contents.SESSIONS
        self.table: dict[str, Any] = {}
        """Where the rows stand: their columns by letter and heading, their sheet, and sheets like it."""
        self.passed = 0
        self._places, self._names = places, names
        self._states: defaultdict[str, int] = defaultdict(int)
        self._more: defaultdict[Key, Facts] = defaultdict(Facts)
        self._partner_ids: dict[str, int] = {}
        self._new_partners: dict[str, str] = {}
        self._undivided = 0
        self._totals: dict[tuple[int, int], dict[str, Any]] = {}

    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, the same and wrong."""
        return {state.value: self._states[state.value] for state in RowState}

    def add(self, row: RowRead, state: RowState, live: KeptRow | None) -> None:
        """Count a row in."""
        self.passed += 1
        self._states[state.value] += 1
        if state in (RowState.WRONG, RowState.SAME):
            return
        if self.contents is Contents.TOTALS:
            self._totals[row.facts["indicator"], row.facts["year"]] = row.facts
            return
        self._new_partners |= row.partners
        self._undivided += row.undivided
        sums = _sums(row.facts)
        if live is not None:
            sums = Sums(*(new - old for new, old in zip(sums, _sums(live.facts), strict=True)))
        self._count(row.facts, sums)

    def preview(self, db_session: DbSession) -> dict[str, Any]:
        """What stands on the page before anybody decides; plain values that can be stored."""
        known = self._organisations(db_session)
        for facts in self._more.values():
            facts.partners = {(of, known.get(number, number)) for of, number in facts.partners}
        reports = reports_of(db_session, self.programme.id, drafts=True)
        foreseen = foreseen_figures(db_session, self.programme, self.today, self._more)
        figures = (
            self._of_totals(foreseen, reports)
            if self.contents is Contents.TOTALS
            else [_of_sessions(each, reports.get((each.indicator.id, each.year))) for each in foreseen if _moves(each)]
        )
        return {
            "figures": figures,
            "all_partners": self._new_partners,
            "undivided": self._undivided,
            **self.table,
        }

    def _count(self, facts: dict[str, Any], sums: Sums) -> None:
        on = date.fromisoformat(facts["on"])
        of = self._places[facts["activity"], facts["action"]]
        dated = Dated(of, on, True, False)
        partners = {(of, self._partner_ids.setdefault(slug, -1 - len(self._partner_ids))) for slug in facts["partners"]}
        for action_id in self._served(facts, on):
            found = self._more[action_id, on.year]
            found.add(of, sums)
            found.dates.add(dated)
            found.partners |= partners

    def _served(self, facts: dict[str, Any], on: date) -> set[int]:
        if facts["activity"] is None:
            return {WHOLE_PROGRAMME, facts["action"]}
        serves: tuple[Serving, ...] = self._names.serves.get(facts["activity"], ())
        return {WHOLE_PROGRAMME, *(each.action_id for each in serves if each.covers(on))}

    def _organisations(self, db_session: DbSession) -> dict[int, int]:
        """The number by which an organisation was counted here > its id, for those that exist."""
        rows = db_session.execute(sa.select(Organisation.slug, Organisation.id))
        return {self._partner_ids[slug]: number for slug, number in rows if slug in self._partner_ids}

    def _of_totals(self, foreseen: list[Foreseen], reports: dict[tuple[int, int], Reported]) -> list[dict[str, Any]]:
        """Each total beside what was reported before, and beside what the sessions of its year count."""
        counted = {(each.indicator.id, each.year): each for each in foreseen if each.before is not None}
        figures = []
        for (indicator_id, year), facts in sorted(self._totals.items()):
            report, sessions = reports.get((indicator_id, year)), counted.get((indicator_id, year))
            figures.append(
                {
                    "indicator": indicator_id,
                    "year": year,
                    "before": report.value if report else None,
                    "after": _told(facts),
                    "on": facts["on"],
                    "counted": sessions.before if sessions else None,
                    "personal": sessions.personal if sessions else False,
                }
            )
        return figures


def _told(facts: dict[str, Any]) -> int | None:
    if facts["numerator"] is not None:
        return percent(facts["numerator"], facts["denominator"])
    value: int | None = facts["value"]
    return value


def _of_sessions(each: Foreseen, report: Reported | None) -> dict[str, Any]:
    """A figure before and after; one that is locked stays, and a total that was imported before stands aside."""
    return {
        "indicator": each.indicator.id,
        "year": each.year,
        "before": each.before,
        "after": each.after,
        "locked": report.value if report is not None and report.locked else None,
        "total": report.value if report is not None and report.provenance == "imported" and not report.locked else None,
        "personal": each.personal,
    }


def _moves(each: Foreseen) -> bool:
    return each.before != each.after


def _sums(facts: dict[str, Any]) -> Sums:
    people = facts["adults"] + facts["children"]
    return Sums(
        sessions=1,
        held=1,
        supported=int(bool(facts["support"])),
        adults=facts["adults"],
        children=facts["children"],
        imported=people,
    )
