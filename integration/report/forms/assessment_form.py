"""The assessment of an action's year: the owner's word, and what the council decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.kernel.database import Texts
from integration.report.models import ActionStatus, Assessment, MeterVerdict, NextStep
from integration.report.rules import Judgement
from integration.web.fields import lines, may_be_empty

LANGUAGES = ("sv", "fi", "en")
TEXTS = ("owner_comment", "effect", "next_step_text")


class AssessmentForm(FlaskForm):
    """Every text in up to three languages; one is enough to begin with."""

    status = RadioField(_l("How far has it come?"), validators=[may_be_empty()])
    owner_comment_sv = lines(_l("In Swedish"), 2000, may_be_empty())
    owner_comment_fi = lines(_l("In Finnish"), 2000, may_be_empty())
    owner_comment_en = lines(_l("In English"), 2000, may_be_empty())
    effect_sv = lines(_l("In Swedish"), 2000, may_be_empty())
    effect_fi = lines(_l("In Finnish"), 2000, may_be_empty())
    effect_en = lines(_l("In English"), 2000, may_be_empty())
    next_step = RadioField(_l("What happens next?"), validators=[may_be_empty()])
    next_step_text_sv = lines(_l("In Swedish"), 2000, may_be_empty())
    next_step_text_fi = lines(_l("In Finnish"), 2000, may_be_empty())
    next_step_text_en = lines(_l("In English"), 2000, may_be_empty())
    merge_into = SelectField(_l("Merge into which action?"), validators=[may_be_empty()])
    meter_verdict = RadioField(_l("Does the meter say what we want to know?"), validators=[may_be_empty()])

    def offer(self, others: Sequence[tuple[str, str]]) -> None:
        """Fill the choices; ``others``: slug and title of the actions that this one may be merged into."""
        self.status.choices = [SelectChoice(each.value, word) for each, word in status_words().items()]
        self.next_step.choices = [SelectChoice(each.value, word) for each, word in next_step_words().items()]
        self.meter_verdict.choices = [SelectChoice(each.value, word) for each, word in verdict_words().items()]
        self.merge_into.choices = [SelectChoice("", "–"), *(SelectChoice(slug, title) for slug, title in others)]

    def validate_next_step(self, field: Any) -> None:
        """Whoever merges says into what."""
        if field.data == NextStep.MERGE and not self.merge_into.data:
            raise ValidationError(_("Choose the action that it is merged into."))

    def judgement(self, *, decides: bool) -> Judgement:
        """What was typed; the council's part only from those who decide."""
        texts = {name: self._texts(name) for name in TEXTS}
        status = ActionStatus(self.status.data) if self.status.data else None
        if not decides:
            return Judgement(status=status, owner_comment=texts["owner_comment"])
        step = NextStep(self.next_step.data) if self.next_step.data else None
        return Judgement(
            status=status,
            owner_comment=texts["owner_comment"],
            effect=texts["effect"],
            next_step=step,
            next_step_text=texts["next_step_text"],
            merge_into=self.merge_into.data if step is NextStep.MERGE else None,
            meter_verdict=MeterVerdict(self.meter_verdict.data) if self.meter_verdict.data else None,
        )

    def _texts(self, name: str) -> Texts:
        typed = {code: self[f"{name}_{code}"].data or "" for code in LANGUAGES}
        return {code: text for code, text in typed.items() if text}


def answers_of(assessment: Assessment | None, merge_into: str) -> dict[str, Any]:
    """An assessment as the form's answers."""
    if assessment is None:
        return {}
    texts = {f"{name}_{code}": getattr(assessment, name).get(code, "") for name in TEXTS for code in LANGUAGES}
    words = {name: getattr(assessment, name) or "" for name in ("status", "next_step", "meter_verdict")}
    return {**texts, **words, "merge_into": merge_into}


def status_words() -> dict[ActionStatus, str]:
    """How far an action has come, in words."""
    return {
        ActionStatus.NOT_BEGUN: _("Not begun"),
        ActionStatus.UNDER_WAY: _("Under way"),
        ActionStatus.DONE: _("Done"),
        ActionStatus.PAUSED: _("Paused"),
        ActionStatus.DROPPED: _("Given up"),
    }


def next_step_words() -> dict[NextStep, str]:
    """What comes after, in words."""
    return {
        NextStep.CONTINUE: _("Continues as it is"),
        NextStep.CHANGE: _("Continues with a change"),
        NextStep.END: _("Ends"),
        NextStep.MERGE: _("Is merged into another action"),
    }


def verdict_words() -> dict[MeterVerdict, str]:
    """What becomes of the meter, in words."""
    return {
        MeterVerdict.KEEP: _("Yes, keep it"),
        MeterVerdict.CHANGE: _("Change it"),
        MeterVerdict.DROP: _("Drop it"),
    }
