"""The languages people read and speak, by their own names."""

from __future__ import annotations

from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset({"ar", "fa", "ckb", "ur", "ps", "he"})

ENDONYMS = {
    "sv": "svenska",
    "fi": "suomi",
    "en": "English",
    "ar": "العربية",
    "ckb": "کوردیی ناوەندی",
    "de": "Deutsch",
    "es": "español",
    "et": "eesti",
    "fa": "فارسی",
    "fr": "français",
    "ku": "kurdî",
    "pl": "polski",
    "ps": "پښتو",
    "ru": "русский",
    "se": "davvisámegiella",
    "so": "Soomaali",
    "sq": "shqip",
    "sw": "Kiswahili",
    "ta": "தமிழ்",
    "th": "ไทย",
    "ti": "ትግርኛ",
    "tr": "Türkçe",
    "uk": "українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


@dataclass(frozen=True)
class Language:
    """A language by its code (BCP 47), its own name and the direction it is written in."""

    code: str
    name: str
    direction: str


def language(code: str) -> Language:
    """The language with this code; an unknown code names itself."""
    return Language(code, ENDONYMS.get(code, code), "rtl" if code in RIGHT_TO_LEFT else "ltr")
