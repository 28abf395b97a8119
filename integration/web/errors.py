"""Every way an answer can go wrong, as a page in the reader's language or as a problem document (RFC 9457)."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, abort, g, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from integration.kernel.errors import NotFound
from integration.kernel.rate_limits import TooManyAttempts

log = logging.getLogger(__name__)
CARRIED_OVER = ("Allow", "Retry-After")
"""Headers of an error that tell a program what to do (RFC 9110, 10.2)."""


def init_app(app: Flask) -> None:
    """Answer errors in words; the details of our own go to the log, never to the reader."""
    app.log_exception = _log_exception  # type: ignore[assignment,method-assign]
    app.before_request(_refuse_nul)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFound, lambda _error: answer(404))
    app.register_error_handler(TooManyAttempts, _too_many)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(TimeoutError, _database_away)
    app.register_error_handler(InternalServerError, _our_error)


def answer(status: int, retry_after: int | None = None) -> Response:
    """The error as a page or a problem document, with a way onward."""
    title, text = _words(status, retry_after)
    if request.path.startswith("/api/"):
        response = jsonify(type="about:blank", title=title, status=status, detail=text)
        response.mimetype = "application/problem+json"
    else:
        page = render_template("errors/error.html", code=status, title=title, text=text, onward=_ways_onward(status))
        response = Response(page)
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _ways_onward(status: int) -> list[tuple[str, str]]:
    """Nobody is left standing: the list of what is on for everybody, signing in where that is what is missing."""
    onward = [(_("See what is on"), url_for("activities.whats_on"))]
    return [(_("Sign in"), url_for("accounts.sign_in_page")), *onward] if status == 401 else onward


def _refuse_nul() -> None:
    """No address here has a NUL in it, and PostgreSQL cannot even compare with one."""
    if "\x00" in request.path or b"%00" in request.query_string:
        abort(404)


def _log_exception(problem: Any) -> None:
    """Log where it went wrong and how, but not the address: it may hold the secret of somebody's card."""
    log.error("error in %s", request.endpoint, exc_info=problem)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    response = answer(error.code or 500)
    for name, value in error.get_headers():
        if name in CARRIED_OVER:
            response.headers[name] = value
    return response


def _too_many(error: TooManyAttempts) -> Response:
    return answer(429, error.retry_after)


def _database_away(error: Exception) -> Response:
    """Say so without asking the database who reads: the page is the same for everybody."""
    log.error("the database does not answer: %s", type(error).__name__)
    g.actor = None
    return answer(503, 10)


def _our_error(error: InternalServerError) -> Response:
    original = error.original_exception
    if isinstance(original, OperationalError | TimeoutError):
        return _database_away(original)
    return answer(500)


def _words(status: int, retry_after: int | None) -> tuple[str, str]:
    minutes = max(1, (retry_after or 60) // 60)
    words = {
        400: (_("That did not arrive whole"), _("Go back, load the page again and try once more.")),
        401: (_("Sign in first"), _("This page is for staff who are signed in.")),
        403: (
            _("This page is not open to you"),
            _("If you think it should be, ask the coordinator of the programme."),
        ),
        404: (
            _("We cannot find that page"),
            _("The address may have a typing error, or the page is no longer here."),
        ),
        405: (_("That cannot be done here"), _("Go back and use the buttons on the page.")),
        413: (_("That was too much at once"), _("Shorten the text and send it again.")),
        429: (
            _("Too many attempts"),
            ngettext("Wait %(num)s minute, then try again.", "Wait %(num)s minutes, then try again.", minutes),
        ),
        503: (_("We are away for a moment"), _("Nothing is lost. Try again in a minute.")),
    }
    return words.get(
        status,
        (
            _("Something went wrong on our side, not yours"),
            _("Try again in a moment. If it goes on, tell us."),
        ),
    )
