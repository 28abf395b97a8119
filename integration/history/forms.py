"""Choosing a spreadsheet, and the buttons of its page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class UploadForm(FlaskForm):
    """One file."""

    file = FileField(_l("Spreadsheet"), [FileRequired(_l("Choose a file."))])


class StepForm(FlaskForm):
    """A button, and the token that shows that it is ours."""
