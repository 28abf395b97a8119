"""The application at hand, for what must work without a request: jobs, commands and messages."""

from __future__ import annotations

from typing import Any

from flask import current_app


def part(name: str) -> Any:
    """What wiring has put aside under this name for this application."""
    return current_app.extensions[name]


def rendered(template: str, **values: object) -> str:
    """A template without any page's context, for nobody has asked for a page."""
    return current_app.jinja_env.get_template(template).render(**values)
