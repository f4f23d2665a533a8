"""What taking over a table comes to."""

from dataclasses import dataclass, field
from typing import Any

from config.common.errors import RowError


@dataclass
class TableReport:
    """What an import did, or would do; the figures count rows. Subclasses add what else they count."""

    rows: int = 0
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
