"""The estimate of a year's benefit: worked by hand, at a loss, by the years of a certificate, exact to the fen."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.rules.benefits import (
    BY_PROJECT,
    Benefit,
    Rate,
    Standing,
    TaxRates,
    certificate_years,
    estimate,
)
from cultivation.rules.facts import RdExpenses
from cultivation.rules.super_deduction import (
    COUNTED,
    DeductibleYear,
    ResearchProject,
    WrongCaliber,
    deductible,
    rules_of_year,
)


def rates(year: int = 2019, additional: int = 75) -> TaxRates:
    return TaxRates(
        year=year,
        ordinary=Rate(25, "企业所得税法", "unverified"),
        preferential=Rate(15, "企业所得税法", "second_hand"),
        super_deduction=Rate(additional, "财税〔2018〕99号", "unverified"),
    )


def counted(staff_costs: Decimal | int = 0, year: int = 2019) -> DeductibleYear:
    amounts = {**dict.fromkeys(COUNTED, Decimal(0)), "staff_costs": Decimal(staff_costs)}
    return deductible([ResearchProject(name="RD01", **amounts)], rules_of_year(year))


def worked(income: str, rd: str) -> Benefit:
    return estimate(Decimal(income), counted(Decimal(rd)), rates())


class TestOneYear:
    def test_by_hand(self):
        """10,000,000 taxed at 25 % and 15 %; R&D of 2,000,000 deducts another 1,500,000."""
        found = worked("10000000", "2000000")
        assert found.ordinary == 2_500_000
        assert found.preferential == 1_500_000
        assert found.ordinary_after == 2_125_000
        assert found.preferential_after == 1_275_000
        assert found.by_rate == 1_000_000
        assert found.by_deduction == 225_000
        assert found.by_certificate == 850_000
        assert found.whole == 1_225_000

    @pytest.mark.parametrize("income", ["0", "-0.01", "-5000000"])
    def test_without_income_there_is_no_tax_either_way(self, income):
        found = worked(income, "2000000")
        assert found.ordinary == found.preferential == found.whole == 0
        assert found.unused_deduction == found.additional_deduction == 1_500_000

    @pytest.mark.parametrize(
        ("income", "unused", "whole"),
        [
            ("1500000.01", 0, Fraction("375000.001")),
            ("1500000.00", 0, 375_000),
            ("1499999.99", Fraction(1, 100), Fraction("374999.9975")),
        ],
    )
    def test_a_deduction_beyond_the_income_is_shown_as_unused(self, income, unused, whole):
        found = worked(income, "2000000")
        assert (found.unused_deduction, found.whole) == (unused, whole)

    def test_is_rounded_once_when_it_is_written(self):
        answer = worked("100.01", "0.01").as_json()
        assert (answer["ordinary"], answer["preferential"], answer["whole"]) == ("25.00", "15.00", "10.00")
        assert worked("100.01", "0.01").whole == Fraction("25.0025") - Fraction("100.0025") * Fraction(
            15, 100
        )


class TestWhatItSaysOfItself:
    def test_it_is_an_estimate_and_no_advice(self):
        answer = worked("1", "1").as_json()
        assert (answer["kind"], answer["is_advice"]) == ("estimate", False)
        assert "估算" in answer["disclaimer"]
        assert "不是税务意见" in answer["disclaimer"]

    def test_every_rate_has_its_source_and_mark(self):
        answer = worked("1", "1").as_json()
        assert answer["rates"]["super_deduction"] == {
            "percent": 75,
            "source": "财税〔2018〕99号",
            "verification": "unverified",
        }

    def test_a_cap_by_project_is_said(self):
        assert BY_PROJECT in worked("1", "1").as_json()["assumptions"]
        later = estimate(Decimal(1), counted(1, 2021), rates(2021))
        assert BY_PROJECT not in later.as_json()["assumptions"]


class TestCalibers:
    def test_edge_case_17_expenses_of_the_accreditation_are_refused(self):
        with pytest.raises(WrongCaliber):
            estimate(Decimal(1), RdExpenses(), rates())

    def test_expenses_counted_for_another_year_are_refused(self):
        with pytest.raises(ValueError, match="sat-2021-28"):
            estimate(Decimal(1), counted(1, 2021), rates(2019))


class TestYearsOfACertificate:
    @pytest.mark.parametrize(
        ("issued_on", "last_day", "expected"),
        [
            (
                "2016-11-30",
                "2019-11-29",
                {2016: "applies", 2017: "applies", 2018: "applies", 2019: "provisional"},
            ),
            ("2017-01-01", "2019-12-31", {2017: "applies", 2018: "applies", 2019: "applies"}),
            (
                "2016-12-31",
                "2019-12-30",
                {2016: "applies", 2017: "applies", 2018: "applies", 2019: "provisional"},
            ),
        ],
    )
    def test_run_from_the_year_of_issue(self, issued_on, last_day, expected):
        years = certificate_years(dt.date.fromisoformat(issued_on), dt.date.fromisoformat(last_day))
        assert dict(years) == expected

    def test_end_with_the_year_of_the_act_behind_a_revocation(self):
        years = dict(certificate_years(dt.date(2017, 11, 29), dt.date(2020, 11, 28), lost_from=2018))
        assert years[2017] is Standing.APPLIES
        assert {years[year] for year in (2018, 2019, 2020)} == {Standing.LOST}


incomes = st.decimals(-(10**9), 10**9, places=2)
expenses = st.decimals(0, 10**9, places=2)


@given(incomes, expenses)
def test_the_parts_make_the_whole_and_nothing_is_negative(income, rd):
    found = estimate(income, counted(rd), rates())
    assert found.whole == found.by_rate + found.by_deduction
    assert min(found.by_rate, found.by_deduction, found.by_certificate, found.unused_deduction) >= 0
    assert found.by_certificate <= found.whole


@given(incomes, expenses, expenses)
def test_more_income_and_more_research_are_never_worth_less(income, rd, more):
    found = estimate(income, counted(rd), rates())
    assert estimate(income, counted(rd + more), rates()).whole >= found.whole
    assert estimate(income + more, counted(rd), rates()).whole >= found.whole
