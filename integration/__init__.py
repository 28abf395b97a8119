"""Delaktig: recurring activities of a city's integration programme, and the indicators they feed.

Read the packages in the order of the product's story: programme > activities > registration >
checkin > indicators > report, with calendars beside them. ``wiring`` sees them all.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from integration import wiring
from integration.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application, one named step after the other; raises SettingsError for an unusable environment."""
    settings = settings or Settings.from_environment()
    app = Flask("integration", static_folder=None, template_folder=str(ROOT / "templates"))
    settings.apply_to(app.config)
    app.extensions["settings"] = settings
    wiring.connect_database(app)
    wiring.connect_languages(app)
    wiring.connect_web(app)
    wiring.connect_people(app)
    wiring.connect_features(app)
    wiring.connect_events(app)
    wiring.connect_messages(app)
    wiring.connect_commands(app)
    wiring.connect_jobs(app)
    return app
