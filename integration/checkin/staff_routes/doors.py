"""The organiser's page of doors: the code that pairs the next phone, and the phones that are paired."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.checkin.errors import SessionIsCancelled
from integration.checkin.forms import DoorForm, LinkForm
from integration.checkin.models import DoorLink
from integration.checkin.queries import DoorSeen, doors_of_session, live_link, may_pair
from integration.checkin.routes.blueprint import card_key
from integration.checkin.rules import pairing_window
from integration.checkin.services import change_door, link_secret, renew_link, revoke_door, withdraw_link
from integration.checkin.staff_routes.blueprint import blueprint, own_session, where_and_when
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires
from integration.web.headers import keep_private
from integration.web.links import absolute_url
from integration.web.qr import qr_svg


@blueprint.get("/<language:language>/staff/sessions/<key>/doors", endpoint="doors")
@requires(Permission.DOOR_OPEN)
def doors(key: str) -> Response:
    """The code to scan, which is another one after each pairing, and what each phone has done."""
    session = own_session(key, Permission.DOOR_OPEN)
    link = live_link(db.session(), session.id)
    seen = doors_of_session(db.session(), session.id)
    page = render_template(
        "checkin/doors.html",
        session=session,
        title=title_of(session),
        where=where_and_when(session),
        link=link,
        url=_address(link) if link else None,
        qr=qr_svg(_address(link)) if link else None,
        is_open=may_pair(session, utc_now()),
        window=pairing_window(session.starts_at, session.ends_at),
        doors=[(each, _door_form(each)) for each in seen],
        form=LinkForm(may_search=link.may_search if link else False),
    )
    return keep_private(make_response(page))


@blueprint.post("/<language:language>/staff/sessions/<key>/doors/link", endpoint="door_link")
@requires(Permission.DOOR_OPEN)
def door_link(key: str) -> Response:
    """Show a code for the next phone, or none."""
    session = own_session(key, Permission.DOOR_OPEN)
    form = LinkForm()
    if form.validate_on_submit():
        _renew(session, may_search=form.may_search.data, withdraws=bool(request.form.get("withdraw")))
    return redirect(url_for("checkin_staff.doors", key=key))


@blueprint.post("/<language:language>/staff/sessions/<key>/doors/<int:device>", endpoint="door_change")
@requires(Permission.DOOR_OPEN)
def door_change(key: str, device: int) -> Response:
    """Rename a door, let it search, or stop its phone at once."""
    session = own_session(key, Permission.DOOR_OPEN)
    form = DoorForm(prefix=_prefix(device))
    if request.form.get("revoke"):
        revoke_door(db.session(), require_actor(), session, device, utc_now())
        flash(_("Stopped. What this phone still sends is kept until you decide whether it counts."))
    elif form.validate_on_submit():
        name, may_search = form.name.data or "", form.may_search.data
        change_door(db.session(), require_actor(), session, device, name=name, may_search=may_search)
        flash(_("Saved."))
    return redirect(url_for("checkin_staff.doors", key=key))


def _renew(session: Session, *, may_search: bool, withdraws: bool) -> None:
    now = utc_now()
    if withdraws:
        withdraw_link(db.session(), require_actor(), session, now)
        return
    try:
        renew_link(db.session(), require_actor(), session, card_key(), now, may_search=may_search)
    except SessionIsCancelled:
        flash(_("This session is cancelled."), "no")


def _address(link: DoorLink) -> str:
    return absolute_url("checkin.pairing", secret=link_secret(card_key(), link.id))


def _door_form(seen: DoorSeen) -> DoorForm:
    return DoorForm(
        formdata=None, prefix=_prefix(seen.device.id), name=seen.device.name, may_search=seen.device.may_search
    )


def _prefix(device_id: int) -> str:
    return f"door{device_id}"
