"""The fields that an activity and each of its sessions have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from integration.activities.forms.words import (
    AUDIENCES,
    KINDS,
    SIGN_UPS,
    SUPPORTS,
    VISIBILITIES,
    Choices,
    choices,
    listed,
)
from integration.activities.models import Audience, SessionKind, SignUpMode, Venue, Visibility
from integration.i18n.languages import ENDONYMS
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.database import Texts
from integration.organisations.models import Organisation
from integration.web.fields import WholeNumber, between, line, lines, may_be_empty, needed

WRITTEN = ("sv", "fi", "en")
"""The languages that staff write in here."""
TITLE_LENGTH, TEXT_LENGTH, ROLE_LENGTH = 120, 4000, 120


class TextsForm(FlaskForm):
    """A form with texts in three languages: ``name_sv``, ``name_fi``, ``name_en``."""

    def texts(self, name: str) -> Texts:
        """What was written under this name, by language; an empty field is no text."""
        written = {code: getattr(self, f"{name}_{code}").data for code in WRITTEN}
        return {code: text for code, text in written.items() if text}

    def show_texts(self, name: str, texts: Texts | None) -> None:
        """Show what is written under this name."""
        for code in WRITTEN:
            getattr(self, f"{name}_{code}").data = (texts or {}).get(code, "")

    def add_error(self, name: str, words: str) -> None:
        """Say at this field what is wrong."""
        self[name].errors = [*self[name].errors, words]


class DetailsForm(TextsForm):
    """Texts in three languages, and what a session is, for whom, where and in which languages."""

    title_sv = line(_l("Title in Swedish"), TITLE_LENGTH)
    title_fi = line(_l("Title in Finnish"), TITLE_LENGTH)
    title_en = line(_l("Title in English"), TITLE_LENGTH)
    description_sv = lines(_l("Description in Swedish"), TEXT_LENGTH)
    description_fi = lines(_l("Description in Finnish"), TEXT_LENGTH)
    description_en = lines(_l("Description in English"), TEXT_LENGTH)
    kind = SelectField(_l("What is it?"), choices=choices(KINDS), coerce=SessionKind)
    audience = SelectField(_l("For whom?"), choices=choices(AUDIENCES), coerce=Audience)
    visibility = RadioField(_l("Who can find it?"), choices=choices(VISIBILITIES), coerce=Visibility)
    sign_up = RadioField(_l("Sign-up"), choices=choices(SIGN_UPS), coerce=SignUpMode)
    capacity = WholeNumber(_l("Places"), [may_be_empty(), between(0, 100_000)])
    minutes = WholeNumber(
        _l("How long, in minutes"), [needed(_l("Write how many minutes it lasts.")), between(1, 10_080)]
    )
    venue_id = SelectField(_l("Place"), coerce=int)
    languages = SelectMultipleField(_l("Languages spoken"), choices=listed(ENDONYMS.items()))
    language_support = SelectMultipleField(_l("Language support"), choices=choices(SUPPORTS))
    sensitive = BooleanField(_l("Sensitive: no sign-up, only a headcount"))
    contact_role_sv = line(_l("Whom to ask, in Swedish"), ROLE_LENGTH)
    contact_role_fi = line(_l("Whom to ask, in Finnish"), ROLE_LENGTH)
    contact_role_en = line(_l("Whom to ask, in English"), ROLE_LENGTH)
    contact_phone = line(_l("Their phone"), 32)
    partner_ids = SelectMultipleField(_l("Partners who are expected"), coerce=int)

    def offer(self, venues: Iterable[Venue], partners: Iterable[Organisation]) -> None:
        """Fill the lists that come from the database."""
        self.venue_id.choices = venue_choices(venues)
        self.partner_ids.choices = by_name((each.id, each.name) for each in partners)

    def show_details(self, details: Any) -> None:
        """Show what an activity or a session is like now."""
        for name in ("title", "description", "contact_role"):
            self.show_texts(name, getattr(details, name))
        for name in ("kind", "audience", "visibility", "sign_up", "capacity", "sensitive", "contact_phone"):
            getattr(self, name).data = getattr(details, name)
        self.venue_id.data = details.venue_id or 0
        self.languages.data = list(details.languages)
        self.language_support.data = list(details.language_support)
        self.partner_ids.data = sorted(details.partner_ids)

    def detail_values(self) -> dict[str, Any]:
        """What activity and session details have in common, as written."""
        return {
            "description": self.texts("description"),
            "kind": self.kind.data,
            "audience": self.audience.data,
            "visibility": self.visibility.data,
            "sign_up": self.sign_up.data,
            "capacity": self.capacity.data,
            "venue_id": self.venue_id.data or None,
            "languages": tuple(code for code in ENDONYMS if code in (self.languages.data or ())),
            "language_support": tuple(self.language_support.data or ()),
            "sensitive": bool(self.sensitive.data),
            "contact_role": self.texts("contact_role"),
            "contact_phone": self.contact_phone.data or "",
            "partner_ids": frozenset(self.partner_ids.data or ()),
        }

    def validate_sensitive(self, field: BooleanField) -> None:
        """Nobody signs up by card for what is sensitive."""
        if field.data and self.sign_up.data != SignUpMode.NONE:
            raise ValidationError(_("A sensitive session takes no sign-up. Choose “No sign-up” above."))


def keep_texts(form: TextsForm, before: Texts | None, name: str) -> Texts:
    """The texts as written, with those in languages that this form does not show."""
    hidden = {code: text for code, text in (before or {}).items() if code not in WRITTEN}
    return {**hidden, **form.texts(name)}


def venue_choices(venues: Iterable[Venue]) -> Choices:
    """Every venue by its name, and none."""
    none = listed([(0, _("No place yet, or only online"))])
    return none + by_name((each.id, each.name) for each in venues)


def by_name(rows: Iterable[tuple[int, Texts]]) -> Choices:
    """Rows as choices, in the order of their names in the reader's language."""
    named = [(key, localize(texts, current_code()).text) for key, texts in rows]
    return listed(sorted(named, key=lambda each: each[1].casefold()))
