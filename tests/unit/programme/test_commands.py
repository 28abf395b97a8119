"""The command line: what it answers, and that a refused file changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from integration.activities.models import ActivityAction
from integration.audit.models import AuditEntry
from integration.organisations.models import Organisation
from integration.programme.models import Action, Domain, Programme
from tests.factories.activities import make_activity

VAASA = Path(__file__).resolve().parents[3] / "programmes" / "vaasa-2023-2026.yaml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A copy of Vaasa's file, to be changed."""
    copy = tmp_path / "vaasa.yaml"
    copy.write_text(VAASA.read_text(encoding="utf-8"), encoding="utf-8")
    return copy


def load(app: Flask, *arguments: str | Path) -> tuple[int, str]:
    """Run ``programme load``: its exit code and what it says."""
    result = app.test_cli_runner().invoke(args=["programme", "load", *map(str, arguments)])
    return result.exit_code, result.output


def change(file: Path, old: str, new: str) -> None:
    """Replace a part of the file once."""
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")


def test_the_schema_is_printed(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["programme", "schema"])
    assert json.loads(result.output)["title"] == "Programme file"


def test_loading_says_what_was_done_and_leaves_a_trace(app: Flask, db_session: Session, file: Path) -> None:
    code, said = load(app, file)
    assert code == 0 and "0 changed, 0 removed, 0 unchanged" in said
    code, said = load(app, file)
    assert code == 0 and "0 added, 0 changed, 0 removed" in said
    change(file, "fi: Kulttuurikahvila, en", "fi: Kulttuurien kahvila, en")
    assert "changed: action culture-cafe" in load(app, file)[1]
    traces = db_session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "programme.loaded")).all()
    assert [trace.facts["changed"] for trace in traces] == [0, 1]


def test_a_wrong_file_changes_nothing_and_names_every_error(app: Flask, db_session: Session, file: Path) -> None:
    change(file, "mark: housing", "mark: castle")
    change(file, "kind: external", "kind: eternal")
    rows = file.read_text(encoding="utf-8").splitlines()
    code, said = load(app, file)
    assert code == 1
    for mistake in ("mark: castle", "kind: eternal"):
        (line,) = (number for number, row in enumerate(rows, 1) if mistake in row)
        assert f"line {line}: " in said
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Programme)) == 0
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 0


def test_edits_of_the_app_stop_the_load_unless_overwritten(app: Flask, db_session: Session, file: Path) -> None:
    load(app, file)
    domain = db_session.scalars(sa.select(Domain).where(Domain.slug == "social")).one()
    domain.title = {**domain.title, "sv": "Kontakter"}
    db_session.commit()
    change(file, "fi: Kulttuurikahvila, en", "fi: Kulttuurien kahvila, en")
    code, said = load(app, file)
    assert code == 1 and "domain social: title (sv)" in said and "--overwrite" in said
    assert _title_of_cafe(db_session) == "Kulttuurikahvila"
    db_session.rollback()
    code, said = load(app, "--overwrite", file)
    assert code == 0 and "changed: domain social" in said
    assert _title_of_cafe(db_session) == "Kulttuurien kahvila"


def test_an_action_that_activities_serve_is_not_removed(app: Flask, db_session: Session, file: Path) -> None:
    load(app, file)
    action = db_session.scalars(sa.select(Action).where(Action.slug == "follow-up")).one()
    activity = make_activity(db_session)
    activity.serves = [ActivityAction(action_id=action.id, starts_on=activity.created_at.date())]
    db_session.commit()
    content = file.read_text(encoding="utf-8")
    file.write_text(content[: content.index("  - slug: follow-up\n    mark")], encoding="utf-8")
    code, said = load(app, file)
    assert code == 1 and "action follow-up" in said
    db_session.expire_all()
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Action)) == 60


def test_an_organisation_that_another_programme_names_otherwise_stops_the_load(
    app: Flask, db_session: Session, file: Path
) -> None:
    load(app, file)
    change(file, "sv: Medborgarinstitutet Alma", "sv: Alma")
    code, said = load(app, file)
    assert code == 1 and "organisation alma: name (sv)" in said
    assert load(app, "--overwrite", file)[0] == 0
    db_session.expire_all()
    assert db_session.scalars(sa.select(Organisation).where(Organisation.slug == "alma")).one().name["sv"] == "Alma"


def test_a_file_that_is_not_there_is_said_so(app: Flask, tmp_path: Path) -> None:
    code, said = load(app, tmp_path / "none.yaml")
    assert code == 2 and "does not exist" in said


def _title_of_cafe(db_session: Session) -> str:
    db_session.expire_all()
    return db_session.scalars(sa.select(Action).where(Action.slug == "culture-cafe")).one().title["fi"]
