"""Staff pages of checkin."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("checkin_staff", __name__)
