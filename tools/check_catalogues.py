"""Hold the translations complete: every text of code and templates stands in every catalogue, translated and usable.

English is the source, so it needs no catalogue. A resident who reads Finnish must never meet half a page of
English because somebody added a sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "translations"
LANGUAGES = ("sv", "fi")
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None}

Key = tuple[str | None, str]
"""The context and the (singular) source text of a message."""


def main() -> int:
    """Print what is wrong, per language; 1 when anything is."""
    problems = check(source_texts(), {language: read(language) for language in LANGUAGES})
    for problem in problems:
        print(problem)
    if problems:
        print("Run `make i18n`, then translate in translations/<language>/LC_MESSAGES/messages.po.")
    return 1 if problems else 0


def source_texts() -> Catalog:
    """Every text marked for translation in code and templates, read as ``make i18n`` reads them."""
    with (TRANSLATIONS / "babel.cfg").open() as stream:
        methods, options = parse_mapping_cfg(stream)  # type: ignore[no-untyped-call]
    found = Catalog()
    for file, line, text, comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, ("NOTE:",), directory_filter=_is_ours
    ):
        found.add(text, locations=[(file, line)], auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    """The committed catalogue of a language; an empty one where there is none yet."""
    file = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not file.exists():
        return Catalog(language)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def check(source: Catalog, catalogues: dict[str, Catalog]) -> list[str]:
    """One sentence per text that a reader of one of the languages would not see as meant."""
    return [
        f"{language}: {problem}"
        for language, catalogue in catalogues.items()
        for problem in _problems(source, catalogue)
    ]


def _problems(source: Catalog, catalogue: Catalog) -> Iterator[str]:
    wanted, given = _by_key(source), _by_key(catalogue)
    for key, message in wanted.items():
        where = ", ".join(f"{file}:{line}" for file, line in message.locations[:1])
        if key not in given:
            yield f"missing: {key[1]!r} ({where})"
        elif problem := _problem(given[key], catalogue):
            yield f"{problem}: {key[1]!r} ({where})"
    for key in given.keys() - wanted.keys():
        yield f"no longer used: {key[1]!r}"
    for obsolete in catalogue.obsolete.values():
        yield f"obsolete: {_singular(obsolete)!r}"


def _problem(message: Message, catalogue: Catalog) -> str | None:
    """What is wrong with one translation, in a few words; None when it is fit to be read."""
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    if not all(forms):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    errors = list(message.check(catalogue))
    return f"placeholders differ ({errors[0]})" if errors else None


def _by_key(catalogue: Catalog) -> dict[Key, Message]:
    return {(message.context, _singular(message)): message for message in catalogue if message.id}


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def _is_ours(folder: str) -> bool:
    """Whether to look for texts in a folder: .venv and node_modules hold a hundred thousand of other people's."""
    path = Path(folder).relative_to(ROOT)
    return path == Path() or path.parts[0] in ("integration", "templates")


if __name__ == "__main__":
    sys.exit(main())
