"""No reader meets half a page in another language."""

from __future__ import annotations

from tests.architecture.test_imports import complain
from tools.check_catalogues import LANGUAGES, check, read, source_texts


def test_every_sentence_is_in_every_catalogue() -> None:
    problems = check(source_texts(), {language: read(language) for language in LANGUAGES})
    complain(problems, "Run `make i18n`, then translate in translations/<language>/LC_MESSAGES/messages.po.")
