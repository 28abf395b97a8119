"""The published JSON Schema of programme files, and its errors as sentences that say what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from integration.kernel.lazy import Later
from integration.programme.errors import FileError
from integration.programme.programme_file.lines import Path, Source

if TYPE_CHECKING:
    import jsonschema
    from jsonschema import ValidationError
else:
    jsonschema = Later("jsonschema")

SCHEMA_PATH = FilePath(__file__).resolve().parents[3] / "programmes" / "programme.schema.json"

TYPES = {
    "object": "a mapping (key: value)",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
}
PATTERNS = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": "write a slug of a-z, digits and single hyphens, such as culture-cafe",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "write a date as 2023-12-31",
    "^[0-9]{1,4}[a-z]?$": 'write a label in quotation marks, such as "22" or "22a"',
    "\\S": "write the text: it is empty",
}
YEAR = "^[0-9]{4}$"
MISPLACED = {
    "measure": "remove it: only computed indicators have a measure",
    "filter": "remove it: only computed indicators have a filter",
    "unit": "remove it: milestones and external links have no unit",
    "aggregation": "remove it: milestones and external links have no aggregation",
    "target": "remove it: milestones take due or yearly, external links have no target",
    "due": "remove it: only milestones are due",
    "yearly": "remove it: only milestones are yearly",
    "upper": "remove it, or write form: range",
}


@cache
def schema_text() -> str:
    """The published schema, as it is served."""
    return SCHEMA_PATH.read_text(encoding="utf-8")


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(schema_text()), format_checker=jsonschema.FormatChecker(["date"]))


def schema_errors(source: Source) -> list[FileError]:
    """Everything in which the file departs from the schema."""
    return [
        source.error(path, advice) for error in _validator().iter_errors(source.data) for path, advice in _advice(error)
    ]


def _advice(error: ValidationError) -> Iterator[tuple[Path, str]]:
    sentence = SENTENCES.get(str(error.validator), _as_it_is)
    return sentence(tuple(error.absolute_path), error.validator_value, error.instance, error)


Sentence = Callable[[Path, Any, Any, "ValidationError"], Iterator[tuple[Path, str]]]


def _as_it_is(path: Path, _value: Any, _instance: Any, error: ValidationError) -> Iterator[tuple[Path, str]]:
    yield path, error.message


def _misplaced(path: Path, _value: Any, _instance: Any, _error: ValidationError) -> Iterator[tuple[Path, str]]:
    yield path, MISPLACED[str(path[-1])]


def _required(path: Path, names: Any, instance: Any, _error: ValidationError) -> Iterator[tuple[Path, str]]:
    for name in names:
        if name not in instance:
            yield path, f"add {name}"


def _unknown(path: Path, _value: Any, instance: Any, error: ValidationError) -> Iterator[tuple[Path, str]]:
    schema = error.schema if isinstance(error.schema, dict) else {}
    known = list(schema.get("properties", {}))
    patterns = schema.get("patternProperties", {})
    for name in instance:
        if name in known or any(
            jsonschema.Draft202012Validator({"pattern": pattern}).is_valid(name) for pattern in patterns
        ):
            continue
        yield (*path, name), _unknown_advice(name, known, patterns)


def _unknown_advice(name: str, known: list[str], patterns: Any) -> str:
    if close := get_close_matches(name, known, 1):
        return f"write {close[0]}"
    if known:
        return "remove it: nothing of that name belongs here. These do: " + ", ".join(known)
    return "write " + ("a year such as 2024" if YEAR in patterns else "a language code such as sv, fi or en")


def _enum(path: Path, allowed: Any, instance: Any, _error: ValidationError) -> Iterator[tuple[Path, str]]:
    close = get_close_matches(str(instance), [str(each) for each in allowed], 1)
    yield path, f"write {close[0]}" if close else "write one of " + ", ".join(map(str, allowed))


def _const(path: Path, wanted: Any, _instance: Any, _error: ValidationError) -> Iterator[tuple[Path, str]]:
    yield path, f"write {wanted}"


def _type(path: Path, wanted: Any, _instance: Any, _error: ValidationError) -> Iterator[tuple[Path, str]]:
    names = [wanted] if isinstance(wanted, str) else wanted
    yield path, "write " + " or ".join(TYPES[name] for name in names)


def _pattern(path: Path, pattern: Any, _instance: Any, _error: ValidationError) -> Iterator[tuple[Path, str]]:
    yield path, PATTERNS[pattern]


def _format(path: Path, _value: Any, instance: Any, _error: ValidationError) -> Iterator[tuple[Path, str]]:
    yield path, f"write a date that exists, as 2023-12-31, instead of {instance}"


def _limit(text: str) -> Sentence:
    def sentence(path: Path, value: Any, _instance: Any, _error: ValidationError) -> Iterator[tuple[Path, str]]:
        yield path, text.format(value)

    return sentence


SENTENCES: dict[str, Sentence] = {
    "not": _misplaced,
    "required": _required,
    "additionalProperties": _unknown,
    "enum": _enum,
    "const": _const,
    "type": _type,
    "pattern": _pattern,
    "format": _format,
    "minimum": _limit("write {} or more"),
    "maximum": _limit("write {} or less"),
    "minItems": _limit("list at least {}"),
    "maxItems": _limit("list at most {}"),
    "maxLength": _limit("shorten it to at most {} characters"),
    "uniqueItems": _limit("list each only once"),
}
