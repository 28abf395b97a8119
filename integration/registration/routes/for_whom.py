"""For whom a phone signs up: for a household that it remembers, again, or for another family."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from integration.kernel.database import db
from integration.registration.forms import OTHER, US
from integration.registration.models import Household
from integration.registration.queries import Known, remembered_cards
from integration.registration.routes.blueprint import codes_of, forget_dead, remembered_secrets


@dataclass(frozen=True)
class Remembered:
    """One household that the phone remembers, as a page with a form shows it."""

    value: str
    name: str | None
    card_url: str
    sign_up_url: str
    forget_url: str
    has_stake: bool


@dataclass(frozen=True)
class ForWhom:
    """What the form is for, and the other ways: links, so that the title above the form can say it plainly."""

    chosen: Remembered | None
    households: list[Remembered]
    other_url: str
    is_for_other: bool

    @property
    def has_form(self) -> bool:
        """Nobody is shown a form without being told for whom: where all are signed up, a link asks first."""
        return self.is_for_other or self.chosen is not None

    @property
    def value(self) -> str:
        """What the form's button says."""
        return self.chosen.value if self.chosen else OTHER


def households_here(session_id: int | None) -> list[Known]:
    """The households that this phone remembers, with what each has at this session, if it is about one."""
    return remembered_cards(db.session(), remembered_secrets(), session_id)


def keep_living(remembered: list[Known]) -> None:
    """Let the phone forget cards that have died; after a sign-up, when it gets an answer that it keeps anyway."""
    forget_dead([codes_of(each.card).link_secret for each in remembered])


def first_known(remembered: list[Known]) -> int | None:
    """Whose phone it is, for the organiser to see that one family may have signed up twice."""
    return remembered[0].card.household_id if remembered else None


def has_stake(known: Known) -> bool:
    """Whether the household has places at the session, or an open turn in its queue."""
    return known.registration is not None or known.entry is not None


def chosen_household(remembered: list[Known]) -> Known | None:
    """Which of the phone's households the form is for: the one asked for, else the first that may come."""
    asked = _asked()
    if asked == OTHER or not remembered:
        return None
    if asked:
        number = int(asked[2:] or 0) if asked[2:].isdigit() or asked == US else 0
        return remembered[number] if number < len(remembered) else remembered[0]
    return next((each for each in remembered if not has_stake(each)), None)


def chosen_by(remembered: list[Known]) -> Household | None:
    """The household itself; None where it is a new one."""
    chosen = chosen_household(remembered)
    return chosen.card.household if chosen else None


def for_whom(remembered: list[Known], here: str) -> ForWhom | None:
    """What the page at the address ``here`` says of for whom; None on a phone that remembers nobody."""
    if not remembered:
        return None
    households = [_remembered(number, each, here) for number, each in enumerate(remembered)]
    chosen = chosen_household(remembered)
    of_form = None if chosen is None or (has_stake(chosen) and not _asked()) else households[remembered.index(chosen)]
    return ForWhom(of_form, households, f"{here}?for={OTHER}#sign-up", _asked() == OTHER)


def _asked() -> str:
    """What the address or the sent form says; a form that says nothing is another family's."""
    said = request.form.get("for") or request.args.get("for", "")
    if said.startswith(US) or said == OTHER:
        return said
    return OTHER if request.method == "POST" else ""


def _remembered(number: int, known: Known, here: str) -> Remembered:
    secret = codes_of(known.card).link_secret
    value = f"{US}{number or ''}"
    return Remembered(
        value=value,
        name=known.card.household.name,
        card_url=url_for("registration.card_page", secret=secret),
        sign_up_url=f"{here}?for={value}#sign-up",
        forget_url=url_for("registration.forget", secret=secret),
        has_stake=has_stake(known),
    )
