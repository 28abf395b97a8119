"""Setting up a successor: its name and years; what becomes of each action stands in fields of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import ValidationError
from wtforms.validators import Regexp

from integration.kernel.database import Texts
from integration.programme.rules import Choice, Fate
from integration.web.fields import WholeNumber, between, line, needed

INTO = "into-"


class SuccessionForm(FlaskForm):
    """The successor itself."""

    title_sv = line(_l("Name in Swedish"), 200, needed(_l("Write the name.")))
    title_fi = line(_l("Name in Finnish"), 200, needed(_l("Write the name.")))
    title_en = line(_l("Name in English"), 200)
    slug = line(
        _l("Address"),
        80,
        needed(_l("Write the address.")),
        Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Use small letters a to z, numbers and hyphens.")),
    )
    first_year = WholeNumber(_l("First year"), [needed(_l("Write the year.")), between(2000, 2100)])
    last_year = WholeNumber(_l("Last year"), [needed(_l("Write the year.")), between(2000, 2100)])

    def validate_last_year(self, field: Any) -> None:
        """A programme ends after it begins."""
        if field.data is not None and self.first_year.data is not None and field.data < self.first_year.data:
            raise ValidationError(_("The last year must not be before the first."))

    def title(self) -> Texts:
        """The name as it was written."""
        typed = {code: self[f"title_{code}"].data or "" for code in ("sv", "fi", "en")}
        return {code: text for code, text in typed.items() if text}


def choices_from(answers: Mapping[str, str], action_ids: Mapping[str, int]) -> dict[int, Choice]:
    """What was chosen for each action, by its slug: a fate, or ``into-`` and the slug of what it is merged into."""
    choices = {}
    for slug, action_id in action_ids.items():
        answer = answers.get(f"fate-{slug}", Fate.CONTINUE.value)
        if answer.startswith(INTO):
            choices[action_id] = Choice(Fate.MERGE, action_ids.get(answer.removeprefix(INTO)))
        elif answer in (Fate.CONTINUE, Fate.CHANGE, Fate.END):
            choices[action_id] = Choice(Fate(answer))
    return choices
