"""The forms of one session: making, editing, moving it, and the buttons that need no answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from integration.activities.forms.details import DetailsForm, keep_texts, venue_choices
from integration.activities.models import Venue
from integration.activities.rules import SessionDetails
from integration.web.fields import (
    ClockTime,
    Day,
    Moments,
    WholeNumber,
    between,
    line,
    may_be_empty,
    needed,
)


class SessionForm(DetailsForm):
    """One session: when it begins, and what is special about it."""

    on = Day(_l("Date"), [needed(_l("Write the date."))])
    at = ClockTime(_l("Begins at"), [needed(_l("Write when it begins."))])
    chosen = Moments()
    online_url = line(_l("Link for taking part online, shown only to those signed up"), 500)
    group_name = line(_l("Group, where groups are counted"), 120)

    def show(self, details: SessionDetails) -> None:
        """Show what the session is like now."""
        self.show_details(details)
        self.online_url.data = details.online_url or ""
        self.group_name.data = details.group_name or ""

    def without_time(self) -> None:
        """For a session that exists: its time is changed by moving it."""
        del self.on, self.at, self.chosen, self.minutes

    def details(self, before: SessionDetails | None = None) -> SessionDetails:
        """What was written; a session without texts of its own says the activity's."""
        values: dict[str, Any] = self.detail_values()
        for name in ("title", "description", "contact_role"):
            values[name] = keep_texts(self, getattr(before, name) if before else None, name)
        values["title"], values["description"] = values["title"] or None, values["description"] or None
        return SessionDetails(
            **values, online_url=self.online_url.data or None, group_name=self.group_name.data or None
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: a link leads to a page, and nowhere else."""
        valid = bool(super().validate(extra_validators))
        url = self.online_url.data or ""
        if url and (not url.startswith(("https://", "http://")) or any(each.isspace() for each in url)):
            self.add_error("online_url", _("Copy the whole link, from https:// on."))
            return False
        return valid


class MoveForm(FlaskForm):
    """Another time or place for a session."""

    on = Day(_l("Date"), [needed(_l("Write the date."))])
    at = ClockTime(_l("Begins at"), [needed(_l("Write when it begins."))])
    minutes = WholeNumber(
        _l("How long, in minutes"), [needed(_l("Write how many minutes it lasts.")), between(1, 10_080)]
    )
    venue_id = SelectField(_l("Place"), coerce=int)
    chosen = Moments()

    def offer(self, venues: Iterable[Venue]) -> None:
        """Fill the list of places."""
        self.venue_id.choices = venue_choices(venues)


class CapacityForm(FlaskForm):
    """How many people fit."""

    capacity = WholeNumber(_l("Places"), [may_be_empty(), between(0, 100_000)])


class ConfirmForm(FlaskForm):
    """A button that does something: no answers, only the proof that the page itself sent it."""
