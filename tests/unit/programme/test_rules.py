"""What fits together in a programme, without a database."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from integration.programme.models import Measure, TargetPeriod
from integration.programme.rules import (
    AGGREGATIONS,
    UNITS,
    Verdict,
    differences,
    digest,
    in_force,
    target_periods,
    verdict,
)


@dataclass(frozen=True)
class Goalpost:
    """A target as far as ``in_force`` looks at it."""

    year: int | None


def test_the_year_s_own_target_goes_before_the_one_for_every_year() -> None:
    always, special = Goalpost(None), Goalpost(2024)
    assert in_force([always, special], 2024) is special
    assert in_force([special, always], 2025) is always
    assert in_force([special], 2025) is None


@pytest.mark.parametrize("measure", Measure)
def test_every_measure_has_a_unit_and_that_an_aggregation(measure: Measure) -> None:
    assert all(AGGREGATIONS[unit] for unit in UNITS[measure])


def test_only_weeks_and_months_have_targets_of_their_own_period() -> None:
    assert TargetPeriod.WEEK in target_periods(Measure.WEEKS)
    assert TargetPeriod.MONTH in target_periods(Measure.MONTHS)
    assert target_periods(Measure.HELD) == target_periods(None) == (TargetPeriod.YEAR, TargetPeriod.ONCE)


@pytest.mark.parametrize(
    ("wanted", "present", "loaded", "outcome"),
    [
        ("a", None, None, Verdict.ADD),
        ("a", "a", "a", Verdict.KEEP),
        ("b", "a", "a", Verdict.CHANGE),
        ("a", "c", "a", Verdict.EDITED),
        ("b", "c", "a", Verdict.EDITED),
        ("c", "c", "a", Verdict.KEEP),
        ("a", "c", None, Verdict.EDITED),
    ],
)
def test_what_loading_means_for_a_row(wanted: str, present: str | None, loaded: str | None, outcome: Verdict) -> None:
    assert verdict(wanted, present, loaded) is outcome


def test_a_digest_minds_content_but_not_the_order_of_small_rows() -> None:
    assert digest({"a": 1}, [{"b": 1}, {"b": 2}]) == digest({"a": 1}, [{"b": 2}, {"b": 1}])
    assert digest({"a": 1}, []) != digest({"a": 2}, [])
    assert digest({"a": 1}, [{"b": 1}]) != digest({"a": 1}, [])


def test_differences_name_the_languages_of_a_text() -> None:
    wanted = {"title": {"sv": "a", "fi": "b"}, "unit": "visits", "reading": None}
    present = {"title": {"sv": "a", "fi": "c", "so": "d"}, "unit": "sessions", "reading": None}
    assert differences(wanted, present) == ["title (fi, so)", "unit"]
