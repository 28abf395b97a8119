"""Commands of accounts: there is no page that makes a member of staff, only somebody at the server."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from integration.accounts.errors import AccountExists, NoSuchAccount, PasswordTooShort
from integration.accounts.rules import Role
from integration.accounts.services import change_password, close_account, create_account
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, transaction
from integration.kernel.errors import Refusal
from integration.organisations.queries import organisations_by_slug

group = AppGroup("account", help="Accounts of staff.")
password_option = click.password_option(help="Asked for when left out, so that it stays out of the shell's history.")
REASONS: dict[type[Refusal], str] = {
    AccountExists: "There is an account with this address already.",
    NoSuchAccount: "There is no account with this address.",
}


@group.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--organisation", "slugs", multiple=True, help="Its slug; several may be given. Left out: in all.")
@click.option("--language", default="sv", show_default=True)
@password_option
def create(email: str, role: str, slugs: tuple[str, ...], language: str, password: str) -> None:
    """Make an account for EMAIL with a role in some organisations or in all."""
    if "@" not in email:
        raise click.ClickException("An account is named by an e-mail address.")
    with transaction() as db_session:
        scopes = _organisation_ids(db_session, slugs)
        roles = [(Role(role), scope) for scope in scopes]
        try:
            create_account(db_session, email, password, roles, language=language, now=utc_now())
        except Refusal as refusal:
            raise _in_words(refusal) from refusal
    click.echo(f"{email} may sign in as {role}.")


@group.command("password")
@click.argument("email")
@password_option
def password_of(email: str, password: str) -> None:
    """Give EMAIL another password; it is signed out everywhere."""
    with transaction() as db_session:
        try:
            change_password(db_session, email, password, now=utc_now())
        except Refusal as refusal:
            raise _in_words(refusal) from refusal
    click.echo("The password is changed.")


@group.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Close the account of EMAIL; it is signed out everywhere, and what it did stays on record."""
    with transaction() as db_session:
        try:
            close_account(db_session, email, now=utc_now())
        except Refusal as refusal:
            raise _in_words(refusal) from refusal
    click.echo("The account is closed.")


def _organisation_ids(db_session: DbSession, slugs: tuple[str, ...]) -> list[int | None]:
    """The organisations' ids; [None], which stands for all, where none is named."""
    if not slugs:
        return [None]
    found = organisations_by_slug(db_session, slugs)
    if unknown := [slug for slug in slugs if slug not in found]:
        known = ", ".join(sorted(organisations_by_slug(db_session)))
        raise click.ClickException(f"There is no organisation {', '.join(unknown)}. There are: {known or 'none yet'}.")
    return [found[slug].id for slug in slugs]


def _in_words(refusal: Refusal) -> click.ClickException:
    if isinstance(refusal, PasswordTooShort):
        return click.ClickException(f"A password needs at least {refusal.least} characters.")
    return click.ClickException(REASONS[type(refusal)])
