"""The pages of the site itself: the way in, its health, and how it treats people's data."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from integration.i18n.routing import preferred_code
from integration.kernel.database import db
from integration.kernel.models import Installation
from integration.web.access import public

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
@public
def home() -> BaseResponse:
    """Send the visitor to the list in the language that the browser likes best."""
    response = redirect(url_for("activities.whats_on", language=preferred_code()))
    response.headers["Vary"] = "Accept-Language"
    return response


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Healthy only if the database answers and has its tables; said to a machine, so without a page."""
    try:
        db.session.execute(sa.select(Installation.demo))
    except SQLAlchemyError:
        response = jsonify(status="the database does not answer")
        response.status_code = 503
    else:
        response = jsonify(status="ok", demo=current_app.extensions["settings"].demo)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<language:language>/privacy")
@public
def privacy() -> str:
    """Who keeps what, why, how long, and whom to ask."""
    return render_template("site/privacy.html")


@blueprint.get("/<language:language>/accessibility")
@public
def accessibility() -> str:
    """The accessibility statement (Act 306/2019)."""
    return render_template("site/accessibility.html")


@blueprint.get("/<language:language>/contact")
@public
def contact() -> str:
    """Whom to ask."""
    return render_template("site/contact.html")
