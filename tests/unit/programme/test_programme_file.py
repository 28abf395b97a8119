"""Wrong programme files: everything that is wrong is told with its line and what to do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.programme.errors import WrongProgrammeFile
from integration.programme.models import TargetForm, TargetPeriod
from integration.programme.programme_file import read_programme
from integration.programme.programme_file.entries import TargetEntry

SMALL = """\
schema: 1
slug: test-2024-2025
title: {sv: Program, fi: Ohjelma, en: Programme}
legal_basis: {sv: Lag, fi: Laki, en: Act}
years: [2024, 2025]
organisations:
  - slug: city
    kind: city_unit
    name: {sv: Staden, fi: Kaupunki, en: The city}
domains:
  - slug: work
    mark: work
    title: {sv: Arbete, fi: Työ, en: Work}
    goals:
      - slug: jobs
        title: {sv: Jobb, fi: Töitä, en: Jobs}
        actions:
          - slug: fair
            number: 1
            title: {sv: Mässa, fi: Messut, en: Fair}
            years: [2024, 2025]
            framework: [employment]
            responsible: [city]
            lines:
              - slug: fair
                label: "1"
                text: {sv: Mässor, fi: Messut, en: Fairs}
                indicators:
                  - slug: fair
                    kind: computed
                    measure: held
                    title: {sv: Hållna, fi: Pidetyt, en: Held}
                    target: {form: range, per: year, lower: 4, upper: 5}
                  - slug: fair-begun
                    kind: milestone
                    title: {sv: Börjat, fi: Alkanut, en: Begun}
                    due: 2024
