"""Accounts are made at the server."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.models import Account
from integration.kernel.database import DbSession
from tests.factories.organisations import make_organisation
from tests.web.accounts.signing_in import EMAIL, PASSWORD, make_account, sign_in


def run(app: Flask, *args: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> Result:
    """Type a command, and what it asks for."""
    return app.test_cli_runner().invoke(args=["account", *args], input=typed)


def test_an_account_is_made_with_a_typed_password(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    result = run(app, "create", EMAIL, "--role", "coordinator")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert sign_in(client).status_code == 302


def test_an_account_reaches_the_named_organisations(app: Flask, db_session: DbSession) -> None:
    ids = {make_organisation(db_session, slug=slug).id for slug in ("alma", "bertta")}
    db_session.commit()
    command = ("create", EMAIL, "--role", "organiser", "--organisation", "alma", "--organisation", "bertta")
    assert run(app, *command).exit_code == 0
    account = db_session.scalars(sa.select(Account)).one()
    assert {each.organisation_id for each in account.roles} == ids


@pytest.mark.parametrize(
    ("args", "typed", "says"),
    [
        (("create", "maria", "--role", "owner"), PASSWORD, "named by an e-mail address"),
        (("create", EMAIL, "--role", "king"), PASSWORD, "'king' is not one of"),
        (("create", EMAIL, "--role", "owner"), "short", "at least 12 characters"),
        (("create", EMAIL, "--role", "owner", "--organisation", "nowhere"), PASSWORD, "no organisation nowhere"),
        (("create", "taken@staff.example", "--role", "owner"), PASSWORD, "an account with this address already"),
        (("password", "nobody@staff.example"), PASSWORD, "There is no account"),
        (("close", "nobody@staff.example"), "", "There is no account"),
    ],
)
def test_what_cannot_be_is_said(
    app: Flask, db_session: DbSession, args: tuple[str, ...], typed: str, says: str
) -> None:
    make_account(db_session, email="taken@staff.example")
    db_session.commit()
    result = run(app, *args, typed=f"{typed}\n{typed}\n")
    assert result.exit_code != 0
    assert says in result.output
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1


def test_a_new_password_and_a_closed_account_end_every_sign_in(
    app: Flask, client: FlaskClient, db_session: DbSession
) -> None:
    make_account(db_session)
    sign_in(client)
    changed = "another horse battery"
    assert run(app, "password", EMAIL, typed=f"{changed}\n{changed}\n").exit_code == 0
    assert client.get("/en/staff/").status_code == 302
    assert sign_in(client).status_code == 422
    assert sign_in(client, password=changed).status_code == 302
    assert run(app, "close", EMAIL).exit_code == 0
    assert client.get("/en/staff/").status_code == 302
    assert sign_in(client, password=changed).status_code == 422
