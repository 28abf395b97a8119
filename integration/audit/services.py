"""Writing to the audit trail."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from integration.audit.models import AuditEntry
from integration.kernel.database import DbSession


class Audited(StrEnum):
    """Everything that leaves a trace: feature and verb in the past tense."""

    SIGNED_IN = "accounts.signed_in"
    SIGNED_OUT = "accounts.signed_out"
    ACCOUNT_CREATED = "accounts.account_created"
    ACCOUNT_CLOSED = "accounts.account_closed"
    PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105 - the name of a deed, no password
    PROGRAMME_LOADED = "programme.loaded"
    PROGRAMME_SUCCEEDED = "programme.succeeded"
    PROGRAMME_EDITED = "programme.edited"
    ORGANISATION_SAVED = "programme.organisation_saved"
    PROGRAMME_PUBLISHED = "programme.published"
    ACTIVITY_SAVED = "activities.activity_saved"
    VENUE_SAVED = "activities.venue_saved"
    SESSION_SAVED = "activities.session_saved"
    SESSIONS_REPEATED = "activities.sessions_repeated"
    SESSION_MOVED = "activities.session_moved"
    SESSION_CANCELLED = "activities.session_cancelled"
    SESSION_RESTORED = "activities.session_restored"
    SLOTS_CHANGED = "activities.slots_changed"
    REGISTRATIONS_READ = "registration.list_read"
    REGISTRATIONS_EXPORTED = "registration.list_exported"
    PLACES_BEYOND = "registration.places_beyond"
    REGISTRATION_ADDED = "registration.added"
    REGISTRATION_CHANGED = "registration.places_changed"
    REGISTRATION_MOVED = "registration.moved"
    REGISTRATION_CANCELLED = "registration.cancelled"
    MESSAGE_SENT = "registration.message_sent"
    MESSAGE_RESENT = "registration.message_resent"
    SIGN_UPS_HELD = "registration.sign_ups_held"
    HOLD_ACCEPTED = "registration.hold_accepted"
    HOLD_REMOVED = "registration.hold_removed"
    GROUP_CHANGED = "registration.group_changed"
    STAND_ANSWERED = "registration.stand_answered"
    CARDS_ISSUED = "registration.cards_issued"
    CARDS_PRINTED = "registration.cards_printed"
    CARD_READ = "registration.card_read"
    CARD_REISSUED = "registration.card_reissued"
    CARD_NAMED = "registration.card_named"
    HOUSEHOLD_NAMED = "registration.household_named"
    HOUSEHOLDS_MERGED = "registration.households_merged"
    DOOR_OPENED = "checkin.door_opened"
    DOOR_LINK_MADE = "checkin.link_made"
    DOOR_PAIRED = "checkin.door_paired"
    DOOR_REVOKED = "checkin.door_revoked"
    DOOR_SEARCHED = "checkin.door_searched"
    SCAN_DECIDED = "checkin.scan_decided"
    SESSION_CLOSED = "checkin.session_closed"
    GROUPS_COUNTED = "checkin.groups_counted"
    SELF_CHECK_IN_OPENED = "checkin.self_check_in_opened"
    SHEET_ENTERED = "checkin.sheet_entered"
    FIGURE_STEPPED = "indicators.figure_stepped"
    EVIDENCE_ADDED = "indicators.evidence_added"
    EVIDENCE_REMOVED = "indicators.evidence_removed"
    YEAR_CLOSED = "indicators.year_closed"
    HISTORY_UPLOADED = "history.file_uploaded"
    HISTORY_IMPORTED = "history.imported"
    HISTORY_UNDONE = "history.undone"
    ASSESSMENT_SAVED = "report.assessment_saved"
    REPORT_WRITTEN = "report.text_written"
    EDITION_ORDERED = "report.edition_ordered"
    EDITION_PUBLISHED = "report.edition_published"


def record(
    db_session: DbSession,
    action: Audited,
    subject: str,
    subject_id: int | str,
    *,
    account_id: int | None,
    now: datetime,
    **facts: object,
) -> None:
    """Append one entry to the trail, in the same transaction as what it tells of."""
    db_session.add(
        AuditEntry(
            at=now,
            account_id=account_id,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            facts=facts,
        )
    )
