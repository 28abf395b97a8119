"""Invented reports of the years behind us: figures, milestones, assessments and one report that was published.

The first year is locked for good, the next one accepted, the last one as a year looks in the spring after it: some
handed in, some drafts, some missing. Every number says that it is invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from integration.indicators.models import Provenance, Report, Stage
from integration.indicators.queries import exact_figures
from integration.indicators.rules import percent
from integration.indicators.services.whole_years import lock_year
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind, Programme
from integration.programme.queries import ActionOutline, IndicatorOutline, ProgrammeOutline, programme_outline
from integration.report.models import ActionStatus, Assessment, MeterVerdict, NextStep, ReportKind
from integration.report.services import files_of, freeze, order_edition, write_prose

INVENTED = "Påhittad uppgift. / Keksitty tieto. / An invented figure."
LINK = "https://example.invalid/"
SIZES = {
    "count": (1, 40),
    "persons": (12, 320),
    "euro": (4_000, 60_000),
    "languages": (2, 9),
    "sessions": (2, 20),
    "visits": (60, 1_500),
}
"""Unit > the numbers between which the dice choose."""
STAGES = {
    1: ((Stage.ACCEPTED, 17), (None, 2), (Stage.REPORTED, 1)),
    2: ((Stage.REPORTED, 6), (Stage.ACCEPTED, 6), (Stage.DRAFT, 2), (None, 6)),
    3: ((None, 13), (Stage.DRAFT, 5), (Stage.REPORTED, 2)),
}
"""Year of the programme, the first being 0 > how its figures stand, with their weights; None: nothing was said."""
COMMENTS = (
    {"sv": "Påhittad kommentar: arbetet går framåt.", "fi": "Keksitty kommentti: työ etenee."},
    {
        "sv": "Påhittad kommentar: vi saknade resurser i år.",
        "fi": "Keksitty kommentti: resursseja puuttui tänä vuonna.",
    },
)
EFFECTS = (
    {"sv": "Påhittad bedömning: fler deltar än förut.", "fi": "Keksitty arvio: osallistujia on aiempaa enemmän."},
    {"sv": "Påhittad bedömning: effekten syns inte än.", "fi": "Keksitty arvio: vaikutus ei vielä näy."},
)
SUMMARY = {
    "sv": "Påhittad text. Det här är en provrapport: alla siffror i den är påhittade.",
    "fi": "Keksitty teksti. Tämä on koeraportti: kaikki sen luvut ovat keksittyjä.",
    "en": "An invented text. This is a trial report: every figure in it is invented.",
}


def plant_reports(db_session: DbSession, programme: Programme, dice: random.Random, now: datetime) -> None:
    """Report and assess the years behind us, lock the first, publish a report of the one before the last."""
    outline = programme_outline(db_session, programme.id)
    if outline is None:
        return
    this_year = local_date(now).year
    years = [year for year in outline.years if year <= this_year]
    indicators = [indicator for line in outline.lines for indicator in line.indicators]
    for place, year in enumerate(years):
        db_session.add_all(
            report
            for indicator in indicators
            if indicator.kind is not IndicatorKind.COMPUTED and indicator.applies_in(year)
            for report in _report(indicator, year, place, dice, this_year)
        )
        if year < this_year:
            db_session.add_all(_assessments(outline, year, place, dice))
    db_session.flush()
    if years[0] < this_year:
        exact = exact_figures(db_session, outline, years[0], local_date(now))
        lock_year(db_session, outline, years[0], exact, without=INVENTED, account_id=0, now=now)
    if len(years) > 1:
        _publish(db_session, outline, years[1], now)


def _report(
    indicator: IndicatorOutline, year: int, place: int, dice: random.Random, this_year: int
) -> Iterator[Report]:
    """What was said of an indicator in a year, if anything was."""
    stages, weights = zip(*STAGES.get(place, STAGES[1]), strict=True)
    stage = Stage.ACCEPTED if place == 0 else dice.choices(stages, weights)[0]
    report = Report(indicator_id=indicator.id, year=year, revision=1, stage=stage, applies=True, personal=False)
    at = (
        datetime(min(year + 1, this_year), 1, 20, 9, tzinfo=UTC)
        if year < this_year
        else datetime(year, 10, 1, tzinfo=UTC)
    )
    report.opened_at, report.comment = at, INVENTED
    report.provenance = Provenance.EXTERNAL if indicator.kind is IndicatorKind.EXTERNAL else Provenance.REPORTED
    if stage in (Stage.REPORTED, Stage.ACCEPTED):
        report.reported_at = at
    if stage is Stage.ACCEPTED:
        report.accepted_at = at + timedelta(days=30)
    told = _milestone(report, indicator, year, dice) if indicator.kind is IndicatorKind.MILESTONE else True
    if indicator.kind is not IndicatorKind.MILESTONE:
        _number(report, indicator, dice)
    if stage is not None and told:
        yield report


def _milestone(report: Report, indicator: IndicatorOutline, year: int, dice: random.Random) -> bool:
    """The day on which something was reached; three of four are, once they are due."""
    reached = dice.random() < 0.75
    day = date(year, dice.randint(2, 9), dice.randint(1, 28))
    if indicator.due_year is not None and not indicator.yearly:
        reached = reached and year == indicator.due_year
    report.reached_on, report.link = day, LINK
    return reached


def _number(report: Report, indicator: IndicatorOutline, dice: random.Random) -> None:
    """A number of a plausible size, one in fifteen of them a real zero, or that the meter does not apply."""
    report.personal = indicator.unit == "persons"
    report.link = LINK if indicator.kind is IndicatorKind.EXTERNAL else None
    lower, upper = SIZES.get(indicator.unit, SIZES["count"])
    aim = indicator.target_in(report.year)
    if aim is not None and indicator.unit != "share":
        lower, upper = max(aim.lower * 3 // 4, 1), max(aim.lower * 5 // 4, 2)
    value, luck = dice.randint(lower, upper), dice.random()
    if luck < 0.05:
        report.applies, report.provenance = False, Provenance.REPORTED
    elif indicator.unit == "share":
        report.denominator = dice.randint(30, 240)
        report.numerator = round(report.denominator * dice.uniform(0.2, 0.8))
        report.value = percent(report.numerator, report.denominator)
    else:
        report.value = 0 if luck < 0.12 and aim is None else value


def _assessments(outline: ProgrammeOutline, year: int, place: int, dice: random.Random) -> Iterator[Assessment]:
    """The council has been through nearly every action of the first years, and through half of the last one."""
    share = (0.95, 0.9, 0.5)[min(place, 2)]
    for number, action in enumerate(outline.actions):
        fates = (NextStep.CONTINUE, NextStep.CHANGE, NextStep.END, NextStep.MERGE)
        step = dice.choices(fates, (12, 4, 1, 1) if number else (1, 0, 0, 0))[0]
        comment, effect = dice.choice(COMMENTS), dice.choice(EFFECTS)
        decided = dice.random() < share
        if not decided and dice.random() < 0.5:
            continue
        yield _assessment(outline.actions, action, year, step if decided else None, comment, effect)


def _assessment(
    actions: tuple[ActionOutline, ...],
    action: ActionOutline,
    year: int,
    step: NextStep | None,
    comment: dict[str, str],
    effect: dict[str, str],
) -> Assessment:
    at = datetime(year + 1, 2, 10, 15, tzinfo=UTC)
    return Assessment(
        action_id=action.id,
        year=year,
        status=ActionStatus.DONE if step is NextStep.END else ActionStatus.UNDER_WAY,
        owner_comment=comment,
        effect=effect if step else {},
        next_step=step,
        next_step_text={},
        merge_into_id=actions[0].id if step is NextStep.MERGE else None,
        meter_verdict=MeterVerdict.KEEP if step else None,
        decided_at=at if step else None,
        changed_at=at,
    )


def _publish(db_session: DbSession, outline: ProgrammeOutline, year: int, now: datetime) -> None:
    """One report that was published, marked as a trial in its own summary."""
    write_prose(db_session, outline, ReportKind.ANNUAL, year, None, SUMMARY, account_id=0, now=now)
    domain = outline.domains[0].id
    write_prose(db_session, outline, ReportKind.ANNUAL, year, domain, {"sv": COMMENTS[0]["sv"]}, account_id=0, now=now)
    order = order_edition(db_session, outline, ReportKind.ANNUAL, year, number=1, account_id=0, now=now)
    freeze(db_session, order, files_of(order), now)
