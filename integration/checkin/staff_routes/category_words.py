"""The words for categories in which people are counted without names."""

from __future__ import annotations

from flask_babel import gettext as _

from integration.checkin.rules import ADULTS, CHILDREN


def category_words() -> dict[str, str]:
    """Every category in the reader's language."""
    return {
        ADULTS: _("Adults"),
        CHILDREN: _("Children"),
        "0-6": _("Children, 0–6 years"),
        "7-12": _("Children, 7–12 years"),
        "13-17": _("Young people, 13–17 years"),
    }
