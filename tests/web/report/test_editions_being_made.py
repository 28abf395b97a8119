"""An edition is made behind the pages: once for two presses, whole or not at all, and whoever waits is told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, own_transaction, transaction
from integration.programme.models import IndicatorKind
from integration.programme.queries import programme_by_slug, programme_outline
from integration.report.editions import Draft, MadeFile, Manuscript, edition_files, manuscript_of
from integration.report.errors import BeingMade
from integration.report.models import Edition, EditionFile, EditionOrder, ReportKind
from integration.report.queries import told_persons
from integration.report.services import making, order_edition, publishing, work_on_editions
from tests.factories.actors import sign_in_as
from tests.factories.figures import indicator, make_action, make_line, make_programme
from tests.factories.report_on_paper import invented_report
from tests.web.activities.filling_in import fields_of

YEAR = 2024
WRITING = f"/en/staff/programmes/town/reports/annual/{YEAR}"
PAPER = [MadeFile("town.txt", "text/plain", b"The report")]


@pytest.fixture
def council(app: Flask, client: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A member of the council of a small town, whose reports take no time to print."""
    programme = make_programme(db_session, slug="town", first_year=YEAR, last_year=YEAR + 1)
    make_line(db_session, make_action(db_session, programme), indicator(IndicatorKind.REPORTED))
    sign_in_as(client, db_session, Role.COUNCIL, None)
    db_session.commit()
    monkeypatch.setattr(making, "files_of", lambda _order: PAPER)
    return client


def press(council: FlaskClient, fields: dict[str, list[str]] | None = None) -> str:
    """Ask for an edition, from a page that was opened just now or before."""
    data = fields or fields_of(council.get(WRITING))
    return council.post(f"{WRITING}/publish", data=data, follow_redirects=True).get_data(as_text=True)


def editions(db_session: DbSession) -> list[int]:
    """The numbers of what is published."""
    db_session.rollback()
    return list(db_session.scalars(sa.select(Edition.number).join(EditionFile)))


def test_two_presses_make_one_edition(app: Flask, council: FlaskClient, db_session: DbSession) -> None:
    fields = fields_of(council.get(WRITING))
    assert "Edition 1 is being made" in press(council, fields)
    assert "This report is being published already." in press(council, fields)
    with app.app_context():
        work_on_editions(utc_now())
    assert "This edition is published already." in press(council, fields)
    assert "Edition 1 is published" in council.get(WRITING).get_data(as_text=True)
    assert editions(db_session) == [1]


def test_of_two_who_ask_at_the_same_moment_one_is_refused(app: Flask, council: FlaskClient) -> None:
    together = Barrier(2)

    def ask(account_id: int) -> int | None:
        with app.app_context(), transaction() as db_session:
            programme = programme_by_slug(db_session, "town")
            outline = programme_outline(db_session, programme.id) if programme else None
            assert outline
            db_session.commit()
            if db_session.get_bind().dialect.name == "postgresql":
                together.wait(10)
            how = {"number": 1, "account_id": account_id, "now": utc_now()}
            try:
                return order_edition(db_session, outline, ReportKind.ANNUAL, YEAR, **how).asked_by  # type: ignore[arg-type]
            except BeingMade:
                return None

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(ask, (1, 2)))
    assert answers.count(None) == 1


