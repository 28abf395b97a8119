"""What the pages of imports share: the blueprint, and the programme at hand."""

from __future__ import annotations

import re

from flask import Blueprint

from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.programme.queries import ProgrammeOutline, programme_by_slug, programme_outline

blueprint = Blueprint("history_staff", __name__)
BASE = "/<language:language>/staff/programmes/<programme>/imports"
_SLUG = re.compile(r"[a-z0-9-]{1,80}")


def outline_of(db_session: DbSession, slug: str) -> ProgrammeOutline:
    """The programme with this slug; raises NotFound."""
    found = programme_by_slug(db_session, slug) if _SLUG.fullmatch(slug) else None
    outline = programme_outline(db_session, found.id) if found else None
    if outline is None:
        raise NotFound(slug)
    return outline
