"""Who may come, and which names can be read."""

from __future__ import annotations

import pytest

from integration.registration.rules import People, forbidden_characters, has_something_to_read, without_forbidden


@pytest.mark.parametrize("people", [People(1, 0), People(0, 1), People(12, 0), People(6, 6), People.by_age(1, 1, 2, 3)])
def test_one_to_twelve_people_may_come(people: People) -> None:
    assert people.is_possible


@pytest.mark.parametrize(
    "people",
    [
        People(0, 0),
        People(13, 0),
        People(7, 6),
        People(-1, 3),
        People(3, -1),
        People(1, 2, 1),
        People.by_age(1, 9, 9, 9),
    ],
)
def test_nobody_too_many_or_fewer_than_none_may_not(people: People) -> None:
    assert not people.is_possible


def test_age_groups_are_the_children() -> None:
    assert People.by_age(2, 1, 0, 1) == People(2, 2, 1, 0, 1)
    assert People.by_age(2, 1, 0, 1).total == 4


@pytest.mark.parametrize(
    "name", ["Amina", "Åsa-Maija", "نور", "نیم‌فاصله", "Зоя", "O'Brien", "<script>", "{{7*7}}", "🌞"]
)
def test_every_name_that_can_be_read_may_be_used(name: str) -> None:
    assert not forbidden_characters(name)
    assert has_something_to_read(name)


@pytest.mark.parametrize("name", ["A\x00b", "A\u202eb", "A\u2066b", "A\nb", "A\tb", "A\x1bb", "A\x7fb", "A\u2028b"])
def test_characters_that_hide_or_turn_are_found_and_taken_out(name: str) -> None:
    assert forbidden_characters(name)
    assert without_forbidden(name) == "Ab"


def test_lines_are_allowed_where_there_are_lines() -> None:
    assert not forbidden_characters("one\ntwo", lines=True)
    assert forbidden_characters("one\x00two", lines=True)


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u200d\u200d", "\u0301"])
def test_a_name_without_a_mark_is_none(name: str) -> None:
    assert not has_something_to_read(name)
