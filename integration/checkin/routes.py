"""Pages and addresses of checkin."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("checkin", __name__)
