"""The scanner app: its shell in every language, its manifest, and the service worker that keeps it on the phone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from flask import Response, current_app, g, jsonify, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from integration.checkin.routes.blueprint import blueprint
from integration.checkin.staff_routes.verdict_words import people_texts, verdict_words
from integration.i18n.routing import current_code, enabled_languages
from integration.web.access import public
from integration.web.assets import asset_url
from integration.web.headers import allow_scanner

ENTRY = "door/door.js"
MODULES = (
    "door/reader_worker.js",
    "vendor/qr/decode.js",
    "vendor/qr/index.js",
)
"""What the page needs besides its script before it can read a code; asked for together, not one after the other."""
LOOKS = ("css/site.css", "css/door.css", "img/icons.svg", "img/mark.svg", "img/door-192.png", "img/door-512.png")
SCRIPTS = (ENTRY, "door/reader_worker.js", "vendor/qr/decode.js", "vendor/qr/index.js")
THOROUGH = ("vendor/zxing-wasm/reader/index.js", "vendor/zxing-wasm/share.js", "vendor/zxing-wasm/zxing_reader.wasm")
"""The thorough decoder: larger than all the rest, so it comes last and nothing waits for it."""


@blueprint.get("/door/scan", endpoint="scan")
@public
def scan() -> Response:
    """The shell: the same for every door and every phone, so that it can be kept; what door it is, the phone knows."""
    _read_in(request.args.get("lang"))
    response = make_response(_shell())
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Vary"] = "Accept-Language"
    return allow_scanner(response)


@blueprint.get("/door/app.webmanifest", endpoint="app_manifest")
@public
def app_manifest() -> Response:
    """What a phone shows when the scanner stands on its home screen (W3C Web Application Manifest)."""
    _read_in(request.args.get("lang"))
    code = current_code()
    response = jsonify(
        id="/door/scan",
        # NOTE: the name of the scanner app under its picture on a phone
        name=_("Delaktig door"),
        short_name=_("The door"),
        lang=code,
        dir="rtl" if any(each.code == code and each.direction == "rtl" for each in enabled_languages()) else "ltr",
        start_url="/door/scan",
        scope="/door/",
        display="standalone",
        orientation="portrait",
        background_color="#0A1418",
        theme_color="#0A1418",
        icons=[
            _icon("img/mark.svg", "any", "image/svg+xml"),
            *(_icon(f"img/door-{n}.png", f"{n}x{n}") for n in (192, 512)),
        ],
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@blueprint.get("/door/sw.js", endpoint="service_worker")
@public
def service_worker() -> Response:
    """The service worker: what to keep, under a name made of its content, so that a new version replaces it whole."""
    shells = {each.code: url_for("checkin.scan", lang=each.code) for each in enabled_languages()}
    files = [asset_url(name) for name in (*LOOKS, *SCRIPTS)]
    kept = {
        "languages": list(shells),
        "shells": shells,
        "files": files,
        "thorough": [asset_url(name) for name in THOROUGH],
    }
    text = json.dumps({"version": _version(kept), **kept})
    script = f'self.KEPT = {text};\nimportScripts("{asset_url("door/service_worker.js")}");\n'
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _version(kept: Mapping[str, object]) -> str:
    """A name for all that is kept; the shells change with their texts, which are read here once."""
    names: dict[str, str] = current_app.extensions.setdefault("door_versions", {})
    if "shells" not in names:
        names["shells"] = sha256("".join(_shell_in(each.code) for each in enabled_languages()).encode()).hexdigest()
    return sha256(f"{json.dumps(kept)}{names['shells']}".encode()).hexdigest()[:12]


def _shell_in(code: str) -> str:
    with force_locale(code):
        _read_in(code)
        return _shell()


def _shell() -> str:
    texts = {name: json.dumps(words) for name, words in people_texts().items()}
    return render_template("checkin/scan.html", modules=MODULES, words=verdict_words(), people_texts=texts)


def _icon(name: str, sizes: str, media_type: str = "image/png") -> dict[str, str]:
    return {"src": asset_url(name), "sizes": sizes, "type": media_type, "purpose": "any"}


def _read_in(code: str | None) -> None:
    """Write this page in the asked language where it is enabled; otherwise in the browser's."""
    if any(each.code == code for each in enabled_languages()):
        g.language = code
