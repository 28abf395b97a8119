"""The dry run: reads every row, says what is wrong with it or what it would do, and adds up what would change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa

from integration.history.errors import FileRefused
from integration.history.models import Contents, Import, ImportRow, Progress, RowState
from integration.history.queries import counted_here, known_names
from integration.history.rules import Problem, RowRead, find_columns, read_session, read_total
from integration.history.rules.columns import guess_contents
from integration.history.services.claiming import SLICE, Claim, at_work, finish, mark
from integration.history.services.foreseeing import Tally
from integration.history.services.known import KeptRow, live_or_own, places_of, reports_in_the_way
from integration.history.sheets import Row, how_many_rows, table_in
from integration.kernel.clock import Watch
from integration.kernel.database import DbSession
from integration.programme.queries import ProgrammeOutline, programme_outline

HEADING = 40
"""Characters of a heading that are kept, to speak of a column as its file does."""
_ROWS: Any = ImportRow.__table__
READERS = {Contents.SESSIONS: read_session, Contents.TOTALS: read_total}


def check_file(claim: Claim, watch: Watch) -> None:
    """Read the file from its first row to its last, slice by slice; raises FileRefused."""
    import_id = claim.import_id
    with at_work(claim, watch) as db_session:
        content, programme = _begin(db_session, import_id)
        names = known_names(db_session, programme)
        tally = Tally(programme, places_of(db_session, programme), names, watch.read())
    with table_in(content) as table:
        rows = table.rows
        contents, places, headings = _heading(rows)
        tally.contents = contents
        tally.table = {"columns": headings, "sheet": table.sheet, "sheets": list(table.others)}
        with at_work(claim, watch) as db_session:
            mark(db_session, import_id, contents=contents)
        while slice_ := list(islice(rows, SLICE)):
            read = [READERS[contents](number, cells, places, names, tally.today) for number, cells in slice_]
            with at_work(claim, watch) as db_session:
                _check_slice(db_session, import_id, contents, read, tally)
    with at_work(claim, watch) as db_session:
        _end(db_session, import_id, tally)


def _begin(db_session: DbSession, import_id: int) -> tuple[bytes, ProgrammeOutline]:
    found = db_session.get_one(Import, import_id)
    content = found.content or b""
    programme = programme_outline(db_session, found.programme_id)
    if programme is None or not content:
        raise FileRefused("broken")
    db_session.execute(sa.delete(ImportRow).where(ImportRow.import_id == import_id))
    mark(db_session, import_id, passed=0, expected=max(how_many_rows(content) - 1, 0))
    db_session.expunge(found)
    return content, programme


def _heading(rows: Iterator[Row]) -> tuple[Contents, dict[str, int], dict[str, tuple[int, str]]]:
    """Of which kind the file is, where its columns stand, and what they are called there."""
    number, cells = next(rows, (0, []))
    texts = [each.text for each in cells]
    if not texts:
        raise FileRefused("empty")
    contents = guess_contents(texts)
    if contents is not None:
        places = find_columns(contents, texts).places
        return contents, places, {name: (place, texts[place][:HEADING]) for name, place in places.items()}
    nearest = max(Contents, key=lambda each: len(find_columns(each, texts).places))
    found = find_columns(nearest, texts)
    if not found.places:
        raise FileRefused("headings")
    raise FileRefused(
        "twice" if found.twice else "missing",
        columns=[] if found.twice else list(found.missing),
        headings=[(place, texts[place][:HEADING]) for place in found.same],
        row=number,
    )


def _check_slice(db_session: DbSession, import_id: int, contents: Contents, read: list[RowRead], tally: Tally) -> None:
    known = live_or_own(db_session, [each.subject for each in read if each.subject], import_id)
    live = {each.subject: each for each in known if each.live}
    read = _apart(read, {each.subject: each.number for each in known if each.import_id == import_id})
    if contents is Contents.SESSIONS:
        read = _not_counted_here(db_session, read)
    else:
        read = _not_in_the_way(db_session, read, live)
    made = [_row(import_id, each, live.get(each.subject or "")) for each in read]
    db_session.execute(sa.insert(_ROWS), made)
    for each, row in zip(read, made, strict=True):
        tally.add(each, row["state"], live.get(each.subject or ""))
    mark(db_session, import_id, passed=tally.passed, **tally.counts())


def _apart(rows: list[RowRead], before: dict[str, int]) -> list[RowRead]:
    """Two rows about the same are a fault: nobody can say which of them is meant. ``before``: numbers by subject."""
    apart = []
    for each in rows:
        first = before.get(each.subject) if each.subject else None
        column = "on" if "on" in each.facts and "adults" in each.facts else "indicator"
        apart.append(each.spoiled(Problem(column, "twice", {"row": first})) if first else each)
        if each.subject:
            before.setdefault(each.subject, each.number)
    return apart


def _not_counted_here(db_session: DbSession, rows: list[RowRead]) -> list[RowRead]:
    """What was planned and counted here is no history: it would count twice."""
    pairs = {(each.facts["activity"], date.fromisoformat(each.facts["on"])) for each in rows if _names_activity(each)}
    here = counted_here(db_session, pairs)
    return [
        each.spoiled(Problem("on", "counted_here", {"on": each.facts["on"]}))
        if _names_activity(each) and (each.facts["activity"], date.fromisoformat(each.facts["on"])) in here
        else each
        for each in rows
    ]


def _names_activity(each: RowRead) -> bool:
    return each.facts.get("activity") is not None


def _not_in_the_way(db_session: DbSession, rows: list[RowRead], live: dict[str, KeptRow]) -> list[RowRead]:
    """What somebody reported, or the council has accepted or locked, is not for a spreadsheet to change."""
    taken = reports_in_the_way(db_session, [each.facts for each in rows if each.subject])
    apart = []
    for each in rows:
        known = live.get(each.subject or "")
        hindrance = None
        if each.subject and (known is None or known.facts != each.facts):
            _report_id, hindrance = taken.get((each.facts["indicator"], each.facts["year"]), (0, None))
        apart.append(each.spoiled(hindrance) if hindrance else each)
    return apart


def _row(import_id: int, read: RowRead, live: KeptRow | None) -> dict[str, Any]:
    """A row as it is kept: of a wrong one only what is wrong with it."""
    if read.problems:
        state = RowState.WRONG
    elif live is None:
        state = RowState.NEW
    else:
        state = RowState.SAME if (live.facts, live.source) == (read.facts, read.source) else RowState.CHANGED
    return {
        "import_id": import_id,
        "number": read.number,
        "state": state,
        "subject": read.subject if state is not RowState.WRONG else None,
        "facts": {"problems": [each.kept() for each in read.problems]} if read.problems else read.facts,
        "source": read.source,
        "written": False,
        "live": False,
    }


def _end(db_session: DbSession, import_id: int, tally: Tally) -> None:
    """Add up what would change; the file itself is not needed any more, and may hold columns nobody asked for."""
    if not tally.passed:
        raise FileRefused("empty")
    preview = tally.preview(db_session)
    finish(db_session, import_id, Progress.CHECKED, content=None, preview=preview, **tally.counts())
