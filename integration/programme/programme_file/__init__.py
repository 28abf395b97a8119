"""The programme file: YAML read with its line numbers, checked as a whole, turned into plain entries."""

from __future__ import annotations

from integration.programme.errors import WrongProgrammeFile
from integration.programme.programme_file.build import programme_entry
from integration.programme.programme_file.checks import rule_errors
from integration.programme.programme_file.entries import ProgrammeEntry
from integration.programme.programme_file.lines import read_source
from integration.programme.programme_file.schema import schema_errors

__all__ = ["ProgrammeEntry", "read_programme"]


def read_programme(content: bytes) -> ProgrammeEntry:
    """The programme that a file describes; WrongProgrammeFile names everything that is wrong with it."""
    source = read_source(content)
    errors = {*source.errors, *schema_errors(source), *rule_errors(source)}
    if errors:
        raise WrongProgrammeFile(sorted(errors))
    return programme_entry(source.data)
