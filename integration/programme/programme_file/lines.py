"""YAML as data that remembers on which line each part stands.

Only what a programme file needs is understood: mappings, lists, texts, whole numbers, true and false. A plain ``no`` or
``2023-01-01`` stays a text (YAML 1.1 would guess), and references are refused, so a small file cannot grow huge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from integration.programme.errors import FileError, WrongProgrammeFile

Path = tuple[str | int, ...]
"""The way to a part of the file: keys of mappings and positions in lists."""

PLAIN = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"}


@dataclass(frozen=True)
class Source:
    """A file's content, the line of each of its parts, and what was wrong already in reading."""

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    errors: list[FileError] = field(default_factory=list)

    def error(self, path: Path, advice: str) -> FileError:
        """An error at this part, or at the nearest part around it that is there."""
        near = path
        while near and near not in self.lines:
            near = near[:-1]
        return FileError(self.lines.get(near, 1), self.spoken(path), advice)

    def spoken(self, path: Path) -> str:
        """The path in words: parts of lists by their slug where they have one, else by their place, from 1."""
        words, part = [], self.data
        for step in path:
            part = _inside(part, step)
            slug = part.get("slug") if isinstance(part, dict) else None
            words.append(str(step) if isinstance(step, str) else str(slug or step + 1))
        return ".".join(words)


def read_source(content: bytes) -> Source:
    """Read a file; WrongProgrammeFile when it is not readable as YAML at all."""
    text = _decoded(content)
    reading = _Reading({(): 1}, [])
    try:
        _refuse_references(text)
        node = _Composer(text).get_single_node()
        data = _value(node, (), reading) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        advice = f"this cannot be read as YAML ({error.problem}): check colons, quotes and indents"
        _refuse(mark.line + 1 if mark else 1, advice)
    except yaml.reader.ReaderError as error:
        _refuse(text.count("\n", 0, error.position) + 1, "remove the invisible control character")
    except RecursionError:
        _refuse(1, "the content is nested too deeply")
    if node is None:
        _refuse(1, "the file is empty: write a programme")
    source = Source(data, reading.lines)
    source.errors.extend(FileError(line, source.spoken(path), advice) for line, path, advice in reading.problems)
    return source


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(content.count(b"\n", 0, error.start) + 1, "save the file as UTF-8: a letter cannot be read")


def _refuse(line: int, advice: str) -> NoReturn:
    raise WrongProgrammeFile([FileError(line, "", advice)])


def _refuse_references(text: str) -> None:
    """Before anything is put together: what refers to itself again and again would grow huge."""
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent) and event.start_mark:
            _refuse(event.start_mark.line + 1, "references with * are not used here: write the content out")


@dataclass(frozen=True)
class _Reading:
    """What is noted while nodes become data; paths can be spoken only when all is read."""

    lines: dict[Path, int]
    problems: list[tuple[int, Path, str]]


class _Composer(yaml.CSafeLoader):
    """Nodes with their marks; types are not guessed. In C: Vaasa's programme takes Python itself half a second."""


_Composer.yaml_implicit_resolvers = {}
_Composer.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
_Composer.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(0|-?[1-9][0-9]{0,8})$"), list("-0123456789"))
_Composer.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(null|~|)$"), ["n", "~", ""])


def _value(node: yaml.Node, path: Path, reading: _Reading) -> Any:
    reading.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return {key: _value(value, (*path, key), reading) for key, value in _entries(node, path, reading)}
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, (*path, place), reading) for place, each in enumerate(node.value)]
    return _plain(node, path, reading)


def _entries(node: yaml.MappingNode, path: Path, reading: _Reading) -> Iterator[tuple[str, yaml.Node]]:
    """The mapping's entries, each key once."""
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line, key = key_node.start_mark.line + 1, str(key_node.value)
        if not isinstance(key_node, yaml.ScalarNode):
            reading.problems.append((line, path, "write a word before the colon"))
        elif key in seen:
            advice = f"keep one of the two: it stands on line {seen[key]} already"
            reading.problems.append((line, (*path, key), advice))
        else:
            seen[key] = reading.lines[(*path, key)] = line
            yield key, value_node


def _plain(node: yaml.Node, path: Path, reading: _Reading) -> Any:
    if node.tag not in PLAIN:
        reading.problems.append((node.start_mark.line + 1, path, f"remove the tag {node.tag}"))
    if node.tag.endswith(":bool"):
        return node.value == "true"
    if node.tag.endswith(":int"):
        return int(node.value)
    return None if node.tag.endswith(":null") else str(node.value)


def _inside(part: Any, step: str | int) -> Any:
    if isinstance(part, dict):
        return part.get(step)
    if isinstance(part, list) and isinstance(step, int) and step < len(part):
        return part[step]
    return None
