"""Static files under addresses that name their content, so that phones keep them for a year and never a stale one.

Two style sheets that every page needs are served as one: the design tokens, kept as they were given, and ours.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from mimetypes import guess_type
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, request

from integration.web.access import public
from integration.web.headers import SCANNER_POLICY
from integration.web.modules import joined, slim

blueprint = Blueprint("assets", __name__)
BUNDLES = {"css/site.css": ("css/tokens.css", "css/delaktig.css")}
MODULES = ("door/", "vendor/")
"""Folders whose scripts import one another by relative address: one digest for all keeps them fresh together."""
SLIM = ("door/", "vendor/qr/")
"""Scripts that a door waits for: they travel without their comments."""
SCANNERS = ("door/reader_worker.js",)
"""Workers of the door, which bring their own policy: a worker's is that of its script, not of the page."""
JOINED = ("door/door.js", "door/reader_worker.js")
"""Scripts that are served with all that they import in them."""
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Asset:
    """One file's bytes, and the digest in its address."""

    content: bytes
    media_type: str
    digest: str

    @cached_property
    def compressed(self) -> bytes:
        """As it travels; made for whoever asks first, so that a start, or a command, waits for none of it."""
        compressed: bytes = brotli.compress(self.content, quality=9)
        return compressed


def init_app(app: Flask) -> None:
    """Read and bundle every static file once."""
    folder = Path(app.root_path) / "static"
    app.extensions["assets"] = _read_assets(folder)
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset_url"] = asset_url


def asset_url(name: str) -> str:
    """The address of a static file, with the digest of its content; a missing file is an error of ours."""
    return f"/assets/{_assets()[name].digest}/{name}"


@blueprint.get("/assets/<digest>/<path:name>")
@public
def asset(digest: str, name: str) -> Response:
    """A static file; the digest in the address only tells caches apart, old ones get the present file."""
    found = _assets().get(name)
    if found is None:
        abort(404)
    body, encoding = (
        (found.compressed, "br") if "br" in request.headers.get("Accept-Encoding", "") else (found.content, None)
    )
    response = Response(body, mimetype=found.media_type)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    fresh = digest == found.digest
    if name in SCANNERS:
        response.headers["Content-Security-Policy"] = SCANNER_POLICY
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fresh else "no-cache"
    return response


def _assets() -> dict[str, Asset]:
    found: dict[str, Asset] = current_app.extensions["assets"]
    return found


def _read_assets(folder: Path) -> dict[str, Asset]:
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name, parts in BUNDLES.items():
        files[name] = b"\n".join(files.get(part, b"") for part in parts)
    files |= {name: joined(files, name) for name in JOINED}
    files |= {name: slim(files[name]) for name in files if name.startswith(SLIM) and name.endswith(".js")}
    folders = {each: _digest(b"".join(files[n] for n in sorted(files) if n.startswith(each))) for each in MODULES}
    return {name: _asset(name, content, folders.get(name.partition("/")[0] + "/")) for name, content in files.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _asset(name: str, content: bytes, digest: str | None) -> Asset:
    media_type = "text/javascript" if name.endswith(".js") else guess_type(name)[0] or "application/octet-stream"
    return Asset(content, media_type, digest or _digest(content))
