"""Ways into a programme: the framework's house with its ten rooms, and a choice that stands in the address."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask.testing import FlaskClient

from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind, Part
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


def test_a_choice_in_the_address_shows_just_that(client: FlaskClient, db_session: DbSession) -> None:
    entry = read_programme((PROGRAMMES / "vaasa-2023-2026.yaml").read_bytes())
    load_programme(db_session, entry, utc_now())
    domain = entry.domains[1]
    actions = [action for goal in domain.goals for action in goal.actions]
    owner = next(each.organisation for each in actions[0].parties if each.part is Part.RESPONSIBLE)

    def lines(query: str) -> set[str]:
        page = client.get(f"/en/programmes/vaasa-2023-2026?{query}").text
        return set(re.findall(r'<h4><a href="[^"]*/indicators/([a-z0-9-]+)"', page))

    everything = lines("")
    of_domain = lines(f"domain={domain.slug}")
    assert of_domain == {line.slug for action in actions for line in action.lines}
    assert actions[0].lines[0].slug in lines(f"domain={domain.slug}&owner={owner}") <= of_domain
    assert lines("kind=computed") | lines("kind=reported") < everything
    assert lines("state=miss&year=2023").isdisjoint(lines("state=na&year=2023"))
    assert lines("state=met&domain=nowhere&kind=%00") == lines("state=met")


def test_the_form_keeps_the_choice_and_every_part_can_be_taken_away(client: FlaskClient, db_session: DbSession) -> None:
    programme = make_programme(db_session, slug="town", first_year=2024, last_year=2025)
    action = make_action(db_session, programme, framework=["housing"])
    make_line(db_session, action, indicator(IndicatorKind.REPORTED, first_year=2025), slug="homes")
    page = client.get("/en/programmes/town?year=2024&state=na&framework=housing").text
    assert "/indicators/homes" in page
    assert re.search(r'<option value="na" selected>', page)
    assert 'href="/en/programmes/town?framework=housing&amp;year=2024"' in page
    assert 'href="/en/programmes/town?framework=housing&amp;state=na"' in page
    assert "No meter fits this choice." in client.get("/en/programmes/town?year=2024&state=met").text
