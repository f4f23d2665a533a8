"""How rules and data say no: one exception for a refusal, one record for a faulty cell."""

from dataclasses import asdict, dataclass
from typing import Any


class Refused(Exception):
    """A rule or the data refuses an act; nothing has been changed.

    ``code`` is stable and for programs, ``message`` is for people, in their language.
    ``details`` holds further keys for the JSON of a command.
    """

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = str(message)
        self.details = details

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, **self.details}


class NotAllowed(Refused):
    """The actor may not do this, by role, by division or because of the four-eyes rule."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One faulty cell of an imported file: row as Excel counts it, column by its header.

    ``sheet`` is named where several sheets of a workbook are read.
    """

    row: int
    column: str
    value: str
    code: str
    message: str
    sheet: str = ""

    def as_json(self) -> dict[str, Any]:
        fault = asdict(self)
        if not self.sheet:
            del fault["sheet"]
        return fault
