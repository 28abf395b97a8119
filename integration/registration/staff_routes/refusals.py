"""Why something could not be done for a household, in words for the organiser."""

from __future__ import annotations

from flask_babel import gettext as _

from integration.activities.errors import SessionFull
from integration.kernel.errors import Refusal
from integration.registration import errors


def words_of(refusal: Refusal) -> str:
    """What happened, then what to do."""
    if isinstance(refusal, SessionFull):
        return str(_("There is no room for all of them."))
    found = {
        errors.SessionPast: _("The session is over."),
        errors.SessionIsCancelled: _("The session is cancelled."),
        errors.SignUpClosed: _("Sign-up is closed. Open it on the session's page first."),
        errors.DropIn: _("Nobody signs up for this session: people just come."),
        errors.SensitiveSession: _("A sensitive session takes no sign-up."),
        errors.AlreadyRegistered: _("They are signed up for that date already."),
        errors.AlreadyWaiting: _("They are in the queue for that date already."),
        errors.NotAnybody: _("Choose 1 to 12 people in all."),
        errors.SlotTaken: _("That session has individual times: book one there."),
    }
    return str(found.get(type(refusal), _("That could not be done. Look at the list again.")))
