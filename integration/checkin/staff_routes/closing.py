"""Closing a session: what was counted, what the door did not see, and the organiser's word."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import LanguageSupport, Session
from integration.activities.rules import title_of
from integration.checkin.errors import NobodyCounted, ReasonMissing, SessionNotBegun
from integration.checkin.forms import ClosingForm
from integration.checkin.models import Closing
from integration.checkin.queries import SessionCounts, closings_of, session_counts
from integration.checkin.rules import People, is_under_scanned
from integration.checkin.services import Report, close_session
from integration.checkin.staff_routes.blueprint import blueprint, own_session
from integration.i18n.languages import language
from integration.i18n.routing import current_code, enabled_languages
from integration.i18n.texts import localize
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.organisations.queries import organisations_by_id
from integration.web.access import requires


@blueprint.route("/<language:language>/staff/sessions/<key>/closing", methods=["GET", "POST"], endpoint="closing")
@requires(Permission.SESSIONS_CLOSE)
def closing(key: str) -> Response | tuple[str, int] | str:
    """Confirm or correct how a session went, with one button when all is well."""
    session = own_session(key, Permission.SESSIONS_CLOSE)
    before = _before(session)
    form = _form(session, before)
    if not form.validate_on_submit():
        return _page(session, before, form, status=422 if form.errors else 200)
    try:
        close_session(db.session(), require_actor(), session, _report(form), utc_now())
    except ReasonMissing:
        form.reason.errors = [_("Say why the number differs from the door's.")]
        return _page(session, before, form, status=422)
    except NobodyCounted:
        return _page(session, before, form, status=409, asks_once_more=True)
    except SessionNotBegun:
        flash(_("The session has not begun yet. Come back when it has."), "wait")
        return _page(session, before, form, status=409)
    flash(_("Thank you. It counts as held.") if _is_held() else _("Noted: it was not held and does not count."))
    return redirect(url_for("checkin_staff.closing", key=key))


@dataclass(frozen=True)
class Before:
    """What is known when the page opens: the door's counts and what was said at an earlier closing."""

    door: SessionCounts
    closing: Closing | None


def _before(session: Session) -> Before:
    door = session_counts(db.session(), [session.id], without_manual=True)[session.id]
    return Before(door, closings_of(db.session(), [session.id]).get(session.id))


def _form(session: Session, before: Before) -> ClosingForm:
    said = before.closing
    form = ClosingForm(
        adults=said.manual_adults if said else None,
        children=said.manual_children if said else None,
        reason=(said.reason if said else None) or "",
        note=(said.note if said else None) or "",
        language_support=list(session.language_support),
        languages=list(session.languages),
        partners=[str(each.organisation_id) for each in session.partners if each.present is not False],
    )
    form.language_support.choices = [
        SelectChoice(LanguageSupport.INTERPRETER.value, _("Interpreter present")),
        SelectChoice(LanguageSupport.MULTILINGUAL_LEADER.value, _("Leader who speaks several languages")),
        SelectChoice(LanguageSupport.PLAIN_LANGUAGE.value, _("Plain language")),
        SelectChoice(LanguageSupport.TRANSLATED_INVITATION.value, _("Invitation translated")),
    ]
    known = dict.fromkeys(
        (*session.languages, *session.activity.languages, *(each.code for each in enabled_languages()))
    )
    form.languages.choices = [SelectChoice(code, language(code).name) for code in known]
    partners = organisations_by_id(db.session(), [each.organisation_id for each in session.partners])
    named = sorted((localize(each.name, current_code()).text, str(each.id)) for each in partners.values())
    form.partners.choices = [SelectChoice(partner_id, name) for name, partner_id in named]
    return form


def _is_held() -> bool:
    return request.form.get("held") != "no"


def _report(form: ClosingForm) -> Report:
    manual = None
    if form.adults.data is not None or form.children.data is not None:
        manual = People(form.adults.data or 0, form.children.data or 0)
    return Report(
        held=_is_held(),
        manual=manual if _is_held() else None,
        reason=form.reason.data or "",
        note=form.note.data or "",
        language_support=tuple(LanguageSupport(each) for each in form.language_support.data or ()),
        partners_present=frozenset(int(each) for each in form.partners.data or ()),
        languages=tuple(form.languages.data or ()),
        although_nobody=request.form.get("held") == "although_nobody",
    )


def _sources(door: SessionCounts, *, sensitive: bool) -> list[tuple[str, str, int]]:
    """Icon, name and number of every source that counted somebody; those that a session always has are told at 0."""
    rows = [
        ("scan", _("Cards scanned"), door.scanned),
        ("steps", _("Ticked on the list"), door.listed),
        ("phone", _("Marked by themselves"), door.self_marked),
        ("people", _("Without a card"), door.walk_in),
        ("all", _("Heads counted"), door.headcount),
        ("ext", _("Imported"), door.imported),
    ]
    always = ("all",) if sensitive else ("scan", "people")
    return [row for row in rows if row[2] or row[0] in always]


def _page(
    session: Session, before: Before, form: ClosingForm, *, status: int, asks_once_more: bool = False
) -> tuple[str, int]:
    manual = None
    if form.adults.data is not None or form.children.data is not None:
        manual = (form.adults.data or 0) + (form.children.data or 0)
    page = render_template(
        "checkin/closing.html",
        session=session,
        title=title_of(session),
        form=form,
        door=before.door,
        capacity=session.places.capacity,
        may_type_in=not session.sensitive
        and require_actor().can(Permission.REGISTRATIONS_READ, session.activity.organisation_id),
        sources=_sources(before.door, sensitive=session.sensitive),
        closing=before.closing,
        asks_once_more=asks_once_more,
        manual=manual,
        under_scanned=manual is not None and is_under_scanned(manual, before.door.scanned),
    )
    return page, status
