"""Work that arrives at the same moment shares one run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from integration.kernel.combining import Combiner


@contextmanager
def nothing() -> Iterator[None]:
    yield None


def test_those_who_wait_are_done_by_whoever_is_next() -> None:
    runs: list[list[int]] = []
    first_is_running, go_on = threading.Event(), threading.Event()

    def run(_scope: None, jobs: list[int]) -> list[int | Exception]:
        runs.append(jobs)
        first_is_running.set()
        assert go_on.wait(10)
        return [job * 2 for job in jobs]

    combiner: Combiner[int, None, int] = Combiner(nothing, run, most=100)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(combiner.do, 0)
        assert first_is_running.wait(10)
        others = [threads.submit(combiner.do, number) for number in range(1, 9)]
        while len(combiner._waiting) < 8:
            pass
        go_on.set()
        assert [each.result() for each in [first, *others]] == [number * 2 for number in range(9)]
    assert [len(jobs) for jobs in runs] == [1, 8]


def test_an_error_belongs_to_its_job_or_to_the_whole_run() -> None:
    def run(_scope: None, jobs: list[int]) -> list[int | Exception]:
        if 13 in jobs:
            raise RuntimeError("the disk is full")
        return [job if job >= 0 else ValueError(job) for job in jobs]

    combiner: Combiner[int, None, int] = Combiner(nothing, run, most=10)
    assert combiner.do(1) == 1
    with pytest.raises(ValueError, match="-1"):
        combiner.do(-1)
    with pytest.raises(RuntimeError, match="disk"):
        combiner.do(13)
    assert combiner.do(2) == 2
