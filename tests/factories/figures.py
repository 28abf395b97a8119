"""A measured programme and people at its sessions, for tests; committing is the test's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from integration.activities.models import Activity, ActivityAction, Session
from integration.checkin.models import Attendance, Closing, Source
from integration.kernel.database import DbSession
from integration.programme.models import (
    Action,
    Aggregation,
    Domain,
    Goal,
    Indicator,
    IndicatorKind,
    Measure,
    MeterLine,
    Programme,
    Target,
    TargetForm,
    TargetPeriod,
)

YEARS = (2023, 2026)
UNITS = {
    Measure.HELD: "sessions",
    Measure.VISITS: "visits",
    Measure.UNIQUE: "persons",
    Measure.PARTNERS: "organisations",
    Measure.WEEKS: "weeks",
    Measure.MONTHS: "months",
    Measure.LANGUAGE_SUPPORT: "share",
    Measure.GROUPS: "groups",
}
_numbers = count(1)


def make_programme(db_session: DbSession, **over: Any) -> Programme:
    """A programme of 2023 to 2026 with one domain and one goal."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"programme-{number}",
        "title": _texts("Programmet"),
        "legal_basis": _texts("Lagen"),
        "first_year": YEARS[0],
        "last_year": YEARS[1],
    }
    programme = Programme(**{**values, **over})
    domain = Domain(slug="social", position=1, mark="social", title=_texts("Sociala relationer"))
    domain.goals = [Goal(slug="goal", position=1, title=_texts("Delaktighet"))]
    programme.domains = [domain]
    db_session.add(programme)
    db_session.flush()
    return programme


def make_action(db_session: DbSession, programme: Programme, **over: Any) -> Action:
    """An action of the programme's one goal."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "programme_id": programme.id,
        "goal_id": programme.domains[0].goals[0].id,
        "slug": f"action-{number}",
        "number": str(number),
        "position": number,
        "title": _texts(f"Åtgärd {number}"),
        "first_year": YEARS[0],
        "last_year": YEARS[1],
        "ongoing": True,
        "framework": ["social_bridges"],
    }
    action = Action(**{**values, **over})
    db_session.add(action)
    db_session.flush()
    return action


def make_line(
    db_session: DbSession, action: Action, *indicators: Indicator, slug: str | None = None, **over: Any
) -> MeterLine:
    """A meter line with these indicators, the first of them its main one."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "programme_id": action.programme_id,
        "action_id": action.id,
        "slug": slug or f"line-{number}",
        "label": action.number,
        "position": number,
        "text": _texts(f"Mätare {number}"),
    }
    line = MeterLine(**{**values, **over})
    for position, indicator in enumerate(indicators):
        indicator.programme_id, indicator.position = action.programme_id, position
    line.indicators = list(indicators)
    db_session.add(line)
    db_session.flush()
    return line


def computed(measure: Measure, *targets: Target, **over: Any) -> Indicator:
    """An indicator counted from sessions."""
    return indicator(IndicatorKind.COMPUTED, *targets, measure=measure, unit=UNITS[measure], **over)


def indicator(kind: IndicatorKind, *targets: Target, **over: Any) -> Indicator:
    """An indicator of any kind, expected in every year of the programme."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"indicator-{number}",
        "kind": kind,
        "measure": None,
        "unit": "count",
        "aggregation": Aggregation.NONE,
        "title": _texts(f"Indikator {number}"),
        "first_year": YEARS[0],
        "last_year": YEARS[1],
        "kinds": [],
        "audiences": [],
        "whole_programme": False,
        "traffic_light": True,
    }
    made = Indicator(**{**values, **over})
    made.targets = list(targets)
    return made


def target(form: TargetForm, period: TargetPeriod, lower: int, upper: int | None = None, **over: Any) -> Target:
    """What to reach."""
    return Target(**{"form": form, "period": period, "lower": lower, "upper": upper, "year": None, **over})


def serve(
    db_session: DbSession,
    activity: Activity,
    action: Action,
    starts_on: date = date(2020, 1, 1),
    ends_on: date | None = None,
) -> None:
    """Let an activity serve an action between two dates."""
    db_session.add(ActivityAction(activity_id=activity.id, action_id=action.id, starts_on=starts_on, ends_on=ends_on))
    db_session.flush()


def make_attendance(
    db_session: DbSession, session: Session, key: str | None, adults: int, children: int = 0, **over: Any
) -> Attendance:
    """People who came by card (a visitor key) or, without a key, uncarded ones of one scan."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "session_id": session.id,
        "visitor_key": key,
        "scan_id": None if key else f"scan-{number}",
        "source": Source.SCANNED if key else Source.WALK_IN,
        "places_adults": None,
        "places_children": None,
        "whole": False,
        "arrived_adults": adults,
        "arrived_children": children,
        "beyond_adults": 0,
        "beyond_children": 0,
        "first_at": session.starts_at,
    }
    attendance = Attendance(**{**values, **over})
    db_session.add(attendance)
    db_session.flush()
    return attendance


def close(db_session: DbSession, session: Session, *, held: bool = True, total: Sequence[int] | None = None) -> None:
    """Say at closing whether a session was held, perhaps with a total of adults and children."""
    adults, children = total or (None, None)
    db_session.add(
        Closing(
            session_id=session.id,
            held=held,
            closed_at=session.ends_at,
            account_id=None,
            manual_adults=adults,
            manual_children=children,
            reason="counted again" if total else None,
        )
    )
    db_session.flush()


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """A moment in UTC."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def _texts(text: str) -> dict[str, str]:
    return {"sv": text, "fi": f"{text} (fi)", "en": f"{text} (en)"}
