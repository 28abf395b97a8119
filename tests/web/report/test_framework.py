"""The framework's house: every domain has its room, every meter lives where the programme file says, or says none."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask.testing import FlaskClient

from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind
from integration.programme.programme_file import read_programme
from integration.programme.services import load_programme
from integration.report.rules import FRAMEWORK_DOMAINS
from tests.factories.figures import indicator, make_action, make_line, make_programme

PROGRAMMES = Path(__file__).resolve().parents[3] / "programmes"


def test_the_framework_is_the_one_that_programme_files_speak_of() -> None:
    schema = json.loads((PROGRAMMES / "programme.schema.json").read_text(encoding="utf-8"))
    assert schema["$defs"]["action"]["properties"]["framework"]["items"]["enum"] == list(FRAMEWORK_DOMAINS)


def test_every_meter_of_vaasa_lives_in_the_rooms_of_its_action(client: FlaskClient, db_session: DbSession) -> None:
    entry = read_programme((PROGRAMMES / "vaasa-2023-2026.yaml").read_bytes())
    load_programme(db_session, entry, utc_now())
    actions = [action for domain in entry.domains for goal in domain.goals for action in goal.actions]
    page = client.get("/en/programmes/vaasa-2023-2026/framework").text
    for domain in FRAMEWORK_DOMAINS:
        expected = {line.slug for action in actions if domain in action.framework for line in action.lines}
        room = page.split(f'<section id="{domain.replace("_", "-")}"')[1].split("</section>")[0]
        assert set(re.findall(r"/indicators/([a-z0-9-]+)", room)) == expected
        assert f"framework={domain}" in room


def test_a_room_without_meters_says_so(client: FlaskClient, db_session: DbSession) -> None:
    programme = make_programme(db_session, slug="town")
    action = make_action(db_session, programme, framework=["housing"])
    make_line(db_session, action, indicator(IndicatorKind.REPORTED), slug="homes")
    page = client.get("/en/programmes/town/framework").text
    assert page.count('<li class="room dark">') == 9
    assert page.count("The programme measures nothing here.") == 18
    assert "/indicators/homes" in page
