"""Rule 10 as an outsider would try it: pages, open data and two editions together never give a small figure away."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.activities.models import ActivityAction, Session, SessionKind
from integration.indicators.queries import figures as figure_queries
from integration.indicators.services import fold_due
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.programme.models import Measure, Programme
from integration.programme.queries import programme_outline
from integration.report.editions import report_html
from integration.report.models import Edition, ReportKind
from integration.report.open_data import csv_text, open_document, open_rows
from integration.report.services import draft_of
from tests.factories.activities import make_activity, make_session
from tests.factories.figures import at, close, computed, make_action, make_attendance, make_line, make_programme
from tests.giving_away import LEAST, Place, Seen, Sort, given_away
from tests.sampling import EVERYTHING, sample

YEAR = 2025
CAFE, TRAINING = SessionKind.CAFE, SessionKind.TRAINING


@dataclass(frozen=True)
class Came:
    """People at one session: which actions it serves, households with a card as (number, adults, children), others."""

    actions: tuple[int, ...]
    cards: tuple[tuple[int, int, int], ...] = ()
    others: tuple[int, int] = (0, 0)
    kind: str = "cafe"
    sensitive: bool = False


def crowd(action: int, people: int, **over: Any) -> Came:
    """So many people without a card."""
    return replace(Came((action,), others=(people, 0)), **over)


def quiet(action: int, people: int, **over: Any) -> Came:
    """A sensitive session."""
    return crowd(action, people, sensitive=True, **over)


FAMILIES = tuple((number, 1, 1) for number in range(10))
WORST: dict[str, tuple[list[Came], list[Came]]] = {
    "the only sensitive session is the total less the others": ([crowd(0, 20), crowd(1, 30), quiet(2, 3)], []),
    "it is the action's figure less the sessions listed": ([crowd(0, 20), quiet(0, 3), crowd(1, 9)], []),
    "it is one kind of two": ([quiet(0, 7), quiet(0, 3, kind="training")], []),
    "nobody came to it and three to another": ([crowd(0, 3), quiet(0, 0), crowd(1, 9)], []),
    "two hidden make the total": ([quiet(0, 1), quiet(1, 1), crowd(2, 9)], []),
    "it serves two actions": ([quiet(0, 3), replace(quiet(1, 8), actions=(0, 1)), crowd(2, 9)], []),
    "three people are the programme's less the other action's": (
        [Came((0,), FAMILIES[:5]), Came((1,), ((7, 2, 1),), (9, 0)), crowd(1, 30)],
        [],
    ),
    "few visits are fewer people": ([Came((0,), ((1, 1, 1),)), Came((1,), FAMILIES)], []),
    "children are the whole less one kind": (
        [Came((0,), (), (20, 9)), Came((0,), (), (9, 2), kind="training"), Came((1,), (), (9, 3))],
        [],
    ),
    "the programme grew by three and the others did not": (
        [Came((0,), FAMILIES[:6]), Came((1,), FAMILIES[3:9]), Came((2,), ((10, 1, 0),), (9, 0))],
        [Came((2,), ((11, 1, 0), (12, 1, 0), (13, 1, 0)))],
    ),
    "the hidden one of the first edition is shown in the second": (
        [crowd(0, 20), quiet(1, 2), crowd(2, 9)],
        [quiet(1, 9), crowd(2, 1)],
    ),
}


@dataclass
class City:
    """A programme of three actions, all of whose sessions are over."""

    programme: Programme
    actions: list[int]
    sessions: list[tuple[Sort, Session]]
    activities: dict[tuple[int, ...], Any]

    def place(self, number: int, kind: str = "") -> Place:
        """An action's by its place in the list; -1: the whole programme's."""
        return Place(self.actions[number] if number >= 0 else 0, kind)


def make_city(db_session: DbSession) -> City:
    """Per action a line with V, U and the sessions held; the first has a line of one kind besides, the last of all."""
    programme = make_programme(db_session, first_year=YEAR, last_year=YEAR)
    actions = [make_action(db_session, programme, first_year=YEAR, last_year=YEAR) for _ in range(3)]
    years = {"first_year": YEAR, "last_year": YEAR}
    for number, action in enumerate(actions):
        measures = (Measure.VISITS, Measure.UNIQUE, Measure.HELD)
        make_line(
            db_session,
            action,
            *(computed(each, slug=f"p{programme.id}-{each.value}-{number}", **years) for each in measures),
            slug=f"p{programme.id}-line-{number}",
        )
    for name, over in (("training", {"kinds": ["training"]}), ("whole", {"whole_programme": True})):
        make_line(
            db_session,
            actions[0],
            computed(Measure.VISITS, slug=f"p{programme.id}-visits-{name}", **years, **over),
            slug=f"p{programme.id}-line-{name}",
        )
    return City(programme, [each.id for each in actions], [], {})


def grow(db_session: DbSession, city: City, came: list[Came]) -> None:
    """Hold these sessions, one every other day, and fold them."""
    for each in came:
        served = tuple(sorted(city.actions[number] for number in each.actions))
        if served not in city.activities:
            city.activities[served] = make_activity(db_session)
            for action in served:
                db_session.add(
                    ActivityAction(activity_id=city.activities[served].id, action_id=action, starts_on=FIRST)
                )
        starts_at = at(YEAR, 1 + len(city.sessions) % 12, 3)
        kind = SessionKind(each.kind)
        session = make_session(
            db_session, activity=city.activities[served], starts_at=starts_at, kind=kind, sensitive=each.sensitive
        )
        cards = () if each.sensitive else each.cards
        for number, adults, children in cards:
            make_attendance(db_session, session, f"{city.programme.id} household {number}", adults, children)
        if sum(each.others):
            make_attendance(db_session, session, None, *each.others)
        close(db_session, session)
        city.sessions.append((Sort(frozenset(served), each.kind, each.sensitive), session))
    fold_due(db_session, utc_now())
    db_session.commit()


FIRST = date(2020, 1, 1)


def look(app: Flask, client: FlaskClient, db_session: DbSession, city: City) -> Seen:
    """Read every surface; an edition is published and read as well."""
    seen = Seen(tuple(sorted({sort for sort, _session in city.sessions}, key=str)))
    slug = city.programme.slug
    page = client.get(f"/en/programmes/{slug}").get_data(as_text=True)
    for row in rows(page):
        if len(row) == 4 and row[0] == str(YEAR):
            for name, text in zip(("held", "visits", "persons"), row[1:], strict=True):
                seen.add(name, city.place(-1), text)
    lines = {f"line-{number}": city.place(number) for number in range(3)}
    lines |= {"line-training": city.place(0, "training"), "line-whole": city.place(-1)}
    for line, place in lines.items():
        address = f"/en/programmes/{slug}/indicators/p{city.programme.id}-{line}?year={YEAR}"
        read_line(client.get(address).get_data(as_text=True), seen, place, city)
    read_data(client.get(f"/api/v1/programmes/{slug}/indicators.json").get_json(), seen, city)
    read_edition(app, db_session, seen, city)
    return seen


def rows(page: str) -> Iterator[list[str]]:
    """The rows of all tables of a page."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for row in tree.iter("tr"):
        yield [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("td", "th")]


