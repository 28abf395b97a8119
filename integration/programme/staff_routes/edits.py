"""The history of a programme in words: who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from integration.i18n.dates import short_date
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.organisations.models import Organisation
from integration.programme.forms.words import (
    column_words,
    kind_words,
    level_words,
    measure_words,
    organisation_kind_words,
    part_words,
    target_words,
    unit_words,
)
from integration.programme.models import Part
from integration.programme.queries import EditView

Organisations = Mapping[int, Organisation]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One column of a change; ``language`` where it is a text."""

    name: str
    language: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One change."""

    at: datetime
    who: str
    what: str
    url: tuple[str, int]
    """Level and id of the row."""
    added: bool
    changes: list[ChangeView]


def told(edits: Iterable[EditView], organisations: Organisations) -> list[HistoryView]:
    """Changes in words, the newest first."""
    levels = level_words()
    return [
        HistoryView(
            at=each.at,
            who=each.who or _("an account that is no more"),
            what=levels.get(each.level, each.level),
            url=(each.level, each.row_id),
            added=not each.before,
            changes=[
                change
                for name, after in each.after.items()
                for change in _changes(name, each.before.get(name), after, organisations)
            ],
        )
        for each in edits
    ]


def _changes(name: str, before: Any, after: Any, organisations: Organisations) -> list[ChangeView]:
    word = column_words().get(name, name)
    if not isinstance(before or after, dict):
        return [ChangeView(word, "", _value(name, before, organisations), _value(name, after, organisations))]
    old, new = before or {}, after or {}
    return [
        ChangeView(word, code, old.get(code, ""), new.get(code, ""))
        for code in sorted({*old, *new}, key=lambda code: ("sv", "fi", "en", code).index(code))
        if old.get(code, "") != new.get(code, "")
    ]


def _value(name: str, value: Any, organisations: Organisations) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "targets":
        return "; ".join(target_words(each) for each in value)
    if name == "parties":
        return "; ".join(_party(each, organisations) for each in value)
    words: dict[str, Mapping[Any, str]] = {
        "kind": kind_words(),
        "measure": measure_words(),
        "unit": unit_words(),
        "organisation_kind": organisation_kind_words(),
    }
    return str(words.get(name, {}).get(value, value))


def _party(party: Mapping[str, Any], organisations: Organisations) -> str:
    row = organisations.get(party["organisation_id"])
    name = localize(row.name, current_code()).text if row else "–"
    starts, ends = (date.fromisoformat(party[key]) if party[key] else None for key in ("starts_on", "ends_on"))
    span = f"{short_date(starts)}–{short_date(ends) if ends else ''}" if starts else ""
    return f"{name} ({part_words()[Part(party['part'])].lower()}, {span})"
