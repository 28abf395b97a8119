"""Templates: all are used, all that are used exist, and none holds what the content security policy forbids."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.reading import ROOT, modules
from tests.architecture.test_imports import complain

TEMPLATES = ROOT / "templates"
STYLES = ROOT / "integration" / "static" / "css"
ENDINGS = (".html", ".svg", ".xml", ".txt", ".typ")
MENTIONED = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
ON_PAPER = re.compile(r"""(?:#import |scenery\()"([\w.-]+)\"""")
"""How one source of a PDF names another, all of them in one folder."""
INLINE = {
    r"""<script(?![^>]*\s(?:src=|type="application/ld\+json"))""": "an inline script",
    r"<style": "an inline style sheet",
    r"""\sstyle=["']""": "a style attribute",
    r"""\son[a-z]+=["']""": "an event attribute",
    r"javascript:": "a script address",
}
BY_MAIL = {("mail/letter.html", "an inline style sheet"), ("report/edition_page.html", "an inline style sheet")}
"""Mail programs and files that are kept load nothing: what they are to draw with comes along."""
PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right)\b|(?<![-\w])(?:left|right)\s*:|(?:text-align|float):\s*(?:left|right)\b"
)
"""Directions of the paper: in Arabic they would be wrong."""
AWAITED: dict[str, str] = {}
"""Templates that nothing renders yet, with what they wait for."""


def files() -> dict[str, str]:
    """Every template: its name and its text."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    }


def rendered() -> set[str]:
    """The templates that code names."""
    return {
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_name(node.value)
    }


def _is_name(text: str) -> bool:
    return text.endswith(ENDINGS) and "/" in text and text.split("/")[0] in _folders()


def _folders() -> set[str]:
    return {path.name for path in TEMPLATES.iterdir() if path.is_dir()}


def test_every_template_is_used_and_every_used_one_exists() -> None:
    existing = files()
    used = rendered() | {name for text in existing.values() for name in MENTIONED.findall(text)}
    used |= {f"pdf/{name}" for text in existing.values() for name in ON_PAPER.findall(text)}
    complain(
        sorted(existing.keys() - used - AWAITED.keys()), "A template that nothing renders is read in vain: delete it."
    )
    complain(sorted(AWAITED.keys() & used), "It waits no longer: take it out of AWAITED.")
    complain(sorted(used - existing.keys()), "These templates are named but are not there.")


def test_nothing_in_a_template_is_inline() -> None:
    problems = [
        f"templates/{name}: {what}"
        for name, text in files().items()
        for pattern, what in INLINE.items()
        if re.search(pattern, text, re.IGNORECASE) and (name, what) not in BY_MAIL
    ]
    complain(problems, "The content security policy allows only files of our own, so that no injected line runs.")


def test_nothing_in_a_template_is_marked_safe() -> None:
    problems = [
        f"templates/{name}" for name, text in files().items() if re.search(r"\|\s*safe\b|autoescape\s+false", text)
    ]
    complain(problems, "What people write is escaped; markup of our own is built with Markup where it is made.")


def test_nothing_is_loaded_from_elsewhere() -> None:
    loads = re.compile(r"""<(?:script|img|link|iframe|source|video)[^>]*(?:src|href)=["'](?:https?:)?//""")
    problems = [f"templates/{name}" for name, text in files().items() if loads.search(text)]
    complain(problems, "No request goes to anybody else: nobody learns who reads these pages.")


def test_style_sheets_know_no_left_and_right() -> None:
    problems = [
        f"{path.name}: {found.group()}"
        for path in sorted(STYLES.rglob("*.css"))
        for found in PHYSICAL.finditer(_without_comments(path))
    ]
    complain(problems, "Write start and end: the same page is read from right to left too.")


def _without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
