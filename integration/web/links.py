"""Addresses that leave the application are built from BASE_URL, never from the Host header."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for


def absolute_url(endpoint: str, **values: Any) -> str:
    """The full address of an endpoint."""
    return str(current_app.extensions["settings"].base_url) + url_for(endpoint, **values)
