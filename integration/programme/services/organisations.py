"""The organisations of the programmes: adding one, renaming it, and putting it out of use. None is ever deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from integration.audit.services import Audited, record
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession, Texts
from integration.organisations.models import Organisation, OrganisationEdit, OrganisationKind
from integration.organisations.queries import living_organisations, organisations_by_slug
from integration.programme.errors import NameTaken, StillAnswers
from integration.programme.queries import parts_of
from integration.programme.rules import slug_of
from integration.programme.services.editing import Editor, parties_of, set_parties


def add_organisation(db_session: DbSession, name: Texts, kind: OrganisationKind, by: Editor) -> Organisation:
    """Add an organisation, which every programme and activity may name from now on. Raises NameTaken."""
    _require_free(db_session, name)
    slug = slug_of(name.get("sv") or next(iter(name.values())), organisations_by_slug(db_session))
    made = Organisation(slug=slug, kind=kind, name=name)
    try:
        with db_session.begin_nested():
            db_session.add(made)
    except sa.exc.IntegrityError as problem:  # somebody else added it in this moment
        raise NameTaken from problem
    _note(db_session, made, {}, {"name": name, "organisation_kind": kind}, by)
    return made


def edit_organisation(
    db_session: DbSession, organisation: Organisation, name: Texts, kind: OrganisationKind, by: Editor
) -> bool:
    """Change what it is called and what it is; False when nothing differs. Its slug stays. Raises NameTaken."""
    _require_free(db_session, name, besides=organisation.id)
    present = {"name": organisation.name, "organisation_kind": organisation.kind}
    after = {key: value for key, value in {"name": name, "organisation_kind": kind}.items() if value != present[key]}
    if not after:
        return False
    before = {key: present[key] for key in after}
    organisation.name, organisation.kind = name, kind
    _note(db_session, organisation, before, after, by)
    return True


def retire_organisation(db_session: DbSession, organisation: Organisation, by: Editor) -> None:
    """Put it out of use: it is offered nowhere, and takes part in no action after today. Raises StillAnswers."""
    if organisation.retired_at is not None:
        return
    today = local_date(by.now)
    parts = parts_of(db_session, organisation.id, today)
    if any(each.answers for each in parts):
        raise StillAnswers
    for each in {each.action.id: each for each in parts if each.programme.closed_at is None}.values():
        left = [
            replace(term, ends_on=min(today, term.ends_on or today))
            if term.organisation_id == organisation.id
            else term
            for term in parties_of(each.action)
            if term.organisation_id != organisation.id or term.starts_on <= today
        ]
        set_parties(db_session, each.programme, each.action, left, by)
    organisation.retired_at = by.now
    _note(db_session, organisation, {"retired": False}, {"retired": True}, by)


def bring_back(db_session: DbSession, organisation: Organisation, by: Editor) -> None:
    """Let it be chosen again; what it took part in does not begin again by itself. Raises NameTaken."""
    if organisation.retired_at is None:
        return
    _require_free(db_session, organisation.name, besides=organisation.id)
    organisation.retired_at = None
    _note(db_session, organisation, {"retired": True}, {"retired": False}, by)


def _require_free(db_session: DbSession, name: Texts, besides: int | None = None) -> None:
    wanted = {text.casefold().strip() for text in name.values()}
    for each in living_organisations(db_session):
        if each.id != besides and wanted & {text.casefold().strip() for text in each.name.values()}:
            raise NameTaken


def _note(
    db_session: DbSession, organisation: Organisation, before: dict[str, Any], after: dict[str, Any], by: Editor
) -> None:
    db_session.add(
        OrganisationEdit(
            organisation_id=organisation.id, before=before, after=after, at=by.now, account_id=by.account_id
        )
    )
    db_session.flush()
    facts = {"account_id": by.account_id, "now": by.now, "changed": sorted(after)}
    record(db_session, Audited.ORGANISATION_SAVED, "organisation", organisation.id, **facts)  # type: ignore[arg-type]
