"""Forms of groups and of stands from one network: a few are a school, many are a program.

Why they are not held as sign-ups are: docs/decisions/0013-floods.md.
"""

from __future__ import annotations

from datetime import datetime

from integration.kernel.database import DbSession
from integration.kernel.rate_limits import Limit, TooManyAttempts, count_attempt
from integration.registration.queries.holds import latest_hold
from integration.registration.rules.floods import FLOOD_WINDOW, MOST_GROUP_FORMS

_FORMS = Limit("group_form", MOST_GROUP_FORMS, FLOOD_WINDOW)


def require_no_crowd(db_session: DbSession, network: str | None, now: datetime) -> None:
    """Let a group or a stand in, unless its network has just sent many such forms, or a flood of sign-ups.

    Raises TooManyAttempts. Nothing is held for staff: whoever answers for a group can ring.
    """
    if network is None:
        return
    count_attempt(db_session.connection(), _FORMS, network, now)
    hold = latest_hold(db_session, network)
    if hold is not None and not hold.accepted_at and hold.last_at > now - FLOOD_WINDOW:
        raise TooManyAttempts(int((hold.last_at + FLOOD_WINDOW - now).total_seconds()))
