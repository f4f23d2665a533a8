"""What the preferential tax rate and the super-deduction are worth to a firm in a year: an estimate, never advice.

The rates are no rules of this program: they come in as data with their source and how far it was checked. Everything is
exact; amounts are rounded to the fen when they are written, and not before.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .display import money_text
from .super_deduction import COUNTED, EXCLUDED, DeductibleYear, ResearchProject, WrongCaliber

DISCLAIMER = "本结果是按所填数字作的估算，不是税务意见，也不是申报依据；能否享受、享受多少，以主管税务机关的规定和核定为准。"
ASSUMPTIONS = (
    "应纳税所得额为享受加计扣除之前、弥补以前年度亏损之后的金额。",
    "研发费用全部按费用化处理；形成无形资产的按摊销年度另行计算。",
    "应纳税所得额不足扣除的部分不产生当年税额，其结转不在估算之内。",
    "没有计入其他税收优惠，也没有扣减特殊收入和作为不征税收入的财政性资金。",
)
BY_PROJECT = (
    "该年度其他相关费用限额按每一研发项目分别计算；这里只填了各项目合计，逐项目计算的结果不会更高，可能更低。"
)
YEARS_SOURCE = "国科发火〔2016〕32号 第十条"


class Standing(StrEnum):
    """What a certificate says about a calendar year."""

    APPLIES = "applies"
    PROVISIONAL = "provisional"
    LOST = "lost"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage in force in the year, with its source and the mark of its verification."""

    percent: int
    source: str
    verification: str

    @property
    def share(self) -> Fraction:
        return Fraction(self.percent, 100)

    def as_json(self) -> dict[str, Any]:
        return {"percent": self.percent, "source": self.source, "verification": self.verification}


@dataclass(frozen=True, slots=True)
class TaxRates:
    """The three percentages of a year: income tax, income tax of an accredited firm, additional deduction."""

    year: int
    ordinary: Rate
    preferential: Rate
    super_deduction: Rate


@dataclass(frozen=True, slots=True)
class Benefit:
    """The tax of one year by rate and by deduction, in yuan, exact; a firm without taxable income pays none."""

    taxable_income: Fraction
    deductible: DeductibleYear
    rates: TaxRates

    @property
    def additional_deduction(self) -> Fraction:
        return self.deductible.total * self.rates.super_deduction.share

    @property
    def taxed(self) -> Fraction:
        """What is taxed without the super-deduction: never below 0."""
        return max(self.taxable_income, Fraction(0))

    @property
    def taxed_after(self) -> Fraction:
        return max(self.taxable_income - self.additional_deduction, Fraction(0))

    @property
    def unused_deduction(self) -> Fraction:
        """What of the additional deduction meets no income of the year."""
        return self.additional_deduction - (self.taxed - self.taxed_after)

    @property
    def ordinary(self) -> Fraction:
        """At the ordinary rate, without the super-deduction."""
        return self.taxed * self.rates.ordinary.share

    @property
    def ordinary_after(self) -> Fraction:
        return self.taxed_after * self.rates.ordinary.share

    @property
    def preferential(self) -> Fraction:
        """At an accredited firm's rate, without the super-deduction."""
        return self.taxed * self.rates.preferential.share

    @property
    def preferential_after(self) -> Fraction:
        return self.taxed_after * self.rates.preferential.share

    @property
    def by_rate(self) -> Fraction:
        """The lower rate on the taxable income."""
        return self.ordinary - self.preferential

    @property
    def by_deduction(self) -> Fraction:
        """The super-deduction at the lower rate: with ``by_rate`` it makes the whole."""
        return self.preferential - self.preferential_after

    @property
    def by_certificate(self) -> Fraction:
        """What the certificate alone changes: the super-deduction is open to firms without one, too."""
        return self.ordinary_after - self.preferential_after

    @property
    def whole(self) -> Fraction:
        return self.ordinary - self.preferential_after

    def as_json(self) -> dict[str, Any]:
        amounts = (
            "taxable_income",
            "additional_deduction",
            "taxed_after",
            "unused_deduction",
            "ordinary",
            "ordinary_after",
            "preferential",
            "preferential_after",
            "by_rate",
            "by_deduction",
            "by_certificate",
            "whole",
        )
        rates = self.rates
        return {
            "kind": "estimate",
            "is_advice": False,
            "disclaimer": DISCLAIMER,
            "assumptions": list(assumptions(self.deductible)),
            "year": rates.year,
            "rates": {
                "ordinary": rates.ordinary.as_json(),
                "preferential": rates.preferential.as_json(),
                "super_deduction": rates.super_deduction.as_json(),
            },
            "deductible": {
                "rule_set": self.deductible.rules.name,
                "stated": [_stated(project) for project in self.deductible.stated],
                "total": money_text(self.deductible.total),
                "related_limit": money_text(self.deductible.related_limit),
                "related_allowed": money_text(self.deductible.related_allowed),
                "foreign_limit": money_text(self.deductible.foreign_limit),
                "foreign_allowed": money_text(self.deductible.foreign_allowed),
                "excluded": money_text(self.deductible.excluded),
            },
            **{name: money_text(getattr(self, name)) for name in amounts},
        }


def _stated(project: ResearchProject) -> dict[str, str]:
    amounts = {key: getattr(project, key) or Decimal(0) for key in (*COUNTED, *EXCLUDED)}
    return {"name": project.name, **{key: money_text(amount) for key, amount in amounts.items()}}


def estimate(taxable_income: Decimal, deductible: DeductibleYear, rates: TaxRates) -> Benefit:
    """The benefit of a year. ``taxable_income`` is yuan before the super-deduction, negative for a loss.

    Raises :class:`WrongCaliber` where the R&D expenses are not those of the super-deduction and ``ValueError`` where
    they were counted by the rules of another year.
    """
    if not isinstance(deductible, DeductibleYear):
        raise WrongCaliber(f"{type(deductible).__name__} 不是加计扣除口径的研发费用")
    if not deductible.rules.in_force(date(rates.year, 12, 31)):
        raise ValueError(f"{deductible.rules.name} does not hold for {rates.year}")
    return Benefit(Fraction(taxable_income), deductible, rates)


def assumptions(deductible: DeductibleYear) -> tuple[str, ...]:
    """What the estimate takes for granted, in Chinese."""
    return (*ASSUMPTIONS, BY_PROJECT) if deductible.rules.cap_by_project else ASSUMPTIONS


def certificate_years(
    issued_on: date, last_day: date, lost_from: int | None = None
) -> tuple[tuple[int, Standing], ...]:
    """The calendar years of a certificate: from the year of issue on (第十条).

    The year in which it runs out is provisional: until a renewal the firm may prepay at the lower rate, and pays the rest
    where none has come by the annual settlement (国科发火〔2016〕195号 四3). ``lost_from`` is the year of the act a
    revocation rests on; from it on the rate is lost (第十六条, 第十九条).
    """
    end = (last_day + timedelta(days=1)).year
    years = [(year, Standing.APPLIES) for year in range(issued_on.year, end)]
    if last_day.year == end:
        years.append((end, Standing.PROVISIONAL))
    return tuple(
        (year, Standing.LOST if lost_from is not None and year >= lost_from else standing)
        for year, standing in years
    )
