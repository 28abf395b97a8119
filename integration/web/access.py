"""Default-deny: every endpoint declares who may use it, and what declares nothing answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, request

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
DOOR_DEVICE = "door device"

Authorize = Callable[[StrEnum], Any]


def public(view: View) -> View:
    """Anyone may use this endpoint."""
    return _declare(view, PUBLIC)


def door_device(view: View) -> View:
    """Only a paired door device may: the endpoint checks its bearer token in its own first statement."""
    return _declare(view, DOOR_DEVICE)


def requires(permission: StrEnum) -> Callable[[View], View]:
    """Only signed-in staff with this permission in at least one organisation; the view narrows it to the row's own."""
    return lambda view: _declare(view, permission)


def declared_access(view: Callable[..., Any]) -> str | StrEnum | None:
    """What an endpoint's view declared, or None."""
    return getattr(view, "declared_access", None)


def init_app(app: Flask, authorize: Authorize) -> None:
    """Check the declaration before every request; ``authorize`` returns a response when the reader must sign in."""

    def check() -> Any:
        if request.endpoint is None:
            return None
        access = declared_access(app.view_functions[request.endpoint])
        if access is None:
            abort(403)
        if isinstance(access, StrEnum):
            return authorize(access)
        return None

    app.before_request(check)


def _declare(view: View, access: str | StrEnum) -> View:
    view.declared_access = access  # type: ignore[attr-defined]
    return view
