"""Taking a spreadsheet in, and what a person decides about it: to import, to leave, to undo."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa

from integration.audit.services import Audited, record
from integration.history.errors import FileRefused, NotNow
from integration.history.models import Import, ImportRow, Progress
from integration.history.sheets import LARGEST
from integration.kernel.database import DbSession
from integration.programme.models import Programme
from integration.programme.services import require_open

NAME_LENGTH = 200


def take_in(
    db_session: DbSession, programme_id: int, file_name: str, content: bytes, *, account_id: int, now: datetime
) -> Import:
    """Keep a file for the worker to read; nothing is imported by it. Raises ProgrammeClosed, FileRefused."""
    require_open(db_session.get_one(Programme, programme_id))
    if not content:
        raise FileRefused("empty")
    if len(content) > LARGEST:
        raise FileRefused("size", most=LARGEST // 1024 // 1024)
    made = Import(
        programme_id=programme_id,
        contents=None,
        progress=Progress.READING,
        file_name=_own_name(file_name),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        **dict.fromkeys(("expected", "passed", "new", "changed", "same", "wrong", "kept", "attempts"), 0),
        uploaded_at=now,
        uploaded_by=account_id,
    )
    db_session.add(made)
    db_session.flush()
    record(db_session, Audited.HISTORY_UPLOADED, "import", made.id, account_id=account_id, now=now, sha256=made.sha256)
    return made


def start_import(db_session: DbSession, each: Import, *, account_id: int, now: datetime) -> None:
    """Let the worker import the rows that were right in the dry run. Raises NotNow, ProgrammeClosed."""
    require_open(db_session.get_one(Programme, each.programme_id))
    _move(db_session, each, (Progress.CHECKED,), Progress.WRITING, decided_at=now, decided_by=account_id)
    record(
        *(db_session, Audited.HISTORY_IMPORTED, "import", each.id),
        account_id=account_id,
        now=now,
        new=each.new,
        changed=each.changed,
    )


def start_undo(db_session: DbSession, each: Import, *, account_id: int, now: datetime) -> None:
    """Let the worker take back everything that the import did. Raises NotNow, ProgrammeClosed."""
    require_open(db_session.get_one(Programme, each.programme_id))
    _move(db_session, each, (Progress.DONE,), Progress.UNDOING, undone_at=now, undone_by=account_id)
    record(db_session, Audited.HISTORY_UNDONE, "import", each.id, account_id=account_id, now=now)


def discard(db_session: DbSession, each: Import) -> None:
    """Forget a file of which nothing was imported. Raises NotNow."""
    written = sa.exists().where(ImportRow.import_id == each.id, ImportRow.written)
    if each.progress not in (Progress.CHECKED, Progress.REFUSED) or db_session.scalar(sa.select(written)):
        raise NotNow
    db_session.delete(each)
    db_session.flush()


def _move(
    db_session: DbSession, each: Import, stages: tuple[Progress, ...], onward: Progress, **values: object
) -> None:
    """One step on, unless somebody else took it at the same moment."""
    moved = db_session.scalar(
        sa.update(Import)
        .where(Import.id == each.id, Import.progress.in_(stages))
        .values(progress=onward, passed=0, attempts=0, claimed_at=None, **values)
        .returning(Import.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise NotNow
    db_session.refresh(each)


def _own_name(file_name: str) -> str:
    """The last part of the name that the sender's machine gave, without unseen characters."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if each.isprintable()).strip()[-NAME_LENGTH:] or "?"
