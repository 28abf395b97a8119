"""Staff pages of activities."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("activities_staff", __name__)
