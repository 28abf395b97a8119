"""The poster of an activity or of one of its sessions."""

from __future__ import annotations

from collections.abc import Sequence

from integration.activities.models import Activity, Session, SessionStatus, SignUpMode, Visibility
from integration.activities.rules import activity_gaps, session_gaps, title_of
from integration.i18n.speaking import gettext as _
from integration.web.links import absolute_url
from integration.web.posters import CATALOGUES, Call, Poster


def can_hang(activity: Activity) -> bool:
    """Whether there is a page that the code can lead to: a closed activity has none, a half-written one not yet."""
    return activity.visibility is not Visibility.CLOSED and not activity_gaps(activity)


def sessions_to_print(sessions: Sequence[Session]) -> list[Session]:
    """The sessions that a poster may speak of."""
    return [
        each
        for each in sessions
        if each.status is SessionStatus.PLANNED and each.visibility is not Visibility.CLOSED and not session_gaps(each)
    ]


def poster_of(activity: Activity, sessions: Sequence[Session], first_language: str, *, single: bool) -> Poster:
    """The poster of the one session, whose code leads to its sign-up, or of all to come, whose code leads to them."""
    one = sessions[0] if single else None
    venue = (sessions[0] if sessions else activity).venue
    leader = one or activity
    page = first_language if first_language in CATALOGUES else CATALOGUES[0]
    return Poster(
        titles=title_of(one) if one else activity.title,
        host=activity.organisation.name,
        places=(venue.name, venue.address) if venue else (),
        moments=tuple((each.starts_at, each.ends_at) for each in sessions),
        spoken=tuple(leader.languages),
        address=absolute_url("registration.session_page", language=page, key=one.key)
        if one
        else absolute_url("activities.activity", language=page, slug=activity.slug),
        call=_call(leader.sign_up),
        ask=leader.contact_role,
        phone=leader.contact_phone,
        made_at=max((each.modified_at for each in sessions), default=activity.created_at),
    )


def _call(mode: SignUpMode) -> Call:
    return lambda: (_("Come along!"), _how(mode))


def _how(mode: SignUpMode) -> str:
    words = {
        SignUpMode.NONE: _("No sign-up is needed."),
        SignUpMode.OPEN: _("Sign up with the code, or just come."),
        SignUpMode.REQUIRED: _("Sign up with the code. You need no account."),
    }
    return str(words[mode])
