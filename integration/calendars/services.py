"""Writing the calendar texts of sessions, once, when a session changes; and counting the changes of feeds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from integration.activities.events import SessionChanged
from integration.activities.models import LanguageSupport, Session, SessionStatus
from integration.activities.queries import is_published, is_reachable, sessions_by_id
from integration.activities.rules import description_of, title_of
from integration.calendars.models import CalendarText, FeedSession, FeedVersion
from integration.calendars.rules import Entry, entry_text, invitation_text, uid_of
from integration.i18n.languages import language
from integration.i18n.routing import enabled_languages
from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import speaking
from integration.i18n.texts import Localized, localize
from integration.kernel.database import DbSession, insert_into
from integration.mail.letters import CalendarOrder
from integration.web.links import absolute_url

BATCH = 200


@dataclass(frozen=True)
class Written:
    """What is kept of a session: its entry by language, and the public feeds that it is in."""

    texts: dict[str, str]
    feeds: set[str]


def follow_session(db_session: DbSession, news: SessionChanged) -> None:
    """Write the session's texts anew and tell its feeds apart from what they were, those too that it leaves."""
    session = sessions_by_id(db_session, [news.session_id])[news.session_id]
    before = _feeds_now(db_session, [session.id])[session.id]
    _replace(db_session, {session.id: Written(texts_of(session), feeds_of(session))})
    count_changes(db_session, before | feeds_of(session) | {version_of(session.id)}, news.at)


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


def feeds_of(session: Session) -> set[str]:
    """The names of the public feeds that this session is in."""
    if not is_published(session):
        return set()
    feeds = {
        "all",
        f"activity:{session.activity_id}",
        f"organisation:{session.activity.organisation_id}",
        f"year:{session.local_on.year}",
        *(f"language:{code}" for code in session.languages),
    }
    return feeds | {f"venue:{session.venue_id}"} if session.venue_id else feeds


def version_of(session_id: int) -> str:
    """The name under which the changes of one session are counted."""
    return f"session:{session_id}"


def count_changes(db_session: DbSession, feeds: Iterable[str], now: datetime) -> None:
    """Raise the versions of these feeds, in one statement and always in the same order of rows."""
    rows = [{"feed": feed, "version": 1, "modified_at": now} for feed in sorted(set(feeds))]
    statement = insert_into(db_session, FeedVersion).values(rows)
    changes = {"version": FeedVersion.version + 1, "modified_at": statement.excluded.modified_at}
    db_session.execute(statement.on_conflict_do_update(index_elements=["feed"], set_=changes))


def _rebuild(db_session: DbSession, ids: Collection[int], now: datetime) -> int:
    sessions = sessions_by_id(db_session, ids)
    wanted = {each.id: Written(texts_of(each), feeds_of(each)) for each in sessions.values()}
    texts, feeds = _texts_now(db_session, ids), _feeds_now(db_session, ids)
    found = {key: Written(texts[key], feeds[key]) for key in wanted}
    changed = {key: written for key, written in wanted.items() if found[key] != written}
    if changed:
        _replace(db_session, changed)
        touched = {feed for key in changed for feed in found[key].feeds | wanted[key].feeds}
        count_changes(db_session, touched | {version_of(key) for key in changed}, now)
    return len(changed)


def _texts_now(db_session: DbSession, ids: Collection[int]) -> dict[int, dict[str, str]]:
    columns = (CalendarText.session_id, CalendarText.language, CalendarText.text)
    found: dict[int, dict[str, str]] = {session_id: {} for session_id in ids}
    for session_id, code, text in db_session.execute(sa.select(*columns).where(CalendarText.session_id.in_(ids))):
        found[session_id][code] = text
    return found


def _feeds_now(db_session: DbSession, ids: Collection[int]) -> dict[int, set[str]]:
    columns = (FeedSession.session_id, FeedSession.feed)
    found: dict[int, set[str]] = {session_id: set() for session_id in ids}
    for session_id, feed in db_session.execute(sa.select(*columns).where(FeedSession.session_id.in_(ids))):
        found[session_id].add(feed)
    return found


def _replace(db_session: DbSession, written: dict[int, Written]) -> None:
    """Let this be what is kept of these sessions."""
    for table in (CalendarText, FeedSession):
        db_session.execute(sa.delete(table).where(table.session_id.in_(written)))
    texts = [
        {"session_id": session_id, "language": code, "text": text}
        for session_id, each in written.items()
        for code, text in each.texts.items()
    ]
    places = [{"session_id": key, "feed": feed} for key, each in written.items() for feed in sorted(each.feeds)]
    for table, rows in ((CalendarText, texts), (FeedSession, places)):
        if rows:
            db_session.execute(sa.insert(table), rows)


def _entry(session: Session, code: str) -> Entry:
    cancelled = session.status == SessionStatus.CANCELLED
    url = absolute_url("registration.session_page", language=code, key=session.key)
    with speaking(code):
        return Entry(
            uid=uid_of(session.key),
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
            mark=session.activity.mark,
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
