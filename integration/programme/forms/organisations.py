"""What an organisation is called, and what sort of organisation it is."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.kernel.database import Texts
from integration.organisations.models import Organisation, OrganisationKind
from integration.programme.forms.rows import WRITE_IT, WRITTEN, TextsForm
from integration.programme.forms.words import organisation_kind_words
from integration.web.fields import line, needed


class OrganisationForm(TextsForm):
    """Its name, which may be the same in every language, and its kind."""

    name_sv = line(_l("Name in Swedish"), 200, needed(WRITE_IT))
    name_fi = line(_l("Name in Finnish"), 200, needed(WRITE_IT))
    name_en = line(_l("Name in English"), 200)
    kind = SelectField(_l("What sort of organisation is it?"), validators=[needed(_l("Choose one of them."))])

    def offer(self) -> None:
        """Fill the choices, the first empty: nothing is chosen by oversight."""
        words = organisation_kind_words()
        self.kind.choices = [SelectChoice("", "–"), *(SelectChoice(each.value, word) for each, word in words.items())]

    def name_texts(self, before: Texts | None = None) -> Texts:
        """The name as typed, with what it is called in languages that the form does not show."""
        others = {code: text for code, text in (before or {}).items() if code not in WRITTEN}
        return {**others, **self.texts("name")}

    def chosen_kind(self) -> OrganisationKind:
        """The kind that was chosen."""
        return OrganisationKind(self.kind.data)

    def say_taken(self) -> None:
        """Another organisation has this name."""
        self.name_sv.errors = [*self.name_sv.errors, _("There is an organisation of this name already.")]


class RetireForm(FlaskForm):
    """The button that puts an organisation out of use, or into use again."""


def answers_about(organisation: Organisation) -> dict[str, Any]:
    """An organisation as the form's answers."""
    return {"kind": organisation.kind.value, **{f"name_{code}": organisation.name.get(code, "") for code in WRITTEN}}
