"""What taking over a list of new rows comes to."""

from dataclasses import dataclass, field
from typing import Any

from config.common.errors import RowError


@dataclass(slots=True)
class ListReport:
    """What an import did, or would do; the figures count rows."""

    rows: int
    created: int = 0
    unchanged: int = 0
    warnings: list[RowError] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "created": self.created,
            "unchanged": self.unchanged,
            "warnings": [warning.as_json() for warning in self.warnings],
            "errors": [],
        }
