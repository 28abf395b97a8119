"""Rule 10 as an outsider would try it: pages, open data and the files of two editions together never give a small
figure away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.indicators.queries import figures as figure_queries
from integration.kernel.database import DbSession
from integration.report.open_data import field_text
from integration.web.pdf import make_pdf
from tests.factories.small_city import YEAR, Came, crowd, grow, make_city, quiet
from tests.giving_away import Between, Seen, given_away
from tests.outsider import look, read_edition
from tests.sampling import EVERYTHING, sample

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
    "it is what one kind of two has left": ([crowd(1, 30), quiet(0, 3)], [quiet(0, 7, kind="training")]),
    "it is what two actions do not have in common": (
        [crowd(1, 30), quiet(0, 3)],
        [replace(quiet(0, 8), actions=(0, 1, 2))],
    ),
    "people are no more than the ordinary visits": ([Came((0,), ((1, 2, 1),)), quiet(0, 9), crowd(1, 9)], []),
    "the hidden one of the first edition is shown in the second": (
        [crowd(0, 20), quiet(1, 2), crowd(2, 9)],
        [quiet(1, 9), crowd(2, 1)],
    ),
}


@pytest.mark.parametrize("name", sample(WORST, 3))
def test_no_small_figure_is_given_away(app: Flask, client: FlaskClient, db_session: DbSession, name: str) -> None:
    seen = editions(app, client, db_session, *WORST[name])
    assert given_away(seen) == []
    if not WORST[name][1]:
        assert given_away(seen, Between.NOTHING) == []


def editions(app: Flask, client: FlaskClient, db_session: DbSession, first: list[Came], then: list[Came]) -> list[Seen]:
    """All that is printed before and after the later sessions."""
    city = make_city(db_session)
    seen = []
    for came in (first, then):
        grow(db_session, city, came)
        seen.append(look(app, client, db_session, city))
    return seen


ALL_SENSITIVE_SOMEWHERE = (
    "the only sensitive session is the total less the others",
    "it is one kind of two",
    "it serves two actions",
    "it is what one kind of two has left",
)
"""Histories in which a "<5" is printed even when nothing around it is hidden."""


@pytest.mark.parametrize("name", sample(ALL_SENSITIVE_SOMEWHERE, 3))
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
    for module in ("services.publishing", "routes.meter_line", "routes.open_data", "routes.keeping"):
        monkeypatch.setattr(f"integration.report.{module}.told_persons", lambda *_args: {})
    assert given_away(editions(app, client, db_session, *WORST["the programme grew by three and the others did not"]))


def paper_says(text: str, instead: str) -> Callable[..., bytes]:
    """A PDF that prints something else than it was given."""

    def said(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: said(each) for name, each in value.items()}
        if isinstance(value, list):
            return [said(each) for each in value]
        return value.replace(text, instead) if value in (text, f"{YEAR}: {text}") else value

    return lambda template, content, code: make_pdf(template, said(content), code)


def cell_says(standing: str, number: int) -> Callable[..., Any]:
    """A workbook with a number where there is none."""

    def text(row: dict[str, Any], name: str, *, raw: bool = False) -> Any:
        leaks = raw and name == "value" and row["standing"] == standing
        return number if leaks else field_text(row, name, raw=raw)

    return text


LEAKS: dict[str, tuple[str, Callable[..., Any], str]] = {
    "the PDF's table has the number": ("make_pdf", paper_says("<5", "3"), "<5 here, 3 there"),
    "the PDF's table has what is withheld": ("make_pdf", paper_says("at least 20", "23"), "at least 20 here, 23 there"),
    "the PDF's chart says it in words": ("make_pdf", paper_says("fewer than 5", "3"), "<5 here, 3 there"),
    "the workbook has the number": ("field_text", cell_says("suppressed", 3), "<5 here, 3 there"),
    "the workbook has what is withheld": ("field_text", cell_says("withheld", 23), "at least 20 here, 23 there"),
}


def test_the_outsider_opens_the_files_of_an_edition(
    app: Flask, client: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that the pages hide and one file prints is seen, wherever in the file it stands."""
    city = make_city(db_session)
    grow(db_session, city, [crowd(0, 20), quiet(0, 3), crowd(1, 30), quiet(2, 3)])
    read = look(app, client, db_session, city)
    for name, instead, seen in LEAKS.values():
        with monkeypatch.context() as leaking:
            leaking.setattr(f"integration.report.editions.files.{name}", instead)
            with pytest.raises(AssertionError, match=seen):
                read_edition(app, db_session, read, city)


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