def read_line(page: str, seen: Seen, place: Place, city: City) -> None:
    """The table of a line, its mix of sources, and its list of sessions."""
    for row in rows(page):
        if len(row) == 10 and row[0] == str(YEAR):
            for name, text in zip(("visits", "persons", "tied", "children"), row[3:7], strict=True):
                seen.add(name, place, text)
    mix = re.search(rf'id="sources".*?aria-label="{YEAR}: ([^"]*)"', page, re.DOTALL)
    if mix:
        scanned = re.search(r"scanned\D*(\d+)", mix[1], re.IGNORECASE)
        seen.add("scanned", place, scanned[1] if scanned else "0")
    if place == city.place(-1):
        listed = dict(re.findall(r"/sessions/([A-Za-z0-9]+)\".*?<td class=\"num\">(\d+)</td>", page))
        for sort, session in city.sessions:
            if not sort.sensitive:
                seen.ordinary[sort] = seen.ordinary.get(sort, 0) + int(listed[session.key])


def read_data(document: Any, seen: Seen, city: City) -> None:
    """Open data, by the indicators' names."""
    for each in document["indicators"]:
        _programme, measure, where = each["indicator"].split("-")
        place = {"training": city.place(0, "training"), "whole": city.place(-1)}.get(where)
        place = place or city.place(int(where))
        name = {"visits": "visits", "unique": "persons", "held": "held"}[measure]
        year = each["years"][0]
        texts = {"suppressed": "<5", "withheld": "not shown", "not_reported": "not rep."}
        least = f"{LEAST}{year['at_least']}" if year["at_least"] is not None else ""
        seen.add(name, place, least or texts.get(year["standing"], str(year["value"])))


