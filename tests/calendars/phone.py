"""A phone that subscribes: vdirsyncer fetches the feed over http, khal shows what it has."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tools.setup.calendar_clients import KHAL, VDIRSYNCER

FIELDS = ("url", "title", "start-long-full", "end-long-full", "status")
FETCHING = """
[general]
status_path = "{folder}/status/"
[pair dates]
a = "phone"
b = "feed"
collections = null
conflict_resolution = "b wins"
[storage phone]
type = "filesystem"
path = "{folder}/dates/"
fileext = ".ics"
[storage feed]
type = "http"
url = "{url}"
"""
SHOWING = """
[calendars]
[[dates]]
path = {folder}/dates/
type = calendar
[locale]
local_timezone = UTC
default_timezone = Europe/Helsinki
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
[sqlite]
path = {folder}/khal.db
"""


class Shown(NamedTuple):
    """One line on the phone; the session's key is the end of its page's address."""

    key: str
    starts_at: datetime
    ends_at: datetime
    status: str
    title: str


class Phone:
    """Subscribed to one feed; looks when it is told to."""

    def __init__(self, folder: Path, url: str) -> None:
        assert KHAL.exists() and VDIRSYNCER.exists(), "./test installs khal and vdirsyncer; run it once"
        self.folder = folder
        (folder / "dates").mkdir()
        (folder / "fetching.conf").write_text(FETCHING.format(folder=folder, url=url))
        (folder / "showing.conf").write_text(SHOWING.format(folder=folder))
        self._run(VDIRSYNCER, "--config", "fetching.conf", "discover", "dates", typed="y\n" * 4)

    def poll(self) -> None:
        """Ask the feed for news."""
        self._run(VDIRSYNCER, "--config", "fetching.conf", "sync", "--force-delete")

    def shows(self, first: str, last: str) -> list[Shown]:
        """What the calendar shows between two dates."""
        asked = [word for field in FIELDS for word in ("--json", field)]
        said = self._run(KHAL, "--config", "showing.conf", "list", "--once", *asked, first, last)
        rows = [row for day in said.splitlines() if day.startswith("[") for row in json.loads(day)]
        return sorted(
            Shown(
                row["url"].rpartition("/")[2],
                datetime.fromisoformat(row["start-long-full"]).replace(tzinfo=UTC),
                datetime.fromisoformat(row["end-long-full"]).replace(tzinfo=UTC),
                row["status"].strip(),
                row["title"],
            )
            for row in rows
        )

    def _run(self, program: Path, *words: str, typed: str = "") -> str:
        done = subprocess.run(
            [program, *words], cwd=self.folder, input=typed, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, f"{program.name} {words}: {done.stdout}{done.stderr}"
        return done.stdout
