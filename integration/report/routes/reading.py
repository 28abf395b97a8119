"""What every page of a programme reads first: the programme, and whether the reader may see what the public may not."""

from __future__ import annotations

import re

from integration.accounts.routes import current_actor
from integration.accounts.rules import Permission
from integration.kernel.database import DbSession, db, one_moment
from integration.kernel.errors import NotFound
from integration.programme.queries import ProgrammeOutline, programme_by_slug, programme_outline

_SLUG = re.compile(r"[a-z0-9-]{1,80}")


def sees_drafts() -> bool:
    """Whether the reader is of the council or answers for actions: then U is shown to this day."""
    actor = current_actor()
    return actor is not None and actor.can(Permission.PROGRAMME_DRAFTS)


def writes_programme() -> bool:
    """Whether the reader may change programmes and set up a successor."""
    actor = current_actor()
    return actor is not None and actor.can(Permission.PROGRAMME_WRITE)


def may_import() -> bool:
    """Whether the reader may import history, and so see which file a figure is from."""
    actor = current_actor()
    return actor is not None and actor.can(Permission.HISTORY_IMPORT)


def reading_session() -> DbSession:
    """The database at one moment: a session that folds meanwhile is neither missed nor counted twice."""
    db_session = db.session()
    one_moment(db_session)
    return db_session


def outline_of(db_session: DbSession, slug: str) -> ProgrammeOutline:
    """The programme with this slug; raise NotFound, also for a draft that the reader may not see."""
    return shown_outline(any_outline(db_session, slug))


def any_outline(db_session: DbSession, slug: str) -> ProgrammeOutline:
    """The programme with this slug, whoever may see it; raise NotFound."""
    programme = programme_by_slug(db_session, slug) if _SLUG.fullmatch(slug) else None
    outline = programme_outline(db_session, programme.id) if programme else None
    if outline is None:
        raise NotFound
    return outline


def shown_outline(outline: ProgrammeOutline) -> ProgrammeOutline:
    """This programme, to a reader who may see it; raise NotFound for a draft that is the staff's."""
    if outline.draft and not sees_drafts():
        raise NotFound
    return outline
