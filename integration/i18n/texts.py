"""Texts kept in several languages: the reader's own where it exists, else a fallback that says what it is."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from integration.i18n.languages import Language, language

FALLBACK_ORDER = ("sv", "fi", "en")
EQUAL_LANGUAGES = ("sv", "fi")
"""Finnish and Swedish are equal: nothing is public until both exist (rule 15)."""


@dataclass(frozen=True)
class Localized:
    """A text in one language; ``is_fallback`` when it is not the language that was asked for."""

    text: str
    language: Language
    is_fallback: bool

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        """The text escaped; a fallback carries its own ``lang`` and ``dir`` (WCAG 3.1.2)."""
        if not self.is_fallback:
            return str(Markup.escape(self.text))
        return Markup('<span lang="{}" dir="{}">{}</span>').format(
            self.language.code, self.language.direction, self.text
        )


def localize(texts: dict[str, str] | None, code: str) -> Localized:
    """The text in the asked language, else in the first of sv, fi, en and the rest that has it."""
    texts = texts or {}
    if texts.get(code):
        return Localized(texts[code], language(code), is_fallback=False)
    for other in (*FALLBACK_ORDER, *sorted(texts)):
        if texts.get(other):
            return Localized(texts[other], language(other), is_fallback=True)
    return Localized("", language(code), is_fallback=False)


def phone_number(number: str) -> Markup:
    """A phone number within a text: on one line, its groups in their order also in a script from right to left."""
    return Markup('<bdi dir="ltr" class="whole">{}</bdi>').format(number)


def missing_languages(*texts: dict[str, str] | None) -> list[str]:
    """Which of the equal languages any of these texts lacks."""
    return [code for code in EQUAL_LANGUAGES if any(not (each or {}).get(code) for each in texts)]
