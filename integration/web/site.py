"""The pages of the site itself: the way in, its health, and how it treats people's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from integration.i18n.routing import current_code, preferred_code
from integration.kernel.database import db
from integration.kernel.models import Installation
from integration.settings import Settings
from integration.web.access import public
from integration.web.links import absolute_url

blueprint = Blueprint("site", __name__)
STATEMENT_ON = date(2026, 11, 24)
"""When the accessibility statement was last written or looked through."""


@dataclass(frozen=True)
class Reach:
    """How to reach somebody: us, or those who supervise us."""

    phone: str = ""
    email: str = ""
    site: str = ""

    @property
    def site_name(self) -> str:
        """The site as it is said aloud."""
        return self.site.removeprefix("https://").removeprefix("www.").rstrip("/")


SUPERVISOR = {
    code: Reach("029 534 5000", "saavutettavuus@traficom.fi", site)
    for code, site in {
        "sv": "https://www.webbtillganglighet.fi/",
        "fi": "https://www.saavutettavuusvaatimukset.fi/",
        "en": "https://www.webaccessibility.fi/",
    }.items()
}
"""The supervisor of digital accessibility (Act 306/2019), by language of its site."""
OMBUDSMAN = {
    code: Reach(site=site)
    for code, site in {
        "sv": "https://tietosuoja.fi/sv/",
        "fi": "https://tietosuoja.fi/",
        "en": "https://tietosuoja.fi/en/",
    }.items()
}


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


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """What search engines may look at: everything public; what a secret or a sign-in opens says noindex itself."""
    site_map = absolute_url("activities.sitemap")
    lines = ["User-agent: *", "Disallow: /C/", "Disallow: /door/", "Disallow: /calendar/cards/", f"Sitemap: {site_map}"]
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@blueprint.get("/<language:language>/privacy")
@public
def privacy() -> str:
    """Who keeps what, why, how long, and whom to ask."""
    return render_template("site/privacy.html", contact=_contact(), ombudsman=_in_language(OMBUDSMAN))


@blueprint.get("/<language:language>/accessibility")
@public
def accessibility() -> str:
    """The accessibility statement (Act 306/2019)."""
    return render_template(
        "site/accessibility.html",
        contact=_contact(),
        supervisor=_in_language(SUPERVISOR),
        statement_on=STATEMENT_ON,
    )


@blueprint.get("/<language:language>/contact")
@public
def contact() -> str:
    """Whom to ask."""
    return render_template("site/contact.html", contact=_contact())


def _contact() -> Reach:
    settings: Settings = current_app.extensions["settings"]
    return Reach(settings.contact_phone, settings.contact_email)


def _in_language(sites: dict[str, Reach]) -> Reach:
    return sites.get(current_code(), sites["en"])
