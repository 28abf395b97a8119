"""The poster of an activity: what it is to show, and the PDF."""

from __future__ import annotations

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration.accounts.rules import Permission
from integration.activities import queries
from integration.activities.errors import NothingToHang
from integration.activities.forms import PosterForm
from integration.activities.forms.poster_form import ALL
from integration.activities.models import Activity, Session
from integration.activities.poster import can_hang, poster_of, sessions_to_print
from integration.activities.staff_routes.blueprint import Page, blueprint, own_activity
from integration.i18n.dates import day, time_range
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires
from integration.web.errors import answer
from integration.web.posters import PaperSize, languages_offered, poster_pdf


def _nothing_to_hang(_refusal: Exception) -> AnyResponse:
    return answer(404)


blueprint.register_error_handler(NothingToHang, _nothing_to_hang)


@blueprint.get("/<language:language>/staff/activities/<slug>/poster")
@requires(Permission.SESSIONS_WRITE)
def poster(slug: str) -> Page:
    """Choose what the poster shows."""
    found = own_activity(slug)
    return _page(found, _form(found, _sessions(found)))


@blueprint.get("/<language:language>/staff/activities/<slug>/poster.pdf")
@requires(Permission.SESSIONS_WRITE)
def poster_file(slug: str) -> Page:
    """The poster as PDF."""
    found = own_activity(slug)
    if not can_hang(found):
        raise NothingToHang(slug)
    sessions = _sessions(found)
    form = _form(found, sessions)
    if not form.validate():
        return _page(found, form)
    shown = [each for each in sessions if form.dates.data in (ALL, each.key)]
    languages = form.languages()
    made = poster_of(found, shown, languages[0], single=form.dates.data != ALL)
    pdf = Response(poster_pdf(made, PaperSize(form.size.data), languages), mimetype="application/pdf")
    pdf.headers["Content-Disposition"] = f'inline; filename="{found.slug}-{form.size.data}.pdf"'
    return pdf


def _sessions(activity: Activity) -> list[Session]:
    return sessions_to_print(queries.sessions_of_activity(db.session(), activity.id, utc_now()))


def _form(activity: Activity, sessions: list[Session]) -> PosterForm:
    form = PosterForm(request.args)
    venue = activity.venue.name if activity.venue else None
    dates = [(each.key, f"{day(each.starts_at)} {time_range(each.starts_at, each.ends_at)}") for each in sessions]
    form.offer(languages_offered(activity.title, venue), dates)
    for chosen, fallback in ((form.dates, ALL), (form.top, "sv"), (form.size, PaperSize.A4.value)):
        chosen.data = chosen.data if request.args.get(chosen.name) else fallback
    return form


def _page(activity: Activity, form: PosterForm) -> tuple[str, int]:
    page = render_template(
        "activities/poster.html",
        activity=activity,
        form=form,
        can_hang=can_hang(activity),
        section="activities_staff.activities",
    )
    return page, 422 if form.errors else 200
