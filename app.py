"""The WSGI entry point: ``flask --app app ...`` and the production server load this module."""

from __future__ import annotations

import sys

from integration import create_app
from integration.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Delaktig cannot start. {error}")
