"""The description of /api/v1 for machines: ``openapi.yaml`` as JSON (OpenAPI 3.1)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, Response, current_app, jsonify, request

from integration.web.access import public

blueprint = Blueprint("openapi", __name__)


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """What ``openapi.yaml`` says."""
    read: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "openapi.yaml").read_text(encoding="utf-8"))
    return read


@blueprint.get("/api/v1/openapi.json")
@public
def document() -> Response:
    """The description, with this installation's own address."""
    response = jsonify({**description(), "servers": [{"url": current_app.extensions["settings"].base_url}]})
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    response.add_etag()
    response.make_conditional(request)
    return response
