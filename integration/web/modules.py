"""Scripts that are written as many small modules and served as one: on a slow network every address costs a round trip.

Our modules import one another as ``import { a, b } from "./other.js";`` and export functions, classes and constants.
Each keeps a scope of its own, so that two of them may use the same name for different things.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";\n', re.MULTILINE)
_ASIDE = re.compile(r"^[ \t]*(?:/\*.*?\*/[ \t]*\n|//.*?\n)", re.MULTILINE | re.DOTALL)
"""A comment that has its lines for itself."""
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def joined(files: Mapping[str, bytes], entry: str) -> bytes:
    """The script ``entry`` with everything that it imports before it, each module once."""
    folder = entry.rpartition("/")[0]
    order: list[str] = []
    _visit(files, folder, entry.rpartition("/")[2], order)
    return "\n".join(_scoped(files[f"{folder}/{name}"].decode(), name) for name in order).encode()


def slim(script: bytes) -> bytes:
    """The script without comments and indentation, which are for whoever reads the file where it is written."""
    return _INDENT.sub("", _ASIDE.sub("", script.decode())).encode()


def _visit(files: Mapping[str, bytes], folder: str, name: str, order: list[str]) -> None:
    """Modules in the order in which they may run: what is imported first. Ours never import in circles."""
    for _names, imported in _IMPORT.findall(files[f"{folder}/{name}"].decode()):
        _visit(files, folder, imported, order)
    if name not in order:
        order.append(name)


def _scoped(text: str, name: str) -> str:
    names = ", ".join(exported for _whole, exported in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_scope(found[2])};\n", text))
    return f"const {_scope(name)} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();"


def _scope(name: str) -> str:
    return "module_" + name.removesuffix(".js")
