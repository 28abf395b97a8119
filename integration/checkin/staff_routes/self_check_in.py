"""Self check-in for its organiser: the code large on a screen, and the poster to hang up."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.checkin.errors import NoSelfCheckIn, SessionIsCancelled
from integration.checkin.models import SelfCheckInCode
from integration.checkin.queries import session_counts
from integration.checkin.queries.self_check_in import live_code
from integration.checkin.routes.blueprint import card_key
from integration.checkin.rules import self_check_in_window
from integration.checkin.services.self_check_in import code_secret, renew_code, withdraw_code
from integration.checkin.staff_routes.blueprint import blueprint, own_session, where_and_when
from integration.i18n.texts import EQUAL_LANGUAGES
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.organisations.queries import organisations_by_id
from integration.web.access import requires
from integration.web.headers import keep_private
from integration.web.links import absolute_url
from integration.web.posters import MOST_LANGUAGES, PaperSize, languages_offered, poster_pdf, self_check_in_poster
from integration.web.qr import qr_svg


@blueprint.get("/<language:language>/staff/sessions/<key>/self-check-in", endpoint="self_check_in")
@requires(Permission.DOOR_OPEN)
def self_check_in(key: str) -> Response:
    """The code, large enough for a screen on the wall, and how many have marked themselves."""
    session = own_session(key, Permission.DOOR_OPEN)
    code = live_code(db.session(), session.id)
    url = _address(code) if code else ""
    page = render_template(
        "checkin/self_check_in.html",
        session=session,
        title=title_of(session),
        where=where_and_when(session),
        url=url,
        qr=qr_svg(url) if url else None,
        window=self_check_in_window(session.starts_at, session.ends_at),
        marked=session_counts(db.session(), [session.id], without_manual=True)[session.id].self_marked,
        form=FlaskForm(),
    )
    return keep_private(make_response(page))


@blueprint.post("/<language:language>/staff/sessions/<key>/self-check-in", endpoint="self_check_in_code")
@requires(Permission.DOOR_OPEN)
def self_check_in_code(key: str) -> Response:
    """Make the code, make another one so that the old one dies, or end it."""
    session = own_session(key, Permission.DOOR_OPEN)
    if FlaskForm().validate_on_submit():
        _renew(session, withdraws=bool(request.form.get("withdraw")))
    return redirect(url_for("checkin_staff.self_check_in", key=key), 303)


@blueprint.get("/<language:language>/staff/sessions/<key>/self-check-in.pdf", endpoint="self_check_in_poster")
@requires(Permission.DOOR_OPEN)
def self_check_in_poster_file(key: str) -> FileResponse:
    """The poster with the code that lives now, A4 or A3."""
    session = own_session(key, Permission.DOOR_OPEN)
    code = live_code(db.session(), session.id)
    size = request.args.get("size", PaperSize.A4.value)
    if code is None or session.sensitive or size not in set(PaperSize):
        abort(404)
    answer = FileResponse(_poster(session, _address(code), PaperSize(size)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{session.key}-self-check-in-{size}.pdf"'
    return keep_private(answer)


def _renew(session: Session, *, withdraws: bool) -> None:
    now, actor = utc_now(), require_actor()
    try:
        if withdraws:
            withdraw_code(db.session(), actor, session, now)
        else:
            renew_code(db.session(), actor, session, card_key(), now)
    except SessionIsCancelled:
        flash(_("This session is cancelled."), "no")
    except NoSelfCheckIn:
        flash(_("This session only counts people."), "no")


def _address(code: SelfCheckInCode) -> str:
    return absolute_url("checkin.here_short", secret=code_secret(card_key(), code.id))


def _poster(session: Session, address: str, size: PaperSize) -> bytes:
    host = organisations_by_id(db.session(), [session.activity.organisation_id])
    venue = session.venue.name if session.venue else None
    offered = languages_offered(title_of(session), venue)
    spoken = sorted(offered, key=lambda code: (code not in session.languages, code != "en"))
    poster = self_check_in_poster(
        title_of(session),
        host[session.activity.organisation_id].name,
        (venue,) if venue else (),
        (session.starts_at, session.ends_at),
        tuple(session.languages),
        address,
        utc_now().replace(microsecond=0),
    )
    return poster_pdf(poster, size, (*EQUAL_LANGUAGES, *spoken)[:MOST_LANGUAGES])
