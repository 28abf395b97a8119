"""Why a programme file is not loaded."""

from __future__ import annotations

from dataclasses import dataclass

from integration.kernel.errors import Refusal


@dataclass(frozen=True, order=True)
class FileError:
    """One thing to correct in a programme file, where it is and what to do."""

    line: int
    path: str
    advice: str

    def __str__(self) -> str:
        where = f"line {self.line}: {self.path}" if self.path else f"line {self.line}"
        return f"{where}: {self.advice}"


class WrongProgrammeFile(Refusal):
    """The file does not describe a programme; ``errors`` holds all that is wrong with it, by line."""

    def __init__(self, errors: list[FileError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


class EditedInApp(Refusal):
    """Rows were edited in the application since the file was loaded; loading would undo that."""

    def __init__(self, edits: list[str]) -> None:
        super().__init__("\n".join(edits))
        self.edits = tuple(edits)


class StillInUse(Refusal):
    """The file leaves out rows that hold data or that activities serve."""

    def __init__(self, rows: list[str]) -> None:
        super().__init__("\n".join(rows))
        self.rows = tuple(rows)


class ProgrammeClosed(Refusal):
    """Every figure is locked: the programme is read-only."""


class FigureLocked(Refusal):
    """The figure of ``year`` is locked: what it was measured against stays as it was."""

    def __init__(self, year: int) -> None:
        super().__init__()
        self.year = year


class OutsideItsYears(Refusal):
    """Something would apply in years that what it stands under does not have."""


class SlugTaken(Refusal):
    """Another programme has this address."""


class NotAfter(Refusal):
    """A successor begins after the former programme's last year, ``last_year``, and ends no earlier than it begins."""

    def __init__(self, last_year: int) -> None:
        super().__init__()
        self.last_year = last_year


class MergedIntoNothing(Refusal):
    """An action is merged into one that itself does not go on; ``action_id`` says which."""

    def __init__(self, action_id: int) -> None:
        super().__init__()
        self.action_id = action_id


class NameTaken(Refusal):
    """Another organisation in use has this name."""


class StillAnswers(Refusal):
    """An organisation answers for actions today or later: somebody has to take over before it goes out of use."""