"""
"""A right file that the wrong ones are made from, one replacement at a time."""


def errors(content: str | bytes) -> list[str]:
    """What is wrong with a file, as people read it."""
    with pytest.raises(WrongProgrammeFile) as refusal:
        read_programme(content.encode() if isinstance(content, str) else content)
    return [str(error) for error in refusal.value.errors]


def test_the_small_file_is_right() -> None:
    document = read_programme(SMALL.encode())
    fair, begun = document.domains[0].goals[0].actions[0].lines[0].indicators
    assert (begun.first_year, begun.last_year) == (2024, 2025)
    assert begun.targets == (TargetEntry(2024, TargetForm.EXACT, TargetPeriod.ONCE, 1, None, None),)
    assert fair.unit == "sessions"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert read_programme(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()).slug == "test-2024-2025"


ACTION = "domains.work.goals.jobs.actions.fair"
LINE = f"{ACTION}.lines.fair"
WRONG: dict[str, tuple[str, str, str]] = {
    "a missing language": ("fi: Messut, en: Fair}", "en: Fair}", "line 20: ACTION.title: add fi"),
    "an empty text": (
        "fi: Messut, en: Fair}",
        'fi: " ", en: Fair}',
        "line 20: ACTION.title.fi: write the text: it is empty",
    ),
    "a language that is none": (
        "en: Fair}",
        "en: Fair, english: Fair}",
        "line 20: ACTION.title.english: write a language code such as sv, fi or en",
    ),
    "a misspelt key": ("framework:", "framwork:", "line 22: ACTION.framwork: write framework"),
    "a misspelt value": ("measure: held", "measure: heldd", "line 31: LINE.indicators.fair.measure: write held"),
    "a key that belongs nowhere": (
        "label:",
        "colour: red\n                label:",
        "line 26: LINE.colour: remove it: nothing of that name belongs here. These do: slug, label, text, indicators",
    ),
    "a key given twice": (
        "mark: work",
        "mark: work\n    mark: housing",
        "line 13: domains.work.mark: keep one of the two: it stands on line 12 already",
    ),
    "a number for a text": ('label: "1"', "label: 1", "line 26: LINE.label: write a text"),
    "a text for a list": ("responsible: [city]", "responsible: city", "line 23: ACTION.responsible: write a list"),
    "a slug with capitals": (
        "slug: jobs",
        "slug: Jobs",
        "line 15: domains.work.goals.Jobs.slug: write a slug of a-z, digits and single hyphens, such as culture-cafe",
    ),
    "an unknown organisation": (
        "[city]",
        "[county]",
        "line 23: ACTION.responsible.1: add county to the organisations at the top, or write one that is there",
    ),
    "dates the wrong way": (
        "[city]",
        "[{organisation: city, from: 2025-01-01, until: 2024-12-31}]",
        "line 23: ACTION.responsible.1: write a from that is not after until",
    ),
    "a date that is none": (
        "[city]",
        "[{organisation: city, from: 2024-02-30}]",
        "line 23: ACTION.responsible.1.from: write a date that exists, as 2023-12-31, instead of 2024-02-30",
    ),
    "years outside the programme": (
        "            years: [2024, 2025]",
        "            years: [2024, 2026]",
        "line 21: ACTION.years: write years from 2024 to 2025: the programme has no others",
    ),
    "years the wrong way": (
        "            years: [2024, 2025]",
        "            years: [2025, 2024]",
        "line 21: ACTION.years: write the first year before the last",
    ),
    "a computed indicator without measure": (
        "                    measure: held\n",
        "",
        "line 29: LINE.indicators.fair: add measure",
    ),
    "a measure where none belongs": (
        "kind: milestone",
        "kind: milestone\n                    measure: held",
        "line 36: LINE.indicators.fair-begun.measure: remove it: only computed indicators have a measure",
    ),
    "a range without end": (", upper: 5", "", "line 33: LINE.indicators.fair.target: add upper"),
    "a range upside down": (
        "upper: 5",
        "upper: 3",
        "line 33: LINE.indicators.fair.target.upper: write 4 or more: upper may not be below lower",
    ),
    "an end where none belongs": (
        "form: range",
        "form: exact",
        "line 33: LINE.indicators.fair.target.upper: remove it, or write form: range",
    ),
    "a period that the measure does not have": (
        "per: year",
        "per: week",
        "line 33: LINE.indicators.fair.target.per: write year or once: the measure fits no other period",
    ),
    "a unit that the measure does not have": (
        "measure: held",
        "measure: held\n                    unit: visits",
        "line 32: LINE.indicators.fair.unit: write sessions: held is counted in that",
    ),
    "persons summed": (
        "measure: held",
        "measure: unique\n                    aggregation: sum",
        "line 32: LINE.indicators.fair.aggregation: write distinct or none: persons cannot be put together otherwise",
    ),
    "a target in another year": (
        "upper: 5}",
        "upper: 5, years: {2026: {lower: 1, upper: 2}}}",
        "line 33: LINE.indicators.fair.target.years.2026: write a year from 2024 to 2025, those of the indicator",
    ),
    "planned sessions": (
        "upper: 5}",
        "upper: 5, planned: {2024: 4}}",
        "line 33: LINE.indicators.fair.target.planned: remove it: only targets per week or month are planned",
    ),
    "a milestone due outside": (
        "due: 2024",
        "due: 2030",
        "line 37: LINE.indicators.fair-begun.due: write a year from 2024 to 2025",
    ),
    "a yearly milestone with a date": (
        "due: 2024",
        "due: 2024\n                    yearly: true",
        "line 37: LINE.indicators.fair-begun.due: remove due or yearly: a state of every year has no date",
    ),
    "a slug used twice": (
        "slug: fair-begun",
        "slug: fair",
        "line 34: LINE.indicators.fair.slug: write another slug: fair is used already among the indicators",
    ),
    "a label of another action": (
        'label: "1"',
        'label: "2"',
        "line 26: LINE.label: begin the label with the action's number, 1",
    ),
    "a main indicator of another name": (
        "- slug: fair\n                    kind",
        "- slug: fairs\n                    kind",
        "line 29: LINE.indicators.fairs.slug: give the first indicator the slug of its line, fair",
    ),
    "a version to come": ("schema: 1", "schema: 2", "line 1: schema: write 1"),
    "a tag": (
        "slug: jobs",
        "slug: !!python/name:os.system jobs",
        "line 15: domains.work.goals.jobs.slug: remove the tag tag:yaml.org,2002:python/name:os.system",
    ),
    "a reference": (
        "fi: Messut, en: Fair}",
        "fi: &a Messut, en: *a}",
        "line 20: references with * are not used here: write the content out",
    ),
    "a control character": ("Mässa", "M\x00ssa", "line 20: remove the invisible control character"),
    "a bracket left open": ("[employment]", "[employment", "line 23: this cannot be read as YAML"),
}
"""What is wrong: a part of the small file, what stands there instead, and the sentence (LINE, ACTION: see above)."""


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_line(name: str) -> None:
    right, wrong, short = WRONG[name]
    sentence = short.replace("LINE.", f"{LINE}.").replace("ACTION.", f"{ACTION}.")
    assert right in SMALL
    assert any(error.startswith(sentence) for error in errors(SMALL.replace(right, wrong, 1)))


def test_all_errors_are_told_at_once_in_the_order_of_lines() -> None:
    content = SMALL.replace("mark: work", "mark: moon").replace("[city]", "[county]").replace("due: 2024", "due: 1066")
    found = errors(content)
    numbers = [int(re.match(r"line (\d+):", error).group(1)) for error in found]  # type: ignore[union-attr]
    assert numbers == sorted(numbers)
    assert {12, 23, 37} <= set(numbers)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "line 1: the file is empty: write a programme"),
        (b"# nothing\n", "line 1: the file is empty: write a programme"),
        (b"- a\n- b\n", "line 1: write a mapping (key: value)"),
        (b"slug: a\ntitle: \xe5\n", "line 2: save the file as UTF-8: a letter cannot be read"),
        (b"a: 1\n---\nb: 2\n", "line 2: this cannot be read as YAML"),
        (b"[" * 5000, "line 1: "),
        (b"[" * 900 + b"]" * 900, "line 1: the content is nested too deeply"),
        (b"{[a]: 1}", "line 1: write a word before the colon"),
    ],
)
def test_what_is_no_programme_at_all(content: bytes, sentence: str) -> None:
    assert any(error.startswith(sentence) for error in errors(content))


@given(st.binary(max_size=200))
def test_no_file_is_answered_with_anything_but_errors(content: bytes) -> None:
    with pytest.raises(WrongProgrammeFile):
        read_programme(content)


@given(st.data())
def test_a_part_of_any_shape_is_answered_with_errors(data: st.DataObject) -> None:
    """Cutting a line of the right file to anything else is told, never a crash."""
    rows = SMALL.splitlines()
    place = data.draw(st.integers(0, len(rows) - 1))
    instead = data.draw(
        st.sampled_from(["", "null", "- 1", "x: [1, {y: 2}]", "[]", "{}", "true", "99999999999", "years: x"])
    )
    rows[place] = rows[place][: len(rows[place]) - len(rows[place].lstrip())] + instead
    try:
        read_programme("\n".join(rows).encode())
    except WrongProgrammeFile as refusal:
        assert refusal.errors
