"""The WSGI entry point: ``flask --app app ...`` and the production server load this module."""

from __future__ import annotations

import sys

from integration import create_app
from integration.kernel.installation import DemoDatabase
from integration.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Delaktig cannot start. {error}")
except DemoDatabase:
    sys.exit("Delaktig cannot start. The database was created with DEMO=1: set DEMO=1, or DATABASE_URL to another one.")
