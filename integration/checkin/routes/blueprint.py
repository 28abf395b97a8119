"""What all of the door's addresses share: their blueprint, and whose token a request carries."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, current_app, g, request

from integration.checkin.models import DoorDevice
from integration.checkin.queries import device_with_token
from integration.checkin.rules import MAY_ARRIVE_LATE
from integration.i18n.routing import enabled_languages
from integration.kernel.database import db

blueprint = Blueprint("checkin", __name__)

SUFFIXES = ("", ":gzip", ":br", ":zstd", ":deflate")
"""What compression appends to an ETag, for two encodings of a text are two representations (RFC 9110, 8.8.3)."""


def bearer_token() -> str:
    """The token in the Authorization header (RFC 6750)."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        abort(401)
    return token.strip()


def own_device(now: datetime) -> DoorDevice:
    """The phone that asks, with its session; 401 for strangers and for phones that have nothing more to say."""
    device = device_with_token(db.session(), bearer_token())
    if device is None or now > device.closes_at + MAY_ARRIVE_LATE:
        abort(401)
    if device.revoked_at is not None and now > device.closes_at:
        abort(401)
    return device


def own_open_device(now: datetime) -> DoorDevice:
    """The phone that asks, if its door is open just now and nobody revoked it; otherwise 403."""
    device = own_device(now)
    if device.revoked_at is not None or not device.opens_at <= now <= device.closes_at:
        abort(403)
    return device


def is_unchanged(tag: str) -> bool:
    """Whether the reader holds the content with this ETag, in whatever encoding it came."""
    return any(request.if_none_match.contains_weak(f"{tag}{suffix}") for suffix in SUFFIXES)


def card_key() -> str:
    """The key outside the database that cards' codes and links' secrets are derived from."""
    return str(current_app.extensions["settings"].card_key)


def read_in(code: str | None) -> None:
    """Write a page whose address has no language in the asked one, where it is enabled; else in the browser's."""
    if any(each.code == code for each in enabled_languages()):
        g.language = code
