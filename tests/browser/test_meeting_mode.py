"""The council's meeting: what decides is read from the back of a room, on a small projector and on a large one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from integration.accounts.rules import Role
from integration.indicators.services import fold_due
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.programme.models import Measure, TargetForm, TargetPeriod
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.factories.figures import (
    at,
    close,
    computed,
    make_action,
    make_attendance,
    make_line,
    make_programme,
    serve,
    target,
)
from tests.fixtures.servers import Served

YEAR = 2025
PROJECTORS = ((1280, 720, "light"), (1920, 1080, "dark"))
LEGIBLE = 1 / 30
"""Of a slide's height: the smallest letters that the last row reads; a picture's parts need no less."""


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_squares_and_numbers_are_read_from_the_last_row(
    app: Flask,
    client: FlaskClient,
    db_session: DbSession,
    server_here: Callable[..., Served],
    open_page: Callable[..., Page],
) -> None:
    programme = make_programme(db_session, slug="town", first_year=YEAR - 2, last_year=YEAR + 1)
    action = make_action(db_session, programme, slug="cafe")
    monthly = target(TargetForm.EXACT, TargetPeriod.MONTH, 1)
    make_line(db_session, action, computed(Measure.MONTHS, monthly, first_year=YEAR - 2, last_year=YEAR + 1))
    activity = make_activity(db_session)
    serve(db_session, activity, action)
    for month in (2, 3):
        session = make_session(db_session, activity=activity, starts_at=at(YEAR, month, 5))
        make_attendance(db_session, session, "card", 5)
        close(db_session, session)
    fold_due(db_session, utc_now() + timedelta(minutes=1))
    sign_in_as(client, db_session, Role.COUNCIL)
    db_session.commit()
    name = app.config["SESSION_COOKIE_NAME"]
    kept, url = client.get_cookie(name), server_here().url
    assert kept
    for width, height, scheme in PROJECTORS:
        page = open_page(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB")
        page.context.add_cookies([{"name": name, "value": kept.value, "url": url}])
        page.goto(f"{url}/en/staff/programmes/town/assessment/{YEAR}/cafe?meeting=1")
        assert page.get_by_text("Not held").is_visible()
        for part in (".plot.sq .held", ".plot.sq .missed", ".legend .sq"):
            box = page.locator(part).first.bounding_box()
            assert box and min(box["width"], box["height"]) >= height * LEGIBLE * 0.9, (part, scheme, box)
        for words in (".vals b", ".vals span", ".meeting .state b", ".meeting .state small", ".legend li"):
            box = page.locator(words).first.bounding_box()
            assert box and box["height"] >= height * LEGIBLE, (words, scheme, box)
        states = page.locator(".meeting .state").first.bounding_box()
        assert states and states["y"] + states["height"] <= height, "all of it is seen without scrolling"
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.context.close()
