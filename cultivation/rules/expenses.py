"""Aggregation of R&D expenses for accreditation (国科发火〔2016〕195号 三（六）), exact and by year.

This is the accreditation caliber: the tax super-deduction's 10 % cap and its limit on foreign spending have
no place here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from .display import money_text, ratio_text
from .facts import EXPENSE_KEYS, Facts, RdExpenses, YearFigures
from .periods import missing_years
from .thresholds import RuleSet

CORE_KEYS = EXPENSE_KEYS[:6]


class OtherCap(StrEnum):
    """The two readings of "其他费用一般不得超过研究开发总费用的 20 %"; the text gives no formula.

    ``internal`` (default, the stricter): total = categories 1–6 and other; ``with_outsourced``: outsourced
    spending at its 80 % belongs to the total too. The cap holds year by year.
    """

    INTERNAL = "internal"
    WITH_OUTSOURCED = "with_outsourced"

    @property
    def alternative(self) -> "OtherCap":
        return OtherCap.WITH_OUTSOURCED if self is OtherCap.INTERNAL else OtherCap.INTERNAL


@dataclass(frozen=True, slots=True)
class YearAggregate:
    """R&D expenses of one year as counted, in yuan, exact.

    ``internal`` holds categories 1–6 and the other expenses allowed; ``total`` = ``internal`` +
    ``outsourced_counted``. ``domestic`` = ``internal`` + domestic outsourcing at 80 %.
    """

    internal: Fraction
    other_limit: Fraction
    other_allowed: Fraction
    outsourced_counted: Fraction
    total: Fraction
    domestic: Fraction

    def as_json(self, year: int | None) -> dict[str, int | str | None]:
        return {
            "year": year,
            "internal": money_text(self.internal),
            "other_allowed": money_text(self.other_allowed),
            "outsourced_counted": money_text(self.outsourced_counted),
            "total": money_text(self.total),
        }


@dataclass(frozen=True, slots=True)
class RdSummary:
    """The years together under one reading of the cap; ``None`` where a figure may not be computed."""

    other_cap: OtherCap
    by_year: tuple[tuple[int | None, YearAggregate | None], ...]
    total: Fraction | None
    domestic: Fraction | None
    sales_total: Fraction | None
    required: Fraction | None

    @property
    def ratio(self) -> Fraction | None:
        """R&D over sales, total over total."""
        return _quotient(self.total, self.sales_total)

    @property
    def domestic_ratio(self) -> Fraction | None:
        """Domestic over all R&D.

        The numerator is a part ("其中") of the total in the application form, so the other expenses above the
        cap are left out on both sides, and outsourced spending counts at 80 % on both sides.
        """
        return _quotient(self.domestic, self.total)

    def as_json(self) -> dict[str, object]:
        return {
            "other_cap": self.other_cap.value,
            "total": _text(self.total, money_text),
            "sales_total": _text(self.sales_total, money_text),
            "ratio": _text(self.ratio, ratio_text),
            "required": _text(self.required, ratio_text),
            "domestic_ratio": _text(self.domestic_ratio, ratio_text),
            "by_year": [
                aggregate.as_json(year) if aggregate else {**_NOTHING, "year": year}
                for year, aggregate in self.by_year
            ],
        }


_NOTHING = dict.fromkeys(("year", "internal", "other_allowed", "outsourced_counted", "total"))


def _text(value: Fraction | None, write: Callable[[Fraction], str]) -> str | None:
    return None if value is None else write(value)


def _quotient(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    return part / whole if part is not None and whole else None


def missing_categories(expenses: RdExpenses) -> tuple[str, ...]:
    """The categories without an amount, by key; a category without spending must say 0."""
    return tuple(key for key in EXPENSE_KEYS if getattr(expenses, key) is None)


def aggregate_year(
    expenses: RdExpenses, rule_set: RuleSet, other_cap: OtherCap = OtherCap.INTERNAL
) -> YearAggregate:
    """The year's countable R&D; raises ``ValueError`` naming the categories that have no amount."""
    if missing := missing_categories(expenses):
        raise ValueError(f"no amount for {', '.join(missing)}")
    core = _sum(getattr(expenses, key) for key in CORE_KEYS)
    counted = rule_set.outsourced_share.value
    domestic_outsourced = Fraction(expenses.outsourced_domestic or 0) * counted
    outsourced = domestic_outsourced + Fraction(expenses.outsourced_foreign or 0) * counted
    rest = core if other_cap is OtherCap.INTERNAL else core + outsourced
    limit = rest * _multiple_of_the_rest(rule_set.other_cap_share.value)
    allowed = min(Fraction(expenses.other or 0), limit)
    internal = core + allowed
    return YearAggregate(
        internal=internal,
        other_limit=limit,
        other_allowed=allowed,
        outsourced_counted=outsourced,
        total=internal + outsourced,
        domestic=internal + domestic_outsourced,
    )


@lru_cache
def _multiple_of_the_rest(share: Fraction) -> Fraction:
    """A part that may be ``share`` of the whole may be this multiple of everything else in the whole."""
    return share / (1 - share)


def _sum(amounts: Iterable[Decimal]) -> Fraction:
    """Amounts have at most 17 digits and a Decimal carries 28, so that adding a few of them first is exact."""
    return Fraction(sum(amounts, Decimal(0)))


def required_ratio(latest_sales: Decimal | Fraction, rule_set: RuleSet) -> Fraction:
    """The R&D share asked for; the band is chosen by the latest year's sales alone (第十一条（五）)."""
    for band in rule_set.intensity_bands:
        if band.sales_up_to is None or latest_sales <= band.sales_up_to:
            return band.required
    raise ValueError("the rule set has no open-ended band")


def summarise(facts: Facts, rule_set: RuleSet, other_cap: OtherCap = OtherCap.INTERNAL) -> RdSummary:
    """All years of the facts under one reading of the cap."""
    years = facts.years or ()
    by_year = tuple((figures.year, _aggregate(figures, rule_set, other_cap)) for figures in years)
    whole = bool(years) and not missing_years(facts)
    aggregates = [aggregate for _, aggregate in by_year if aggregate]
    counted = whole and len(aggregates) == len(years)
    sales = [figures.sales for figures in years if figures.sales is not None]
    latest_sales = years[-1].sales if whole else None
    return RdSummary(
        other_cap=other_cap,
        by_year=by_year,
        total=sum((a.total for a in aggregates), Fraction(0)) if counted else None,
        domestic=sum((a.domestic for a in aggregates), Fraction(0)) if counted else None,
        sales_total=_sum(sales) if whole and len(sales) == len(years) else None,
        required=None if latest_sales is None else required_ratio(latest_sales, rule_set),
    )


def _aggregate(figures: YearFigures, rule_set: RuleSet, other_cap: OtherCap) -> YearAggregate | None:
    if figures.rd is None or missing_categories(figures.rd):
        return None
    return aggregate_year(figures.rd, rule_set, other_cap)
