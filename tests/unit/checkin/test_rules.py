"""The door's rules without a database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from integration.checkin.models import Source
from integration.checkin.rules import NOBODY, People, Tally, counted, with_manual_total

numbers = st.integers(0, 12)
people = st.builds(People, numbers, numbers)


@given(people, st.integers(0, 3), people, people)
def test_counted_is_the_smaller_of_places_and_arrivals_and_beyond(
    places: People, whole: int, arrived: People, beyond: People
) -> None:
    arrivals = places.total if whole else arrived.total
    total = counted(Tally(places, whole, arrived, beyond)).total
    assert total == min(places.total, max(arrivals, 0)) + beyond.total


@given(people, people)
def test_without_sign_up_people_count_as_they_come(arrived: People, beyond: People) -> None:
    assert counted(Tally(None, 0, arrived, beyond)).total == arrived.total + beyond.total
    assert counted(Tally(None, 3, NOBODY, NOBODY)) == (1, 0)


@given(st.dictionaries(st.sampled_from(Source), st.integers(0, 50)), st.integers(0, 200))
def test_sources_add_up_to_a_manual_total(mix: dict[Source, int], total: int) -> None:
    corrected = with_manual_total(mix, total)
    assert sum(corrected.values()) == total
    assert all(count >= 0 for count in corrected.values())
    if total >= sum(mix.values()):
        assert corrected[Source.SCANNED] == mix.get(Source.SCANNED, 0)
