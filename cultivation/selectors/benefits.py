"""What the estimate of benefits is made of: rates by year, recorded figures, and the years of a certificate."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cultivation.enums import ParameterKey
from cultivation.models import Accreditation, ExpenseYear, Firm
from cultivation.rules.benefits import Benefit, Rate, Standing, TaxRates, certificate_years, estimate
from cultivation.rules.super_deduction import ResearchProject, deductible, rules_of_year

from .parameters import parameter_row

# Which recorded figures may stand for the tax law's. The others differ in what they hold: depreciation includes buildings
# and deferred expenses, commissioning is no item of the tax law, other expenses are another list.
SAME_IN_BOTH = {
    "staff_costs": "personnel",
    "direct_costs": "direct_input",
    "intangible_amortisation": "intangibles",
    "design_and_trials": "design",
    "entrusted_domestic": "outsourced_domestic",
    "entrusted_foreign": "outsourced_foreign",
}


@dataclass(frozen=True, slots=True)
class YearOfBenefit:
    """A year, what a certificate says of it (``NONE`` without one), and the estimate with that year's rates."""

    year: int
    standing: Standing
    benefit: Benefit


def tax_rates(year: int) -> TaxRates:
    """The rates in force at the end of a year. Refused: ``parameter_missing``."""
    on = dt.date(year, 12, 31)
    return TaxRates(
        year=year,
        ordinary=_rate(ParameterKey.ORDINARY_TAX_PERCENT, on),
        preferential=_rate(ParameterKey.PREFERENTIAL_TAX_PERCENT, on),
        super_deduction=_rate(ParameterKey.SUPER_DEDUCTION_PERCENT, on),
    )


def _rate(key: ParameterKey, on: dt.date) -> Rate:
    row = parameter_row(key, on)
    return Rate(row.value, row.source, row.verification)


def recorded_figures(firm: Firm, year: int) -> dict[str, Decimal]:
    """What the recorded year can lend to the form, in the tax law's names; empty without a record."""
    row = ExpenseYear.objects.filter(firm=firm, year=year).first()
    return {} if row is None else {key: getattr(row, name) for key, name in SAME_IN_BOTH.items()}


def years_with_certificate(firm: Firm) -> dict[int, Standing]:
    """Every year that a certificate of the firm reaches; where two do, the better word holds."""
    best = list(Standing)
    years: dict[int, Standing] = {}
    for row in Accreditation.objects.rightly_recorded().filter(firm=firm):
        for year, found in certificate_years(row.issued_on, row.last_day, row.revoked_act_year):
            years[year] = min(found, years.get(year, found), key=best.index)
    return dict(sorted(years.items()))


def estimated(
    *, taxable_income: Decimal, projects: Sequence[ResearchProject], years: Sequence[int], firm: Firm
) -> list[YearOfBenefit]:
    """The estimate for each of the years, with the same figures and the rates and rules of the year itself.

    Refused: ``parameter_missing``; raises :class:`~cultivation.rules.dated.NoRuleSet` for a year before 2016.
    """
    held = years_with_certificate(firm)
    return [
        YearOfBenefit(
            year=year,
            standing=held.get(year, Standing.NONE),
            benefit=estimate(taxable_income, deductible(projects, rules_of_year(year)), tax_rates(year)),
        )
        for year in years
    ]
