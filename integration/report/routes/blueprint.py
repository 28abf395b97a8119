"""The addresses of report."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("report", __name__)
