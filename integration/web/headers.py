"""Headers that every answer carries: what a page may load, and what nobody may cache or embed."""

from __future__ import annotations

from flask import Flask, Response

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ]
)

SCANNER_POLICY = f"{POLICY}; script-src 'self' 'wasm-unsafe-eval'"
"""The door's pages alone compile WebAssembly: the decoder for codes that are hard to read."""

ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def init_app(app: Flask) -> None:
    """Add the headers after every request; a view that sets one keeps its own."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    present = {name.lower() for name in headers.keys()}  # noqa: SIM118 (iterating over it gives pairs)
    for name, value in ALWAYS:
        if name.lower() not in present:
            headers.add(name, value)
    if "cache-control" not in present:
        headers.add("Cache-Control", "no-cache" if response.status_code < 400 else "no-store")
    return response


def keep_private(response: Response, cache: str = "no-store") -> Response:
    """For pages opened by a secret in the address: no copy, no trace in the next site's log, no search result."""
    response.headers["Cache-Control"] = cache
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def allow_scanner(response: Response) -> Response:
    """For the door's scanner alone: the camera, the phone kept awake, and a decoder in WebAssembly."""
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    response.headers["Content-Security-Policy"] = SCANNER_POLICY
    return response
