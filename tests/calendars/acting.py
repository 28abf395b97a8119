"""Staff at work on sessions, through the verbs that their pages use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from integration.accounts.rules import Actor, Role
from integration.activities.events import SessionChanged
from integration.calendars.services import follow_session
from integration.kernel.database import DbSession

COORDINATOR = Actor(1, ((Role.COORDINATOR, None),))


def act(app: Flask, db_session: DbSession, verb: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Do it as a coordinator and commit; what follows from it (texts, versions) happens in the same transaction."""
    with app.app_context():
        result = verb(db_session, COORDINATOR, *args, **options)
    db_session.commit()
    return result


def text_now(app: Flask, db_session: DbSession, *sessions: Any) -> None:
    """Tell calendars of sessions that a factory made without saying so."""
    with app.app_context():
        for session in sessions:
            follow_session(db_session, SessionChanged(session.id, session.modified_at))
    db_session.commit()
