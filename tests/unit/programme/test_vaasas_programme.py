"""Vaasa's programme 2023-2026 as it ships: its parts, its targets, and how its meters are read."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from integration.programme.models import Aggregation, IndicatorKind, Measure, TargetForm, TargetPeriod
from integration.programme.programme_file import ProgrammeEntry, read_programme
from integration.programme.programme_file.entries import ActionEntry, IndicatorEntry, LineEntry, TargetEntry

VAASA = Path(__file__).resolve().parents[3] / "programmes" / "vaasa-2023-2026.yaml"


@pytest.fixture(scope="module")
def vaasa() -> ProgrammeEntry:
    """The programme that ships with the product."""
    return read_programme(VAASA.read_bytes())


def actions(document: ProgrammeEntry) -> list[ActionEntry]:
    """Every action of a programme."""
    return [action for domain in document.domains for goal in domain.goals for action in goal.actions]


def lines(document: ProgrammeEntry) -> list[LineEntry]:
    """Every meter line of a programme."""
    return [line for action in actions(document) for line in action.lines]


def indicators(document: ProgrammeEntry) -> dict[str, IndicatorEntry]:
    """Every indicator of a programme by its slug."""
    return {indicator.slug: indicator for line in lines(document) for indicator in line.indicators}


def test_vaasas_programme_has_its_sections_goals_actions_and_lines(vaasa: ProgrammeEntry) -> None:
    goals = [goal for domain in vaasa.domains for goal in domain.goals]
    assert (len(vaasa.domains), len(goals), len(actions(vaasa)), len(lines(vaasa))) == (8, 26, 60, 63)
    assert [action.number for action in actions(vaasa)] == [str(number) for number in range(1, 61)]
    split = [line.label for line in lines(vaasa) if not line.label.isdecimal()]
    assert split == ["22a", "22b", "30a", "30b", "37a", "37b"]
    assert [domain.mark for domain in vaasa.domains][-1] == "follow"


def test_vaasas_eight_numeric_targets(vaasa: ProgrammeEntry) -> None:
    numeric = {
        indicator.slug: (indicator.measure, *bounds(indicator.targets[0]))
        for indicator in indicators(vaasa).values()
        if indicator.targets and indicator.kind is IndicatorKind.COMPUTED
    }
    assert numeric == {
        "mini-recruitment-fairs": ("held", "range", "year", 4, 5),
        "study-visits": ("held", "minimum", "year", 10, None),
        "culture-friends-training": ("held", "exact", "year", 2, None),
        "dark-season-webinar": ("held", "exact", "year", 1, None),
        "culture-cafe": ("months", "exact", "month", 1, None),
        "welcome-to-vaasa": ("held", "range", "year", 2, 4),
        "participation-fair": ("held", "exact", "year", 1, None),
        "family-school": ("weeks", "minimum", "week", 1, None),
    }


def bounds(target: TargetEntry) -> tuple[TargetForm, TargetPeriod, int, int | None]:
    """What a target asks."""
    return target.form, target.period, target.lower, target.upper


def test_vaasas_sixteen_lines_are_computed_as_the_programme_measures_them(vaasa: ProgrammeEntry) -> None:
    mains = {line.label: line.indicators[0] for line in lines(vaasa)}
    fully = ["9", "22a", "28", "30a", "31", "35", "37b", "38", "39", "41", "44", "45", "46", "48", "49", "51"]
    assert all(mains[label].kind is IndicatorKind.COMPUTED for label in fully)
    assert {"culture-cafe-visits", "culture-cafe-unique", "culture-cafe-partners", "culture-cafe-held"} <= set(
        indicators(vaasa)
    )


def test_vaasas_yearly_states_have_no_numbers(vaasa: ProgrammeEntry) -> None:
    for label in ("27", "33", "53"):
        (line,) = (each for each in lines(vaasa) if each.label == label)
        assert [(each.kind, each.unit) for each in line.indicators] == [("milestone", "milestone")]
        assert line.indicators[0].targets == (TargetEntry(None, TargetForm.EXACT, TargetPeriod.YEAR, 1, None, None),)


def test_vaasas_case_numbers_have_no_traffic_light(vaasa: ProgrammeEntry) -> None:
    without = {slug for slug, each in indicators(vaasa).items() if not each.traffic_light}
    assert without == {"labour-exploitation", "labour-exploitation-cases"}


def test_vaasas_ambiguous_meters_are_read_somehow(vaasa: ProgrammeEntry) -> None:
    read = {line.label for line in lines(vaasa) if any(each.reading for each in line.indicators)}
    ambiguous = ["1", "2", "4", "9", "21", "22a", "27", "30a", "37a", "38", "39", "41", "43", "44", "45", "48", "49"]
    assert {*ambiguous, "51", "53", "55"} <= read


def test_vaasas_numbers_that_stand_for_stocks_are_never_summed(vaasa: ProgrammeEntry) -> None:
    for slug in ("right-of-occupancy", "tiitus-app", "newsletter", "city-farming-areas"):
        assert indicators(vaasa)[slug].aggregation is Aggregation.LAST
    persons = [each for each in indicators(vaasa).values() if each.measure is Measure.UNIQUE]
    assert persons and all(each.aggregation is Aggregation.DISTINCT for each in persons)


def test_vaasas_texts_differ_between_languages(vaasa: ProgrammeEntry) -> None:
    """A title is the same in Swedish and Finnish only where it is a name."""
    same = {action.slug for action in actions(vaasa) if action.title["sv"] == action.title["fi"]}
    assert same == {"welcome-to-vaasa"}


def test_no_person_is_named_in_vaasas_file() -> None:
    assert not re.search(r"@|\+358|\b0\d{2}[ -]?\d{3}", VAASA.read_text(encoding="utf-8"))


def test_every_domain_of_integration_is_served(vaasa: ProgrammeEntry) -> None:
    counted = Counter(each for action in actions(vaasa) for each in action.framework)
    assert len(counted) == 10
