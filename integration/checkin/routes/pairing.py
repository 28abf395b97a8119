"""The link that makes one phone a door: what door it is, Start, and for a link that is dead a word why."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from integration.activities.rules import title_of
from integration.checkin.errors import DoorNotOpen, LinkNotUsable
from integration.checkin.forms import OpenDoorForm
from integration.checkin.models import DoorLink
from integration.checkin.queries import link_with_secret, may_pair
from integration.checkin.routes.blueprint import blueprint, card_key, read_in
from integration.checkin.rules import PAIRINGS_PER_NETWORK, pairing_window
from integration.checkin.services import pair_phone
from integration.kernel.clock import utc_now
from integration.kernel.database import db, own_transaction
from integration.kernel.rate_limits import count_attempt, network_of
from integration.web.access import public
from integration.web.headers import keep_private


@blueprint.get("/door/<secret>", endpoint="pairing")
@public
def pairing(secret: str) -> Response:
    """Which door this is, and Start; a dead link explains itself and shows nothing."""
    read_in(request.args.get("lang"))
    now = utc_now()
    found = link_with_secret(db.session(), secret)
    if found is None:
        return _dead("unknown", 404)
    link, session = found
    if not _is_live(link) or not may_pair(session, now):
        early = now < pairing_window(session.starts_at, session.ends_at)[0]
        return _dead(_reason(link, too_early=early), 410 if not early else 403)
    page = render_template("checkin/pairing.html", form=OpenDoorForm(), session=session, title=title_of(session))
    return _private(page, 200)


@blueprint.post("/door/<secret>", endpoint="pair")
@public
def pair(secret: str) -> Response:
    """Pair this one phone; its token stands in the answer and nowhere else."""
    read_in(request.args.get("lang"))
    now = utc_now()
    with own_transaction() as connection:
        count_attempt(connection, PAIRINGS_PER_NETWORK, network_of(request.remote_addr), now)
    try:
        device, token = pair_phone(db.session(), secret, card_key(), now)
    except LinkNotUsable:
        found = link_with_secret(db.session(), secret)
        return _dead("unknown", 404) if found is None else _dead(_reason(found[0], too_early=False), 410)
    except DoorNotOpen as refusal:
        return _dead("early" if refusal.too_early else "over", 403)
    page = render_template("checkin/paired.html", device=device, token=token, title=title_of(device.session))
    return _private(page, 200)


def _is_live(link: DoorLink) -> bool:
    return link.used_at is None and link.revoked_at is None


def _reason(link: DoorLink, *, too_early: bool) -> str:
    """Why a link opens no door; nothing of the session that it was for."""
    if link.used_at is not None:
        return "used"
    if link.revoked_at is not None:
        return "revoked"
    return "early" if too_early else "over"


def _dead(reason: str, status: int) -> Response:
    return _private(render_template("checkin/dead_link.html", reason=reason), status)


def _private(page: str, status: int) -> Response:
    return keep_private(make_response(page, status))
