"""What a household decides about itself: a new card for a lost one, its language, its data, this phone."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.i18n.languages import language
from integration.i18n.routing import enabled_languages
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.registration.forms import ConfirmForm
from integration.registration.queries import card_by_link
from integration.registration.routes.blueprint import (
    blueprint,
    card_key,
    codes_of,
    private,
    remember_too,
    replace_on_phone,
)
from integration.registration.services import reissue_card, set_language
from integration.web.access import public


@blueprint.get("/<language:language>/cards/<secret>/replace", endpoint="card_replace")
@public
def ask_to_replace(secret: str) -> Response:
    """Say what replacing does; the button does it."""
    card_by_link(db.session(), secret)
    return private(render_template("registration/card_replace.html", secret=secret, form=ConfirmForm()))


@blueprint.post("/<language:language>/cards/<secret>/replace", endpoint="replace")
@public
def replace(secret: str) -> Response:
    """A new card for a lost one: the old QR, code, link and feed are dead, and this page is the new one's."""
    card = reissue_card(db.session(), card_by_link(db.session(), secret), card_key(), utc_now())
    new = codes_of(card).link_secret
    replace_on_phone(secret.upper(), new)
    flash(_("This is your new card. The old one opens no doors any more."))
    return redirect(url_for("registration.card_page", secret=new), 303)


@blueprint.get("/<language:language>/cards/<secret>/language", endpoint="card_language")
@public
def ask_language(secret: str) -> Response:
    """The languages that messages can be in, by their own names."""
    card = card_by_link(db.session(), secret)
    page = render_template(
        "registration/card_language.html",
        secret=secret,
        form=ConfirmForm(),
        chosen=card.household.language,
        choices=enabled_languages(),
    )
    return private(page)


@blueprint.post("/<language:language>/cards/<secret>/language", endpoint="choose_language")
@public
def choose_language(secret: str) -> Response:
    """Messages and the printed card are in this language from now on; the page goes on in it."""
    card = card_by_link(db.session(), secret)
    code = request.form.get("code", "")
    if code not in current_app.config["LANGUAGES"]:
        raise NotFound
    set_language(db.session(), card.household, code)
    flash(_("From now on we write to you in this language: %(name)s.", name=language(code).name))
    return redirect(url_for("registration.card_page", secret=secret, language=code), 303)


@blueprint.post("/<language:language>/cards/<secret>/remember", endpoint="remember")
@public
def remember_here(secret: str) -> Response:
    """Let this phone remember the household: it has said that it may."""
    remember_too(codes_of(card_by_link(db.session(), secret)).link_secret)
    flash(_("This phone remembers you now."))
    return redirect(url_for("registration.card_page", secret=secret), 303)
