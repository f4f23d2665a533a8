"""The figures of the board in the words of page, report and workbook."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .display import chance_text, one_place_text, signed_text


def year_line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A year of the figures in words; ``met`` is empty while the year runs."""
    reached, target = row["reached"], row["target"]
    return {
        **row,
        "met": None if reached is None or target is None else reached >= target,
        "chance": _text(row["probability"], chance_text),
        "mean": _text(row["mean"], one_place_text),
        "net": _text(row["net"], signed_text),
        "pass_rate": _text(row["pass_rate"], chance_text),
        "parts": [{**part, "expected": _text(part["expected"], one_place_text)} for part in row["parts"]],
    }


def _text(exact: str | None, words: Any) -> str:
    return "" if exact is None else words(Decimal(exact))
