"""The prose of one section of a report in the languages in which reports are published."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from integration.web.fields import lines, may_be_empty

LONGEST = 20_000


class ProseForm(FlaskForm):
    """Swedish, Finnish and English; an empty line begins a paragraph."""

    sv = lines(_l("Swedish"), LONGEST, may_be_empty())
    fi = lines(_l("Finnish"), LONGEST, may_be_empty())
    en = lines(_l("English"), LONGEST, may_be_empty())

    def texts(self) -> dict[str, str]:
        """Language > what was typed."""
        typed = {"sv": self.sv.data, "fi": self.fi.data, "en": self.en.data}
        return {code: (text or "").replace("\r\n", "\n").strip() for code, text in typed.items()}


class PublishForm(FlaskForm):
    """The button, and which edition it makes: whoever presses twice has one in mind, not two."""

    number = IntegerField(widget=HiddenInput())
