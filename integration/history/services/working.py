"""The worker's job: goes through the spreadsheets that wait for it, one after the other."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime

from integration.history.errors import FileRefused
from integration.history.models import Progress
from integration.history.services.checking import check_file
from integration.history.services.claiming import MOST_ATTEMPTS, Claim, TakenOver, at_work, claim_next, finish
from integration.history.services.undoing import undo_rows
from integration.history.services.writing import write_rows
from integration.kernel.clock import Watch

STEPS: dict[Progress, Callable[[Claim, Watch], None]] = {
    Progress.READING: check_file,
    Progress.WRITING: write_rows,
    Progress.UNDOING: undo_rows,
}


def work_on_imports(now: datetime) -> None:
    """Read, import or undo whatever waits; in short transactions of its own, so that doors never wait for it."""
    watch = Watch(now)
    while (claim := claim_next(watch.read())) is not None:
        _take(claim, watch)


def _take(claim: Claim, watch: Watch) -> None:
    if claim.attempts > MOST_ATTEMPTS:
        _give_up(claim, watch)
        return
    try:
        with warnings.catch_warnings():
            # What the reading library finds odd in somebody's workbook is nothing that we could mend.
            warnings.simplefilter("ignore")
            STEPS[claim.progress](claim, watch)
    except TakenOver:
        return
    except FileRefused as refusal:
        with at_work(claim, watch) as db_session:
            problem = {"reason": refusal.reason, **refusal.facts}
            finish(db_session, claim.import_id, Progress.REFUSED, problem=problem, content=None)


def _give_up(claim: Claim, watch: Watch) -> None:
    """Something of ours is broken; whoever waits for it must not wait for ever. What was written can be undone."""
    problem = {"reason": "failed"}
    ends = Progress.REFUSED if claim.progress is Progress.READING else Progress.DONE
    with at_work(claim, watch) as db_session:
        finish(db_session, claim.import_id, ends, problem=problem, content=None)
