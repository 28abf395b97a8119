"""Addresses that leave the application are built from BASE_URL, never from the Host header."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app


def absolute_url(endpoint: str, **values: Any) -> str:
    """The full address of an endpoint; in jobs and commands too, where no request says how the site is called."""
    current_app.inject_url_defaults(endpoint, values)
    return str(current_app.extensions["settings"].base_url) + current_app.url_map.bind("").build(endpoint, values)


def webcal_url(endpoint: str, **values: Any) -> str:
    """The full address of a feed in the scheme at which phones offer to subscribe."""
    return "webcal://" + absolute_url(endpoint, **values).partition("://")[2]


def site_host() -> str:
    """The site's own host name, without port: the right-hand side of what it names for others."""
    return urlsplit(current_app.extensions["settings"].base_url).hostname or "localhost"
