"""Pages and addresses of registration."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("registration", __name__)
