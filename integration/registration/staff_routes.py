"""Staff pages of registration."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("registration_staff", __name__)