def read_edition(app: Flask, db_session: DbSession, seen: Seen, city: City) -> None:
    """An edition is kept as publishing keeps it (without its PDFs); what it prints is what the pages do."""
    outline = programme_outline(db_session, city.programme.id)
    assert outline is not None
    now = utc_now()
    draft = draft_of(
        db_session, outline, ReportKind.ANNUAL, YEAR, now, len(db_session.scalars(sa.select(Edition)).all())
    )
    with app.app_context():
        page = report_html(draft, "en").decode()
    read_data(open_document(draft.programme, draft.figures), seen, city)
    for entry in csv.DictReader(io.StringIO(csv_text(open_rows(draft.programme, draft.figures)), newline="")):
        assert entry["value"] == ("<5" if entry["standing"] == "suppressed" else entry["value"])
    for row in rows(page):
        if len(row) == 4 and row[0] == str(YEAR):
            for name, text in zip(("held", "visits", "persons"), row[1:], strict=True):
                seen.add(name, city.place(-1), text)
    db_session.add(
        Edition(
            programme_id=outline.id,
            kind=ReportKind.ANNUAL,
            year=YEAR,
            number=draft.number,
            languages=[],
            data_until_at=now,
            published_at=now,
            sha256="",
            persons=draft.figures.persons_printed(outline.years),
        )
    )
    db_session.commit()


@pytest.mark.parametrize("name", sample(WORST, 3))
def test_no_small_figure_is_given_away(app: Flask, client: FlaskClient, db_session: DbSession, name: str) -> None:
    seen = editions(app, client, db_session, *WORST[name])
    assert given_away(seen) == []
    if not WORST[name][1]:
        assert given_away(seen, unchanged=True) == []


def editions(app: Flask, client: FlaskClient, db_session: DbSession, first: list[Came], then: list[Came]) -> list[Seen]:
    """All that is printed before and after the later sessions."""
    city = make_city(db_session)
    seen = []
    for came in (first, then):
        grow(db_session, city, came)
        seen.append(look(app, client, db_session, city))
    return seen


@pytest.mark.parametrize("name", sample(list(WORST)[:3] + list(WORST)[5:6], 2))
def test_the_outsider_finds_what_is_not_hidden(
    app: Flask, client: FlaskClient, db_session: DbSession, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without hiding what stands around a small figure the same eyes and the same solver find it."""
    monkeypatch.setattr(figure_queries, "hidden_years", lambda *_args, **_more: {})
    assert given_away(editions(app, client, db_session, *WORST[name]))


def test_the_outsider_compares_editions(
    app: Flask, client: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each edition keeps its secret by itself; that the second knows of the first keeps it in both."""
    monkeypatch.setattr("integration.report.queries.told_persons", lambda *_args: {})
    for module in ("services.publishing", "routes.meter_line", "routes.open_data", "routes.dashboard"):
        monkeypatch.setattr(f"integration.report.{module}.told_persons", lambda *_args: {})
    assert given_away(editions(app, client, db_session, *WORST["the programme grew by three and the others did not"]))


came = st.builds(
    Came,
    actions=st.sampled_from([(0,), (1,), (2,), (0, 1), (0, 1, 2)]),
    cards=st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 2), st.integers(0, 2)), max_size=3, unique_by=lambda card: card[0]
    ).map(tuple),
    others=st.tuples(st.integers(0, 6), st.integers(0, 3)),
    kind=st.sampled_from(["cafe", "training"]),
    sensitive=st.sampled_from([False, False, True]),
)


def test_what_may_not_be_told_whole_is_told_of_the_ordinary_sessions(
    app: Flask, client: FlaskClient, db_session: DbSession
) -> None:
    """The headline stays useful, and a chart says what the table does; sensitive sessions alone tell nothing more."""
    came = [crowd(0, 20), crowd(0, 5), quiet(0, 3), crowd(1, 30), quiet(2, 3)]
    city = make_city(db_session)
    grow(db_session, city, came)
    seen = look(app, client, db_session, city)
    whole, first = city.place(-1), city.place(0)
    assert (seen.cells["visits", whole], seen.cells["held", whole]) == ("at least 55", "at least 3")
    assert (seen.cells["visits", first], seen.cells["held", first]) == ("at least 25", "at least 2")
    assert seen.cells["visits", city.place(1)] == "30", "where nothing is sensitive the figure stands"
    assert (seen.cells["visits", city.place(2)], seen.cells["persons", first]) == ("<5", "nothing")
    page = client.get(f"/en/programmes/{city.programme.slug}").get_data(as_text=True)
    assert f'aria-label="{YEAR}: at least 25"' in page
    assert "sensitive sessions are not in it" in page
    csv_page = client.get(f"/api/v1/programmes/{city.programme.slug}/indicators.csv").get_data(as_text=True)
    told = [
        (each["value"], each["at_least"]) for each in csv.DictReader(io.StringIO(csv_page.lstrip("\ufeff"), newline=""))
    ]
    assert ("", "25") in told and ("<5", "") in told


@settings(
    max_examples=40 if EVERYTHING else 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=st.lists(came, min_size=2, max_size=6), then=st.lists(came, max_size=2))
def test_no_history_gives_a_small_figure_away(
    app: Flask, client: FlaskClient, db_session: DbSession, first: list[Came], then: list[Came]
) -> None:
    assert given_away(editions(app, client, db_session, first, then)) == []
