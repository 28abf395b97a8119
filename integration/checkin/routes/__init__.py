"""What phones at the door talk to, one file for each kind of address."""

from __future__ import annotations

from integration.checkin.routes import app, device, here, pairing, roster, scans
from integration.checkin.routes.blueprint import blueprint

__all__ = ["app", "blueprint", "device", "here", "pairing", "roster", "scans"]
