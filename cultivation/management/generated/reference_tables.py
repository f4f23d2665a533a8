"""The part of ``docs/rules.md`` on figures that are rows of the database: what is loaded first, with its source."""

from collections.abc import Iterator

from cultivation.enums import Verification
from cultivation.reference import rows
from cultivation.rules.thresholds import Mark

_MARKS = {
    Verification.READ: Mark.READ,
    Verification.SECOND_HAND: Mark.SECOND_HAND,
    Verification.UNVERIFIED: Mark.UNVERIFIED,
}

_HEAD = """## Parameters of procedure and tax

Rows of the database as they are first loaded; the administrator adds later ones with a date and a source.

| key | value | valid from | source | mark |
|---|---|---|---|---|"""

_TIERS = """
## Criteria of tiers

Rows of the database as they are first loaded. A criterion without a figure has none in its source; the bureau
enters one with its source, and until then a person answers it.

| tier | key | criterion | at least | valid from | source | mark |
|---|---|---|---|---|---|---|"""


def reference_tables() -> str:
    return "\n".join([_HEAD, *_parameters(), _TIERS, *_criteria(), ""])


def _parameters() -> Iterator[str]:
    for row in rows("parameters.csv"):
        cells = (f"`{row['key']}`", row["value"], row["valid_from"], row["source"], _mark(row))
        yield f"| {' | '.join(cells)} |"


def _criteria() -> Iterator[str]:
    for row in rows("tier_criteria.csv"):
        least = row.get("least") or "none"
        cells = (
            row["tier"],
            f"`{row['key']}`",
            row["text"],
            least,
            row["valid_from"],
            row["table_source"],
            _mark(row),
        )
        yield f"| {' | '.join(cells)} |"


def _mark(row: dict[str, str]) -> str:
    return _MARKS[Verification(row["verification"])].value
