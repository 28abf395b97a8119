"""The yearly assessment, one action at a time: at a desk, or large on the wall of a meeting."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.errors import NotPermitted
from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.i18n.routing import current_code
from integration.i18n.texts import Localized, localize
from integration.indicators.queries import ProgrammeFigures, programme_figures
from integration.indicators.rules import State
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.programme.models import IndicatorKind
from integration.programme.queries import ActionOutline, ProgrammeOutline
from integration.report.forms import AssessmentForm
from integration.report.forms.assessment_form import answers_of, next_step_words, status_words
from integration.report.models import Assessment
from integration.report.queries import assessments_of
from integration.report.routes.charts import ChartTarget, ChartYear, drawing_of, series_of, target_of
from integration.report.routes.dashboard import owners
from integration.report.routes.reading import outline_of
from integration.report.routes.words import state_detail, target_text
from integration.report.services import assess
from integration.report.staff_routes.blueprint import blueprint, decides, reports_for, require_year
from integration.web.access import requires


@dataclass(frozen=True, slots=True)
class MeterView:
    """One meter of an action with its picture."""

    title: Localized
    drawing: str
    series: list[ChartYear]
    target: ChartTarget | None
    aim: str
    state: State
    detail: str


@blueprint.get("/<language:language>/staff/programmes/<programme>/assessment/<int:year>")
@requires(Permission.PROGRAMME_DRAFTS)
def assessments(programme: str, year: int) -> str:
    """Every action, what has been said of it, and what has been decided."""
    outline = outline_of(db.session(), programme)
    require_year(outline, year)
    return render_template(
        "report/assessments.html",
        programme=outline,
        year=year,
        said=assessments_of(db.session(), outline.id, year),
        status_words=status_words(),
        next_step_words=next_step_words(),
        decides=decides(),
    )


@blueprint.route(
    "/<language:language>/staff/programmes/<programme>/assessment/<int:year>/<action>", methods=["GET", "POST"]
)
@requires(Permission.PROGRAMME_DRAFTS)
def assessment(programme: str, year: int, action: str) -> Response | tuple[str, int]:
    """One action's year. ``?meeting=1`` shows it large, and saving goes on to the next one."""
    outline = outline_of(db.session(), programme)
    require_year(outline, year)
    found = next((each for each in outline.actions if each.slug == action), None)
    if found is None:
        raise NotFound
    said = assessments_of(db.session(), outline.id, year).get(found.id)
    form = _form(outline, found, said)
    if request.method == "POST" and not (decides() or reports_for(found, year, local_date(utc_now()))):
        raise NotPermitted(found.id)
    if not form.validate_on_submit():
        return _page(outline, found, year, form, said)
    assess(
        db.session(),
        outline,
        found,
        year,
        form.judgement(decides=decides()),
        decides=decides(),
        account_id=require_actor().account_id,
        now=utc_now(),
    )
    flash(_("The assessment is kept."))
    return redirect(_onward(outline, found, year), 303)


def _form(outline: ProgrammeOutline, action: ActionOutline, said: Assessment | None) -> AssessmentForm:
    slugs = {each.id: each.slug for each in outline.actions}
    form = AssessmentForm(data=answers_of(said, slugs.get(said.merge_into_id or 0, "") if said else ""))
    code = current_code()
    form.offer(
        [
            (each.slug, f"{each.number}. {localize(each.title, code).text}")
            for each in outline.actions
            if each.id != action.id
        ]
    )
    return form


def _onward(outline: ProgrammeOutline, action: ActionOutline, year: int) -> str:
    """In a meeting to the next action; at a desk back to this one."""
    meeting = request.args.get("meeting") == "1"
    _before, after = _neighbours(outline, action)
    onto = after if meeting and after else action
    return url_for(
        "report_staff.assessment",
        programme=outline.slug,
        year=year,
        action=onto.slug,
        meeting="1" if meeting else None,
    )


def _neighbours(outline: ProgrammeOutline, action: ActionOutline) -> tuple[ActionOutline | None, ActionOutline | None]:
    actions = outline.actions
    place = actions.index(action)
    before = actions[place - 1] if place else None
    return before, actions[place + 1] if place + 1 < len(actions) else None


def _page(
    outline: ProgrammeOutline, action: ActionOutline, year: int, form: AssessmentForm, said: Assessment | None
) -> tuple[str, int]:
    figures = programme_figures(db.session(), outline, local_date(utc_now()), council=True)
    before, after = _neighbours(outline, action)
    domain = next(each for each in outline.domains if any(action in goal.actions for goal in each.goals))
    page = render_template(
        "report/assessment.html",
        programme=outline,
        year=year,
        action=action,
        domain=domain,
        owner=owners(action, figures.today),
        meters=_meters(figures, action, year),
        form=form,
        said=said,
        before=before,
        after=after,
        place=outline.actions.index(action) + 1,
        meeting=request.args.get("meeting") == "1",
        decides=decides(),
        writable=decides() or reports_for(action, year, figures.today),
    )
    return page, 422 if form.errors else 200


def _meters(figures: ProgrammeFigures, action: ActionOutline, year: int) -> list[MeterView]:
    views = []
    for line in action.lines:
        main, years = line.main, figures.of(line.main)
        shown = next(each for each in years if each.year == year)
        aim = main.target_in(year) if main.kind is not IndicatorKind.MILESTONE else None
        views.append(
            MeterView(
                title=localize(main.title, current_code()),
                drawing=drawing_of(main),
                series=series_of(years, main),
                target=target_of(years, main),
                aim=target_text(aim) if aim else "",
                state=shown.state,
                detail=state_detail(shown, main),
            )
        )
    return views
