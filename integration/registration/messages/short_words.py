"""Pieces that SMS are made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from integration.i18n.dates import clock, weekday_short
from integration.i18n.routing import current_code
from integration.i18n.speaking import gettext as _
from integration.kernel.clock import local
from integration.mail.short_messages import ShortMessage
from integration.registration.cards import Codes
from integration.web.links import absolute_url


def short_link(codes: Codes) -> str:
    """The shortest address of the household's own page; it leads on in the household's language."""
    return absolute_url("registration.short_link", secret=codes.link_secret)


def short_when(moment: datetime) -> str:
    """Weekday, date and time in as few letters as can be read: ``tis 24.11 kl. 17.30``."""
    on = local(moment)
    date = f"{weekday_short(moment)} {on.day}.{on.month}{'.' if current_code() == 'fi' else ''}"
    # NOTE: in an SMS, e.g. "Tue 24.11 at 17:30"; Swedish and Finnish put "kl." or "klo" before the time
    return str(_("%(day)s at %(time)s", day=date, time=clock(moment)))


def one_sentence(title: str, starts_at: datetime, link: str, say: Callable[[str, str, str], str]) -> ShortMessage:
    """What ``say`` makes of a title that may have to be cut, the time, and where to read on."""
    when = short_when(starts_at)
    return ShortMessage(lambda title: say(title, when, link), title)
