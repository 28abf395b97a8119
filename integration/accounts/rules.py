"""Who may do what: roles, permissions, the limits on signing in, and the actor that services receive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from integration.kernel.rate_limits import Limit

SIGN_IN_PER_ADDRESS = Limit("sign_in_address", 10, timedelta(minutes=15))
SIGN_IN_PER_NETWORK = Limit("sign_in_network", 60, timedelta(minutes=15))
SIGN_IN_LASTS = timedelta(hours=12)
SHORTEST_PASSWORD = 12


class Role(StrEnum):
    """The staff roles of the product. ``owner`` is the responsible party of an action."""

    COORDINATOR = "coordinator"
    ORGANISER = "organiser"
    OWNER = "owner"
    COUNCIL = "council"


class Permission(StrEnum):
    """What can be permitted: feature and verb."""

    STAFF_HOME = "staff:home"
    ACTIVITIES_WRITE = "activities:write"
    SESSIONS_WRITE = "sessions:write"
    REGISTRATIONS_READ = "registrations:read"
    REGISTRATIONS_WRITE = "registrations:write"
    CARDS_WRITE = "cards:write"
    DOOR_OPEN = "door:open"
    SESSIONS_CLOSE = "sessions:close"
    PROGRAMME_DRAFTS = "programme:drafts"
    PROGRAMME_WRITE = "programme:write"
    FIGURES_REPORT = "figures:report"
    FIGURES_DECIDE = "figures:decide"
    HISTORY_IMPORT = "history:import"


_ORGANISING = frozenset(
    {
        Permission.STAFF_HOME,
        Permission.ACTIVITIES_WRITE,
        Permission.SESSIONS_WRITE,
        Permission.REGISTRATIONS_READ,
        Permission.REGISTRATIONS_WRITE,
        Permission.CARDS_WRITE,
        Permission.DOOR_OPEN,
        Permission.SESSIONS_CLOSE,
    }
)
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: frozenset(Permission),
    Role.ORGANISER: _ORGANISING,
    Role.OWNER: frozenset({Permission.STAFF_HOME, Permission.PROGRAMME_DRAFTS, Permission.FIGURES_REPORT}),
    Role.COUNCIL: frozenset(
        {
            Permission.STAFF_HOME,
            Permission.PROGRAMME_DRAFTS,
            Permission.PROGRAMME_WRITE,
            Permission.FIGURES_DECIDE,
        }
    ),
}


@dataclass(frozen=True)
class Actor:
    """The person behind a request, as services see them: an id and roles, no name."""

    account_id: int
    roles: tuple[tuple[Role, int | None], ...]
    email: str = ""

    def can(self, permission: Permission, organisation_id: int | None = None) -> bool:
        """Whether any role permits this, in the given organisation or (without one) anywhere."""
        return any(
            permission in PERMISSIONS[role] and (organisation_id is None or scope in (None, organisation_id))
            for role, scope in self.roles
        )

    def organisations(self, permission: Permission) -> frozenset[int] | None:
        """The organisations in which this is permitted; None for all of them."""
        scopes = [scope for role, scope in self.roles if permission in PERMISSIONS[role]]
        return None if None in scopes else frozenset(scope for scope in scopes if scope is not None)


def own_path(onward: str | None) -> str | None:
    """A path of this site to go on to, or None: an address with a host could lead elsewhere.

    Browsers read a backslash as a slash and skip tabs and line breaks, so neither may stand in it.
    """
    return onward if onward and re.fullmatch(r"/(?!/)[^\x00-\x20\\]*", onward) else None
