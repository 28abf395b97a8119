"""Pages and addresses of activities."""

from __future__ import annotations

from flask import Blueprint

from integration.web.access import public

blueprint = Blueprint("activities", __name__)


@blueprint.get("/<language:language>/")
@public
def whats_on() -> str:
    return "ok"
