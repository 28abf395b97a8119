"""Writing the calendar texts of sessions, once, when a session changes; and counting the changes of feeds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from integration.activities.events import SessionChanged
from integration.activities.models import LanguageSupport, Session, SessionStatus
from integration.activities.queries import is_reachable, sessions_by_id
from integration.activities.rules import description_of, title_of
from integration.calendars.models import CalendarText, FeedVersion
from integration.calendars.rules import Entry, entry_text, invitation_text
from integration.i18n.languages import language
from integration.i18n.routing import enabled_languages
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import speaking
from integration.i18n.texts import Localized, localize
from integration.kernel.database import DbSession
from integration.mail.letters import CalendarOrder
from integration.web.links import absolute_url, site_host

BATCH = 200


def follow_session(db_session: DbSession, news: SessionChanged) -> None:
    """Write the session's texts anew and tell its feeds apart from what they were."""
    session = sessions_by_id(db_session, [news.session_id])[news.session_id]
    db_session.execute(sa.delete(CalendarText).where(CalendarText.session_id == session.id))
    _add_texts(db_session, {session.id: texts_of(session)})
    count_changes(db_session, feeds_of(session), news.at)


def rebuild(db_session: DbSession, now: datetime) -> int:
    """Write what every session's texts should be; how many differed. Nothing changes where nothing did."""
    ids = list(db_session.scalars(sa.select(Session.id).order_by(Session.id)))
    return sum(_rebuild(db_session, ids[start : start + BATCH], now) for start in range(0, len(ids), BATCH))


def texts_of(session: Session) -> dict[str, str]:
    """The session's entry in every enabled language; none for one that nobody may see."""
    if not is_reachable(session):
        return {}
    return {each.code: entry_text(_entry(session, each.code)) for each in enabled_languages()}


def write_invitation(db_session: DbSession, order: CalendarOrder) -> str:
    """The calendar part of a message about a session: the same entry as in every feed, under the same UID.

    A CANCEL takes it out of the reader's calendar, whether the session or only their places are cancelled.
    """
    session = sessions_by_id(db_session, [order.part.session_id])[order.part.session_id]
    entry = _entry(session, order.language)
    with speaking(order.language):
        # NOTE: in the description of an appointment in a calendar
        answering = _("Answering in the calendar does not cancel your places. Use the link in our message.")
    if order.part.method == "REQUEST":
        entry = replace(entry, description=f"{entry.description}\n\n{answering}")
    else:
        entry = replace(entry, cancelled=True)
    return invitation_text(entry, order.part.method, order.organiser, order.attendee, order.at)


def feeds_of(session: Session) -> list[str]:
    """The names of the public feeds that this session is in."""
    return ["all", f"activity:{session.activity_id}"]


def count_changes(db_session: DbSession, feeds: Iterable[str], now: datetime) -> None:
    """Raise the versions of these feeds, in one statement and always in the same order of rows."""
    insert = postgresql.insert if db_session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"feed": feed, "version": 1, "modified_at": now} for feed in sorted(set(feeds))]
    statement = insert(FeedVersion).values(rows)
    changes = {"version": FeedVersion.version + 1, "modified_at": statement.excluded.modified_at}
    db_session.execute(statement.on_conflict_do_update(index_elements=["feed"], set_=changes))


def _rebuild(db_session: DbSession, ids: Collection[int], now: datetime) -> int:
    sessions = sessions_by_id(db_session, ids)
    wanted = {each.id: texts_of(each) for each in sessions.values()}
    found: dict[int, dict[str, str]] = {session_id: {} for session_id in wanted}
    columns = (CalendarText.session_id, CalendarText.language, CalendarText.text)
    for session_id, code, text in db_session.execute(sa.select(*columns).where(CalendarText.session_id.in_(ids))):
        found[session_id][code] = text
    changed = {key: texts for key, texts in wanted.items() if found[key] != texts}
    if changed:
        db_session.execute(sa.delete(CalendarText).where(CalendarText.session_id.in_(changed)))
        _add_texts(db_session, changed)
        count_changes(db_session, [feed for key in changed for feed in feeds_of(sessions[key])], now)
    return len(changed)


def _add_texts(db_session: DbSession, texts: dict[int, dict[str, str]]) -> None:
    rows = [
        {"session_id": session_id, "language": code, "text": text}
        for session_id, by_language in texts.items()
        for code, text in by_language.items()
    ]
    if rows:
        db_session.execute(sa.insert(CalendarText), rows)


def _entry(session: Session, code: str) -> Entry:
    cancelled = session.status == SessionStatus.CANCELLED
    url = absolute_url("registration.session_page", language=code, key=session.key)
    with speaking(code):
        return Entry(
            uid=f"{session.key}@{site_host()}",
            sequence=session.sequence,
            cancelled=cancelled,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            created_at=session.created_at,
            modified_at=session.modified_at,
            summary=_summary(session, code, cancelled=cancelled),
            location=_location(session, code),
            description=_description(session, code, url, cancelled=cancelled),
            category=localize(session.activity.title, code).text,
            url=url,
            position=_position(session),
        )


def _summary(session: Session, code: str, *, cancelled: bool) -> Localized:
    """The title; a cancelled session says so first, for calendars cut titles at the end."""
    title = localize(title_of(session), code)
    if not cancelled:
        return title
    # NOTE: the title of a cancelled session in a calendar; the first word in capitals
    return replace(title, text=_("CANCELLED: %(title)s", title=title.text))


def _location(session: Session, code: str) -> Localized:
    """Venue and street; of an online session only that it is one, for feeds are public and its link is not."""
    if session.venue is None:
        return Localized(_("Online") if session.online_url else "", language(code), is_fallback=False)
    name = localize(session.venue.name, code)
    address = localize(session.venue.address, code).text
    return replace(name, text=f"{name.text}, {address}" if address else name.text)


def _description(session: Session, code: str, url: str, *, cancelled: bool) -> str:
    lines = [
        _("This session will not be held.") if cancelled else "",
        localize(description_of(session), code).text,
        _whom_to_ask(session, code),
        _languages(session),
        url,
    ]
    return "\n\n".join(line for line in lines if line)


def _whom_to_ask(session: Session, code: str) -> str:
    role = localize(session.contact_role, code).text
    return _("Ask: %(role)s, %(phone)s", role=role, phone=session.contact_phone) if session.contact_phone else ""


def _languages(session: Session) -> str:
    support = {
        LanguageSupport.INTERPRETER: _("An interpreter is there."),
        LanguageSupport.MULTILINGUAL_LEADER: _("The leader speaks several languages."),
        LanguageSupport.PLAIN_LANGUAGE: _("We speak plainly."),
    }
    names = ", ".join(language(code).name for code in session.languages)
    sentences = [text for kind, text in support.items() if kind in session.language_support]
    return "\n".join([_("Languages: %(names)s", names=names) if names else "", *sentences]).strip()


def _position(session: Session) -> tuple[float, float] | None:
    venue = session.venue
    if venue is None or venue.latitude is None or venue.longitude is None:
        return None
    return venue.latitude, venue.longitude
