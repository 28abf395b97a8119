"""Verbs of indicators, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.indicators.services.evidence import add_evidence, remove_evidence
from integration.indicators.services.folding import fold_due, fold_together, rebuild, unfold, unfold_together
from integration.indicators.services.reporting import (
    accept_report,
    lock_figure,
    reopen_figure,
    save_report,
    send_report_back,
)
from integration.indicators.services.years import (
    clear_keys_again,
    clear_old_keys,
    close_year_if_final,
    keep_what_was_asked,
)

__all__ = [
    "accept_report",
    "add_evidence",
    "clear_keys_again",
    "clear_old_keys",
    "close_year_if_final",
    "fold_due",
    "fold_together",
    "keep_what_was_asked",
    "lock_figure",
    "rebuild",
    "remove_evidence",
    "reopen_figure",
    "save_report",
    "send_report_back",
    "unfold",
    "unfold_together",
]
