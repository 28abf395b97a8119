"""What every template can use, and the parts of pages that several features make together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from integration.i18n import dates
from integration.i18n.routing import current_code
from integration.i18n.texts import localize, phone_number
from integration.web import drawings
from integration.web.keeping import kept
from integration.web.links import absolute_url

Panel = Callable[..., Markup | str]


@dataclass(frozen=True)
class Tab:
    """One entry of the staff navigation; ``permission`` None shows it to every signed-in person."""

    label: Any
    endpoint: str
    permission: Any = None


def init_app(app: Flask, panels: dict[str, tuple[Panel, ...]], navigation: tuple[Tab, ...], *, demo: bool) -> None:
    """Register filters and the panels: a page made of several features names a place, wiring says who fills it."""
    app.extensions["panels"] = panels
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["localized"] = lambda texts: localize(texts, current_code())
    app.jinja_env.filters["phone_number"] = phone_number
    for name in ("clock", "day", "day_title", "date_long", "month_name", "short_date", "weekday", "weekday_short"):
        app.jinja_env.filters[name] = getattr(dates, name)
    app.jinja_env.globals["time_range"] = dates.time_range
    app.jinja_env.globals["panels"] = panels_at
    app.jinja_env.globals["drawings"] = drawings
    app.jinja_env.globals["kept"] = kept
    app.jinja_env.globals["absolute_url"] = absolute_url
    app.jinja_env.globals["tabs"] = navigation
    app.jinja_env.globals["is_demo"] = demo


def panels_at(place: str, *args: Any) -> list[Markup | str]:
    """What the features contribute at this place of a page, in the order of wiring."""
    found: dict[str, tuple[Panel, ...]] = current_app.extensions["panels"]
    return [panel(*args) for panel in found.get(place, ())]
