"""What taking over a table comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from config.common.errors import RowError

from .preview import Preview, preview_of
from .tables import Table


@dataclass
class TableReport:
    """What an import did, or would do; the figures count rows. Subclasses add what else they count.

    ``shown`` is what the sender sees of the file before it is taken over, a table a sheet.
    """

    rows: int = 0
    created: int = 0
    unchanged: int = 0
    warnings: list[RowError] = field(default_factory=list)
    shown: Sequence[Preview] = ()

    @classmethod
    def of(cls, table: Table) -> Self:
        """Nothing done so far with a table that was read."""
        return cls(rows=len(table.rows), warnings=table.warnings, shown=[preview_of(table)])

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "created": self.created,
            "unchanged": self.unchanged,
            "warnings": [warning.as_json() for warning in self.warnings],
            "errors": [],
        }
