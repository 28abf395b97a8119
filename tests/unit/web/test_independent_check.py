"""What is printed, before a checker of PDF/UA-1 that others wrote: outloud, which shares no code with the printer."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.kernel.database import DbSession
from integration.report.editions.files import report_pdf
from integration.web.card_sheets import PaperCard, card_sheet
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.factories.registration import make_household, make_registration
from tests.factories.report_on_paper import invented_report
from tools.setup.pdf_checker import OUTLOUD, REQUIREMENTS

SAY = ("Sano koodi.", "Näytä kortti ovella.")


def errors(folder: Path, papers: dict[str, bytes]) -> dict[str, list[str]]:
    """Per paper, the rules of PDF/UA-1 that it breaks; all in one run, for starting takes the most time."""
    assert OUTLOUD.exists(), f"No checker is installed: ./test installs it from {REQUIREMENTS.name}."
    for name, pdf in papers.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    files = [str(folder / f"{name}.pdf") for name in papers]
    command = [str(OUTLOUD), "--layer", "conformance", "--json", "-", "--fail-on", "never", "--quiet", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    results = json.loads(done.stdout[done.stdout.index("{") :])["results"]
    assert [each["error"] for each in results] == [None] * len(papers), "every file can be read"
    return {
        Path(each["path"]).stem: [one["rule"] for one in each["findings"] if one["severity"] == "error"]
        for each in results
    }


def without_tags(pdf: bytes) -> bytes:
    """The same paper as it would be without a structure."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.Root.StructTreeRoot
        del document.Root.MarkInfo
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_checker_of_others_finds_no_error(
    app: Flask, client: FlaskClient, db_session: DbSession, tmp_path: Path
) -> None:
    """The final report in three languages, a poster, cards and a sign-in sheet; without tags one does fail."""
    activity = make_activity(db_session, slug="culture-cafe", languages=["sv", "fi", "en", "ar"])
    session = make_session(db_session, activity=activity)
    make_registration(db_session, session=session, household=make_household(db_session, name="Amina"))
    sign_in_as(client, db_session, Role.ORGANISER, activity.organisation_id)
    with app.app_context():
        papers = {f"report-{code}": report_pdf(invented_report(), code) for code in ("sv", "fi", "en")}
    with app.test_request_context("/fi/"):
        papers["cards"] = card_sheet(
            [PaperCard("https://delaktig.test/c/X", "KNDR HWST B")], "fi", SAY, made_at=session.created_at
        )
    poster = f"/en/staff/activities/culture-cafe/poster.pdf?dates={session.key}&size=a4&top=sv"
    papers["poster"] = client.get(poster).get_data()
    papers["sheet"] = client.get(f"/en/staff/sessions/{session.key}/sign-in-sheet.pdf").get_data()
    found = errors(tmp_path, {**papers, "untagged": without_tags(papers["report-sv"])})
    assert found.pop("untagged"), "the check can fail"
    assert found == {name: [] for name in papers}
