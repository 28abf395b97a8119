"""Reading imports."""

from __future__ import annotations

from integration.history.queries.imports import (
    PAGE,
    Origin,
    counted_here,
    import_by_id,
    imports_of,
    origins_of_reports,
    origins_of_sessions,
    rows_in,
    same_file,
)
from integration.history.queries.names import HISTORY, known_names, venue_ids

__all__ = [
    "HISTORY",
    "PAGE",
    "Origin",
    "counted_here",
    "import_by_id",
    "imports_of",
    "known_names",
    "origins_of_reports",
    "origins_of_sessions",
    "rows_in",
    "same_file",
    "venue_ids",
]
