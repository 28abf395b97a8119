"""The language in the address: ``/sv/...``; chosen once by the browser's wishes, afterwards by the reader."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel
from werkzeug.routing import BaseConverter, BuildError

from integration.i18n.languages import Language, language


def language_converter(languages: tuple[str, ...]) -> type[BaseConverter]:
    """A converter that matches these languages only, so that another one is simply not found."""
    return type("LanguageConverter", (BaseConverter,), {"regex": "(?:" + "|".join(languages) + ")"})


def init_app(app: Flask, languages: tuple[str, ...]) -> None:
    """Enable these languages in addresses, catalogues and templates."""
    app.config["LANGUAGES"] = languages
    app.url_map.converters["language"] = language_converter(languages)
    Babel(app, locale_selector=current_code)
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.context_processor(_template_context)


def current_code() -> str:
    """The code of the language that this page is in."""
    chosen = g.get("language")
    if chosen is not None:
        return str(chosen)
    if has_request_context():
        return _code_in_path() or preferred_code()
    return str(current_app.config["LANGUAGES"][0])


def preferred_code() -> str:
    """The enabled language that the browser likes best, else the first one."""
    enabled = current_app.config["LANGUAGES"]
    return request.accept_languages.best_match(enabled) or str(enabled[0])


def _code_in_path() -> str | None:
    """The language of an address that leads nowhere: its "not found" is read by the same person."""
    code = request.path.split("/")[1]
    return code if code in current_app.config["LANGUAGES"] else None


def enabled_languages() -> list[Language]:
    """The enabled languages in their order."""
    return [language(code) for code in current_app.config["LANGUAGES"]]


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "language" in values:
        g.language = values.pop("language")


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "language" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = current_code()


def alternate_urls() -> list[tuple[Language, str]]:
    """This same page in every enabled language; its home page where the page itself takes no language."""
    if not request.endpoint or not current_app.url_map.is_endpoint_expecting(request.endpoint, "language"):
        return [(each, url_for("activities.whats_on", language=each.code)) for each in enabled_languages()]
    query = f"?{urlencode(request.args.to_dict(flat=False), doseq=True)}" if request.args else ""
    urls = []
    for each in enabled_languages():
        try:
            path = url_for(request.endpoint, **{**(request.view_args or {}), "language": each.code})
            urls.append((each, path + query))
        except BuildError:
            urls.append((each, f"/{each.code}/"))
    return urls


def _template_context() -> dict[str, Any]:
    return {
        "language": language(current_code()),
        "languages": enabled_languages(),
        "alternate_urls": alternate_urls,
    }
