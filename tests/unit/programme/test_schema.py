"""The published schema: valid, in step with the product's words, and each of its rules with a sentence of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from integration.activities.models import Audience, SessionKind
from integration.organisations.models import OrganisationKind
from integration.programme.models import Aggregation, IndicatorKind, Measure, TargetForm, TargetPeriod
from integration.programme.programme_file.schema import PATTERNS, SCHEMA_PATH, SENTENCES, TYPES, schema_text


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(schema_text()))


def test_the_schema_knows_the_words_of_the_product() -> None:
    definitions = json.loads(schema_text())["$defs"]
    indicator, sessions = definitions["indicator"]["properties"], definitions["indicator"]["properties"]["filter"]
    words: list[tuple[dict[str, Any], Any]] = [
        (definitions["organisation"]["properties"]["kind"], OrganisationKind),
        (indicator["kind"], IndicatorKind),
        (indicator["measure"], Measure),
        (indicator["aggregation"], Aggregation),
        (definitions["target"]["properties"]["form"], TargetForm),
        (definitions["target"]["properties"]["per"], TargetPeriod),
        (sessions["properties"]["kinds"]["items"], SessionKind),
        (sessions["properties"]["audiences"]["items"], Audience),
    ]
    for found, wanted in words:
        assert sorted(found["enum"]) == sorted(wanted)


def test_every_rule_of_the_schema_has_its_sentence() -> None:
    """A new keyword, pattern or type in the schema needs words of ours: the library's own are not for people."""
    structure = {"allOf", "if", "then", "else", "properties", "patternProperties", "items", "$ref", "default"}
    notes = {"$schema", "$id", "$defs", "title", "description"}
    for name, value in _keywords(json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))):
        assert name in structure | notes | set(SENTENCES), name
        if name == "pattern":
            assert value in PATTERNS
        if name == "type":
            assert set([value] if isinstance(value, str) else value) <= set(TYPES)


def _keywords(schema: Any) -> Iterator[tuple[str, Any]]:
    """Every keyword of a schema with its value; names of properties are no keywords."""
    for name, value in schema.items() if isinstance(schema, dict) else ():
        yield name, value
        if name in ("properties", "patternProperties", "$defs"):
            inner = list(value.values())
        elif name in ("allOf", "items", "if", "then", "else"):
            inner = value if isinstance(value, list) else [value]
        else:
            inner = []
        for each in inner:
            yield from _keywords(each)
