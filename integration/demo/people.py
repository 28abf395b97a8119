"""The demo's staff, with a password that only a demo database ever holds."""

from __future__ import annotations

from datetime import datetime

from integration.accounts.rules import Role
from integration.accounts.services import create_account
from integration.kernel.database import DbSession
from integration.organisations.queries import organisations_by_slug

PASSWORD = "delaktig-demo"  # noqa: S105 - published: demo sign-ins exist only in demo databases
ORGANISER_OF = ("alma", "family-centre", "employment-ecosystem", "integration-service", "welcome-office")
OWNER_OF = ("employment-ecosystem", "employment-services")


def plant_staff(db_session: DbSession, now: datetime) -> None:
    """One account per role: coordinator, organiser of several organisations, owner, council."""
    organisations = organisations_by_slug(db_session)
    roles: dict[str, list[tuple[Role, int | None]]] = {
        "coordinator": [(Role.COORDINATOR, None)],
        "organiser": [(Role.ORGANISER, organisations[slug].id) for slug in ORGANISER_OF],
        "owner": [(Role.OWNER, organisations[slug].id) for slug in OWNER_OF],
        "council": [(Role.COUNCIL, None)],
    }
    for name, held in roles.items():
        create_account(db_session, f"{name}@demo.invalid", PASSWORD, held, language="sv", now=now)
