"""The year calendar: planned and shown by month, printed on one sheet, and taken along as a table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from integration.accounts.routes import current_actor
from integration.accounts.rules import Permission
from integration.activities import queries
from integration.activities.models import Activity
from integration.activities.routes.blueprint import blueprint
from integration.activities.routes.year_table import Rest, YearTable, csv_text
from integration.activities.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    Collision,
    Month,
    YearSession,
    arranged,
    collisions,
    on_holidays,
    public_holidays,
)
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import Texts, db
from integration.kernel.errors import NotFound
from integration.organisations.models import Organisation
from integration.organisations.queries import organisations_by_id
from integration.web.access import public


@dataclass(frozen=True)
class YearMonth:
    """One month of the year: its days, its holidays, what stands alone in it, who rests, and what to look at."""

    month: Month
    holidays: tuple[tuple[date, Texts], ...]
    alone: tuple[YearSession, ...]
    rests: tuple[Rest, ...]
    collisions: tuple[Collision, ...]
    on_holidays: tuple[YearSession, ...]

    @property
    def red_days(self) -> frozenset[date]:
        """Its holidays."""
        return frozenset(on for on, _name in self.holidays)

    @property
    def full_days(self) -> frozenset[date]:
        """The days with something that stands alone."""
        return frozenset(each.local_on for each in self.alone if not each.cancelled)


@blueprint.get("/<language:language>/year")
@public
def year_now() -> AnyResponse:
    """This year's calendar."""
    return redirect(url_for("activities.year", year=local_date(utc_now()).year))


@blueprint.get("/<language:language>/year/<string(length=4):year>")
@public
def year(year: str) -> str:
    """A year by month; staff see what is not public too, and who takes part in preparing it."""
    table, own = _table(year)
    lines, alone = arranged(table.sessions)
    return render_template(
        "activities/year.html",
        year=table.year,
        table=table,
        lines=lines,
        months=_months(table, alone),
        plans=own is None or bool(own),
        today=local_date(utc_now()),
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
    )


@blueprint.get("/<language:language>/year/<string(length=4):year>.csv")
@public
def year_csv(year: str) -> Response:
    """The same year as a table, one line per session, holiday and pause."""
    table, _own = _table(year)
    response = Response("\ufeff" + csv_text(table), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="delaktig-{table.year}.csv"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _table(text: str) -> tuple[YearTable, Collection[int] | None]:
    """Everything that the reader may see of a year, and the organisations that they plan for (None: all)."""
    year = int(text) if text.isascii() and text.isdigit() else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(text)
    actor = current_actor()
    own = actor.organisations(Permission.SESSIONS_WRITE) if actor else frozenset[int]()
    sessions = queries.sessions_of_year(db.session(), year, own)
    activities = queries.activities_of_year(db.session(), {each.activity_id for each in sessions})
    partners = _partners(activities.values()) if own is None or own else {}
    rests = _rests(activities.values(), year)
    return YearTable(year, sessions, activities, partners, rests, public_holidays(year)), own


def _partners(activities: Collection[Activity]) -> dict[int, Organisation]:
    ids = {each.organisation_id for activity in activities for each in activity.partners}
    return organisations_by_id(db.session(), ids)


def _rests(activities: Collection[Activity], year: int) -> list[Rest]:
    """The pauses that touch a year, those of the same days and reason together."""
    spans: dict[tuple[date, date, str], Rest] = {}
    for activity in activities:
        for pause in activity.pauses:
            if pause.starts_on.year <= year <= pause.ends_on.year:
                key = (pause.starts_on, pause.ends_on, str(sorted(pause.reason.items())))
                rest = spans.setdefault(key, Rest(pause.starts_on, pause.ends_on, pause.reason, []))
                rest.titles.append(activity.title)
    return [spans[key] for key in sorted(spans)]


def _months(table: YearTable, alone: Sequence[YearSession]) -> list[YearMonth]:
    clashes = collisions(table.sessions)
    red = on_holidays(table.sessions, table.holidays)
    return [
        YearMonth(
            month=month,
            holidays=tuple((on, name) for on, name in table.holidays.items() if Month.of(on) == month),
            alone=tuple(each for each in alone if Month.of(each.local_on) == month),
            rests=tuple(each for each in table.rests if Month.of(max(each.starts_on, _new_year(table))) == month),
            collisions=tuple(each for each in clashes if Month.of(each.on) == month),
            on_holidays=tuple(each for each in red if Month.of(each.local_on) == month),
        )
        for month in (Month(table.year, number) for number in range(1, 13))
    ]


def _new_year(table: YearTable) -> date:
    return date(table.year, 1, 1)
