"""What a poster is to show; a question that changes nothing, so it is asked by GET."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.i18n.languages import language
from integration.i18n.texts import EQUAL_LANGUAGES
from integration.web.posters import MOST_LANGUAGES, PaperSize

ALL = "all"


class PosterForm(FlaskForm):
    """Size, languages and dates of a poster."""

    class Meta:
        """Nothing is written: the address can be kept and shared."""

        csrf = False

    dates = SelectField(_l("Dates"))
    more = SelectMultipleField(_l("Languages besides Swedish and Finnish"))
    top = SelectField(_l("Language on top"))
    size = RadioField(
        _l("Paper size"),
        choices=[SelectChoice(each.value, each.value.upper()) for each in PaperSize],
        default=PaperSize.A4.value,
    )

    def offer(self, languages: Iterable[str], dates: Iterable[tuple[str, str]]) -> None:
        """Fill the lists with what there is to choose from."""
        names = [SelectChoice(code, language(code).name) for code in languages]
        self.more.choices = names
        self.top.choices = [*(SelectChoice(code, language(code).name) for code in EQUAL_LANGUAGES), *names]
        self.dates.choices = [
            SelectChoice(ALL, _l("All dates to come")),
            *(SelectChoice(key, words) for key, words in dates),
        ]

    def languages(self) -> tuple[str, ...]:
        """The poster's languages, the one on top first."""
        chosen = [*EQUAL_LANGUAGES, *(self.more.data or [])]
        return tuple(dict.fromkeys((self.top.data or chosen[0], *chosen)))

    def validate_more(self, _field: SelectMultipleField) -> None:
        """Swedish, Finnish and two more are what can be read from across a corridor."""
        if len(self.languages()) > MOST_LANGUAGES:
            raise ValidationError(_l("Choose two at most: a poster has room for four languages."))
