"""What comes in after a figure was locked stands beside it in words, for everybody to read (rule 8)."""

from __future__ import annotations

from typing import Any

from flask import Flask

from integration.checkin.services import record_scans
from integration.indicators.queries import exact_figures
from integration.indicators.services import lock_figure, rebuild
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.programme.models import Measure
from integration.programme.queries import programme_outline
from tests.factories.activities import make_activity, make_session
from tests.factories.checkin import iso, make_device, scan_of
from tests.factories.figures import at, close, computed, make_action, make_attendance, make_line, make_programme, serve

NOW = utc_now()
YEAR = local_date(NOW).year - 1


def test_a_late_scan_stands_beside_the_locked_figure(app: Flask, db_session: DbSession) -> None:
    years: dict[str, Any] = {"first_year": YEAR, "last_year": YEAR + 1}
    programme = make_programme(db_session, slug="town", **years)
    action = make_action(db_session, programme, **years)
    make_line(db_session, action, computed(Measure.VISITS, slug="cafe-visits", **years))
    make_line(db_session, action, computed(Measure.HELD, slug="cafe-held", **years))
    cafe = make_activity(db_session)
    serve(db_session, cafe, action)
    session = make_session(db_session, activity=cafe, starts_at=at(YEAR, 12, 30))
    make_attendance(db_session, session, None, 41)
    close(db_session, session)
    rebuild(db_session, NOW)
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    visits = outline.lines[0].indicators[0]
    exact = exact_figures(db_session, outline, YEAR, local_date(NOW))
    lock_figure(db_session, visits, YEAR, exact[visits.id], account_id=1, now=NOW)
    make_device(db_session, session, "late phone")
    db_session.commit()
    assert "reported 41" not in page(app)

    late = scan_of(kind="walk_in", adults=2, scanned_at=iso(session.starts_at))
    record_scans(db_session, "late phone", [late], at(YEAR + 1, 1, 8))
    db_session.commit()
    assert "now 43, reported 41" in page(app)


def page(app: Flask) -> str:
    """The meter's page as anybody reads it."""
    answer = app.test_client().get("/en/programmes/town/indicators/cafe-visits", follow_redirects=True)
    assert answer.status_code == 200
    return answer.text
