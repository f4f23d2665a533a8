"""The parts of a recorded forecast in words: stages, groups, sources of firms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cultivation.forecasting.parts import RENEWAL
from cultivation.rules.display import decimal_text
from cultivation.selectors.forecast_words import part_name
from cultivation.selectors.parameters import prior_meanings

_GROUPS: Mapping[str, str | Promise] = {
    "recent": gettext_lazy("not long in the stage"),
    "long": gettext_lazy("long in the stage"),
    "none": gettext_lazy("not assessed"),
    "pass": gettext_lazy("assessment passed"),
    "manual": gettext_lazy("assessment left to a person"),
    "fail": gettext_lazy("assessment failed"),
    "not_begun": gettext_lazy("renewal not begun"),
    "preparing": gettext_lazy("renewal in preparation"),
    "applied": gettext_lazy("renewal filed"),
    "early": gettext_lazy("ends before October"),
    "late": gettext_lazy("ends from October on"),
}


@dataclass(frozen=True, slots=True)
class PartRow:
    name: str
    firms: int | None
    expected: str


def part_rows(contributions: Iterable[Mapping[str, Any]]) -> list[PartRow]:
    """What each part adds to the mean; parts that hold nothing and bring nothing are left out."""
    return [
        PartRow(part_name(row["key"]), row["firms"], decimal_text(Decimal(row["expected"]), 2, 2))
        for row in contributions
        if row["firms"] or Decimal(row["expected"])
    ]


@dataclass(frozen=True, slots=True)
class StageRow:
    """A group of open firms: how many there are, how many like them were seen and came through, and the estimate."""

    stage: str
    group: str
    firms: int
    seen: int
    came: int
    chance: str


def stage_rows(assumptions: Mapping[str, Any]) -> list[StageRow]:
    rows = []
    for kind, share in (("pipeline", "by_year_end"), ("expiring", "renewal")):
        for row in assumptions[kind]:
            stage = part_name(row.get("stage", RENEWAL))
            rows += [
                StageRow(
                    stage,
                    _(", ").join(str(_GROUPS.get(word, word)) for word in group["group"].split("/")),
                    group["count"],
                    group["observed"],
                    group["came_through"],
                    decimal_text(Decimal(group[share]) * 100, 1, 1) + "%",
                )
                for group in row["groups"]
            ]
    return rows


@dataclass(frozen=True, slots=True)
class PriorRow:
    meaning: str
    value: str
    weight: str
    source: str


def prior_rows(priors: Iterable[Mapping[str, Any]]) -> list[PriorRow]:
    """The priors in the words of the reference data."""
    meanings = prior_meanings()
    return [
        PriorRow(meanings.get(row["key"], row["key"]), row["value"], row["weight"], row["source"])
        for row in priors
    ]
