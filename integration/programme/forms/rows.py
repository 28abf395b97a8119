"""Changing what one row of a programme says: only what its level has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, ValidationError

from integration.kernel.database import Texts
from integration.web.fields import WholeNumber, between, line, lines, may_be_empty, needed

WRITTEN = ("sv", "fi", "en")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "programme": ("title", "legal_basis"),
    "domain": ("title",),
    "goal": ("title",),
    "action": ("title", "first_year", "last_year", "ongoing"),
    "line": ("text",),
    "indicator": ("title", "reading", "first_year", "last_year", "traffic_light"),
}
"""Level > what may be changed. How a figure is counted may not: it would be another figure under the same name."""
TEXTS = ("title", "text", "legal_basis", "reading")
WRITE_IT = _l("Write it in this language too.")


def years_in_order(form: Any, field: Any) -> None:
    """What ends does so after it begins."""
    if field.data is not None and form.first_year.data is not None and field.data < form.first_year.data:
        raise ValidationError(_("The last year must not be before the first."))


class TextsForm(FlaskForm):
    """A form with texts in three languages: ``title_sv``, ``title_fi``, ``title_en``."""

    def texts(self, name: str) -> Texts:
        """What was written under this name, by language; an empty field is no text."""
        written = {code: self[f"{name}_{code}"].data for code in WRITTEN}
        return {code: text for code, text in written.items() if text}


class YearsForm(TextsForm):
    """A name, and the years in which it holds."""

    title_sv = line(_l("Name in Swedish"), 500, needed(WRITE_IT))
    title_fi = line(_l("Name in Finnish"), 500, needed(WRITE_IT))
    title_en = line(_l("Name in English"), 500)
    first_year = WholeNumber(_l("First year"), [needed(_l("Write the year.")), between(2000, 2100)])
    last_year = WholeNumber(_l("Last year"), [needed(_l("Write the year.")), between(2000, 2100), years_in_order])


class RowForm(YearsForm):
    """Everything that any level has; ``ask`` leaves out the rest."""

    text_sv = lines(_l("The programme's words in Swedish"), 1000, needed(WRITE_IT))
    text_fi = lines(_l("The programme's words in Finnish"), 1000, needed(WRITE_IT))
    text_en = lines(_l("The programme's words in English"), 1000)
    legal_basis_sv = lines(_l("Legal basis in Swedish"), 1000, needed(WRITE_IT))
    legal_basis_fi = lines(_l("Legal basis in Finnish"), 1000, needed(WRITE_IT))
    legal_basis_en = lines(_l("Legal basis in English"), 1000)
    reading_sv = lines(_l("How the meter is read, in Swedish"), 1000, may_be_empty())
    reading_fi = lines(_l("How the meter is read, in Finnish"), 1000, may_be_empty())
    reading_en = lines(_l("How the meter is read, in English"), 1000, may_be_empty())
    ongoing = BooleanField(_l("It goes on all the time"))
    traffic_light = BooleanField(_l("It shows whether it goes well: more is better"))

    def ask(self, level: str) -> None:
        """Leave out what a row of this level does not have."""
        for name in {each.name for each in self if each.name != "csrf_token"}:
            stem = name.rpartition("_")[0] if name.endswith(("_sv", "_fi", "_en")) else name
            if stem not in COLUMNS[level]:
                del self[name]

    def columns(self, level: str) -> dict[str, Any]:
        """What was typed, by column."""
        typed = {name: self.texts(name) if name in TEXTS else self[name].data for name in COLUMNS[level]}
        if "reading" in typed:
            typed["reading"] = typed["reading"] or None
        return typed


def answers_of(level: str, row: Any) -> dict[str, Any]:
    """A row as the form's answers."""
    answers: dict[str, Any] = {}
    for name in COLUMNS[level]:
        value = getattr(row, name)
        answers |= (
            {f"{name}_{code}": (value or {}).get(code, "") for code in WRITTEN} if name in TEXTS else {name: value}
        )
    return answers
