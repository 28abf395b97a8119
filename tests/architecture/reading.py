"""Reading the product's own code: its modules, what they import, the functions they hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "integration"


@dataclass(frozen=True)
class Module:
    """One file of the product: ``name`` as it is imported, ``package`` its feature, ``role`` its name within that."""

    path: Path

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def name(self) -> str:
        """The dotted name."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """The feature or shared package; the root modules (settings, wiring) are their own."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @property
    def role(self) -> str:
        """``routes`` for routes.py and for every file in routes/; empty for the package itself."""
        return role_of(self.name)

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax."""
        return ast.parse(self.path.read_text(encoding="utf-8"))

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every name that the file imports, with the line, wherever the import stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{self.place}:{node.lineno}: imports say in full what they import"
                yield from ((target, node.lineno) for target in _targets(node))

    def own_imports(self) -> Iterator[tuple[str, int]]:
        """The modules of the product that it imports."""
        return ((name, line) for name, line in self.imports() if name.split(".")[0] == "integration")

    def functions(self) -> Iterator[tuple[str, int, int]]:
        """Every function and method: its name, where it begins and how many lines it has."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1

    def lines(self) -> int:
        """How long the file is."""
        return len(self.path.read_text(encoding="utf-8").splitlines())


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """Every module of the product."""
    return tuple(Module(path) for path in sorted(PRODUCT.rglob("*.py")))


@lru_cache(maxsize=1)
def module_names() -> frozenset[str]:
    """What can be imported as a module."""
    return frozenset(each.name for each in modules())


def role_of(name: str) -> str:
    """The name within its feature of the module that this dotted name stands for."""
    parts = name.split(".")
    return parts[2] if len(parts) > 2 else ""


def _targets(node: ast.ImportFrom) -> Iterator[str]:
    """``from package import module`` means the module; ``from module import name`` means the module it stands in."""
    origin = node.module or ""
    for alias in node.names:
        full = f"{origin}.{alias.name}"
        yield full if full in module_names() else origin
