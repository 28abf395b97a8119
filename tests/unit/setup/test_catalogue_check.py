"""The check of the translations finds each way in which a reader would be left with English or with nonsense."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from tools.check_catalogues import check


@pytest.fixture
def source() -> Catalog:
    found = Catalog()
    found.add("Sign up", locations=[("templates/a.html", 3)])
    found.add("Hello %(name)s", flags=["python-format"])
    found.add(("%(num)s place left", "%(num)s places left"), flags=["python-format"])
    return found


@pytest.fixture
def finnish() -> Catalog:
    catalogue = Catalog("fi")
    catalogue.add("Sign up", "Ilmoittaudu")
    catalogue.add("Hello %(name)s", "Hei %(name)s", flags=["python-format"])
    plural = ("%(num)s place left", "%(num)s places left")
    catalogue.add(plural, ("%(num)s paikka vapaana", "%(num)s paikkaa vapaana"), flags=["python-format"])
    return catalogue


def test_a_complete_catalogue_passes(source: Catalog, finnish: Catalog) -> None:
    assert check(source, {"fi": finnish}) == []


def test_a_missing_text_is_named_with_its_place(source: Catalog, finnish: Catalog) -> None:
    finnish.delete("Sign up")
    assert check(source, {"fi": finnish}) == ["fi: missing: 'Sign up' (templates/a.html:3)"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"string": ""}, "not translated"),
        ({"flags": {"fuzzy"}}, "fuzzy"),
    ],
)
def test_a_text_that_is_not_fit_to_be_read_is_named(
    source: Catalog, finnish: Catalog, change: dict[str, object], problem: str
) -> None:
    vars(finnish["Sign up"]).update(change)
    assert check(source, {"fi": finnish}) == [f"fi: {problem}: 'Sign up' (templates/a.html:3)"]


def test_a_lost_placeholder_is_named(source: Catalog, finnish: Catalog) -> None:
    finnish["Hello %(name)s"].string = "Hei %(nimi)s"
    [problem] = check(source, {"fi": finnish})
    assert problem.startswith("fi: placeholders differ")


def test_half_a_plural_is_named(source: Catalog, finnish: Catalog) -> None:
    finnish["%(num)s place left"].string = ("%(num)s paikka vapaana", "")
    assert check(source, {"fi": finnish}) == ["fi: not translated: '%(num)s place left' ()"]


def test_a_text_that_nothing_shows_any_more_is_named(source: Catalog, finnish: Catalog) -> None:
    finnish.add("Long gone", "Mennyt")
    assert check(source, {"fi": finnish}) == ["fi: no longer used: 'Long gone'"]
