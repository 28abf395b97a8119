"""The published schema of programme files."""

from __future__ import annotations

from flask import Blueprint, Response, request

from integration.programme.programme_file.schema import schema_text
from integration.web.access import public

blueprint = Blueprint("programme", __name__)


@blueprint.get("/api/v1/programme.schema.json")
@public
def file_schema() -> Response:
    """JSON Schema (draft 2020-12), for editors that check a programme file while it is written."""
    response = Response(schema_text(), mimetype="application/schema+json")
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    response.add_etag()
    response.make_conditional(request)
    return response