def test_what_others_write_while_the_report_is_read_hinders_nobody_and_is_heeded(
    council: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another year's edition is ordered meanwhile: what it gives away counts, so this one is read once more."""
    read: list[Draft] = []

    def meanwhile(draft: Draft) -> Manuscript:
        read.append(draft)
        if len(read) == 1:
            values = {"year": YEAR + 1, "number": 1, "manuscript": {}, "persons": {str(YEAR): {"0": 7}}}
            with own_transaction() as connection:
                order = sa.insert(EditionOrder).values(programme_id=draft.programme.id, kind=draft.kind, **values)
                connection.execute(order.values(asked_at=draft.made_at))
        return manuscript_of(draft)

    monkeypatch.setattr(publishing, "manuscript_of", meanwhile)
    assert "Edition 1 is being made" in press(council)
    assert len(read) == 2
    assert set(db_session.scalars(sa.select(EditionOrder.year))) == {YEAR, YEAR + 1}


def test_what_cannot_be_made_is_tried_again_and_then_said_to_have_failed(
    app: Flask, council: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_order: EditionOrder) -> list[MadeFile]:
        raise OSError("no room on the disk")

    press(council)
    with app.app_context(), monkeypatch.context() as patched:
        patched.setattr(making, "files_of", broken)
        for _attempt in range(making.MOST_ATTEMPTS):
            with pytest.raises(OSError, match="no room"):
                work_on_editions(utc_now())
            assert "is being made" in council.get(WRITING).get_data(as_text=True)
        work_on_editions(utc_now())
    page = council.get(WRITING).get_data(as_text=True)
    assert "Edition 1 could not be made" in page and "Nothing of it was published." in page
    assert editions(db_session) == []
    assert "Edition 1 is being made" in press(council)
    assert app.test_cli_runner().invoke(args=["nightly"]).exit_code == 0
    assert editions(db_session) == [1]


def test_a_worker_that_dies_or_is_too_slow_is_replaced(
    app: Flask, council: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead one leaves its claim behind; a slow one comes back when another has published the edition."""
    now = utc_now()
    later = now + making.GIVEN_UP_AFTER + timedelta(seconds=1)

    def dies(_order: EditionOrder) -> list[MadeFile]:
        raise SystemExit

    def slow(_order: EditionOrder) -> list[MadeFile]:
        monkeypatch.setattr(making, "files_of", lambda _order: PAPER)
        work_on_editions(later + making.GIVEN_UP_AFTER + timedelta(seconds=1))
        return [replace(PAPER[0], content=b"Late")]

    press(council)
    with app.app_context():
        monkeypatch.setattr(making, "files_of", dies)
        with pytest.raises(SystemExit):
            work_on_editions(now)
        monkeypatch.setattr(making, "files_of", slow)
        work_on_editions(now)
        assert editions(db_session) == []
        work_on_editions(later)
    assert editions(db_session) == [1]
    assert db_session.scalar(sa.select(EditionFile.content)) == b"The report"
    assert db_session.scalar(sa.select(sa.func.count()).select_from(EditionOrder)) == 0


def test_who_waits_long_is_told_whom_to_ask(council: FlaskClient, db_session: DbSession) -> None:
    assert "longer than it should" not in press(council)
    db_session.execute(sa.update(EditionOrder).values(asked_at=utc_now() - timedelta(minutes=5)))
    db_session.commit()
    assert "longer than it should" in council.get(WRITING).get_data(as_text=True)


def test_what_is_being_made_counts_as_told(council: FlaskClient, db_session: DbSession) -> None:
    """Rule 10 between editions: the next one is drawn while this one is not published yet."""
    press(council)
    db_session.execute(sa.update(EditionOrder).values(persons={"2024": {"0": 7, "3": None}}))
    programme_id = db_session.scalars(sa.select(EditionOrder.programme_id)).one()
    assert told_persons(db_session, programme_id) == {2024: [{0: 7, 3: None}]}
    db_session.execute(sa.update(EditionOrder).values(failed_at=utc_now()))
    assert told_persons(db_session, programme_id) == {}


def test_a_manuscript_makes_the_same_files_after_it_was_kept(app: Flask) -> None:
    with app.app_context():
        whole = manuscript_of(replace(invented_report(), made_at=datetime(2026, 1, 2, tzinfo=UTC)))
        manuscript = replace(whole, words={"sv": whole.words["sv"]})
        kept = Manuscript(made_at=manuscript.made_at, **json.loads(json.dumps(manuscript.kept())))
        made = edition_files(manuscript)
        assert made == edition_files(kept)
        assert [each for each in made if b"<svg" in each.content and b"&lt;svg" not in each.content]
