"""Organisations for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from integration.kernel.database import DbSession
from integration.organisations.models import Organisation, OrganisationKind

_numbers = count(1)


def make_organisation(db_session: DbSession, **over: Any) -> Organisation:
    """An organisation, a city unit unless told otherwise."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"organisation-{number}",
        "kind": OrganisationKind.CITY_UNIT,
        "name": {"sv": f"Enhet {number}", "fi": f"Yksikkö {number}", "en": f"Unit {number}"},
    }
    organisation = Organisation(**{**values, **over})
    db_session.add(organisation)
    db_session.flush()
    return organisation
