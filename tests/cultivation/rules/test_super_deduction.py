"""The caliber of the super-deduction: the published examples worked by the rules, its caps, and its own types."""

import csv
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.rules.dated import NoRuleSet
from cultivation.rules.display import money_text
from cultivation.rules.expenses import aggregate_year
from cultivation.rules.facts import EXPENSE_KEYS, RdExpenses
from cultivation.rules.rulesets import NEWEST
from cultivation.rules.super_deduction import (
    COUNTED,
    EXCLUDED,
    FIVE,
    DeductibleYear,
    ResearchProject,
    WrongCaliber,
    deductible,
    missing_amounts,
    rules_of_year,
)

EXAMPLES = Path(__file__).parents[2] / "data" / "rd_caliber_worked_examples.csv"
WAN = Decimal(10_000)


def project(name: str = "RD01", **amounts: int | Decimal) -> ResearchProject:
    given_amounts = {key: Decimal(amounts.get(key, 0)) for key in (*COUNTED, *EXCLUDED)}
    return ResearchProject(name=name, **given_amounts)


def year(*projects: ResearchProject, of: int = 2023) -> DeductibleYear:
    return deductible(projects, rules_of_year(of))


@cache
def case_5() -> DeductibleYear:
    a = project(
        "A",
        staff_costs=100 * WAN,
        direct_costs=50 * WAN,
        equipment_depreciation=10 * WAN,
        intangible_amortisation=5 * WAN,
        design_and_trials=5 * WAN,
        related_costs=30 * WAN,
    )
    b = project(
        "B",
        staff_costs=70 * WAN,
        direct_costs=10 * WAN,
        equipment_depreciation=5 * WAN,
        intangible_amortisation=5 * WAN,
        design_and_trials=5 * WAN,
        related_costs=5 * WAN,
    )
    c = project("C", entrusted_domestic=70 * WAN, entrusted_foreign=30 * WAN)
    return year(a, b, c)


@cache
def case_6() -> DeductibleYear:
    a = project(
        "A",
        staff_costs=50 * WAN,
        direct_costs=25 * WAN,
        equipment_depreciation=5 * WAN,
        intangible_amortisation=Decimal("2.5") * WAN,
        design_and_trials=Decimal("2.5") * WAN,
        related_costs=15 * WAN,
    )
    b = project(
        "B",
        staff_costs=35 * WAN,
        direct_costs=5 * WAN,
        equipment_depreciation=Decimal("2.5") * WAN,
        intangible_amortisation=Decimal("2.5") * WAN,
        design_and_trials=Decimal("2.5") * WAN,
        related_costs=Decimal("2.5") * WAN,
    )
    return year(a, b, project("C", entrusted_domestic=35 * WAN, entrusted_foreign=15 * WAN))


# What the rules make of the case behind each row of the published table.
WORKED = {
    ("例2-44", "可加计的委托境外研发费用"): lambda: (
        year(project(staff_costs=110 * WAN, entrusted_foreign=100 * WAN)).foreign_allowed
    ),
    ("例2-45", "委托关联方可加计金额"): lambda: year(project(entrusted_domestic=100 * WAN)).total,
    ("案例5", "其他相关费用限额"): lambda: case_5().related_limit,
    ("案例5", "A项目分摊其他相关费用"): lambda: case_5().projects[0].related_allowed,
    ("案例5", "B项目分摊其他相关费用"): lambda: case_5().projects[1].related_allowed,
    ("案例5", "C委托境内可计"): lambda: case_5().projects[2].domestic_counted,
    ("案例5", "C委托境外可计"): lambda: case_5().projects[2].foreign_allowed,
    ("案例5", "A项目合计"): lambda: case_5().projects[0].total,
    ("案例5", "B项目合计"): lambda: case_5().projects[1].total,
    ("案例5", "三项目合计"): lambda: case_5().total,
    ("案例6", "其他相关费用限额"): lambda: case_6().related_limit,
    ("案例6", "年度研发费用小计"): lambda: case_6().total,
}


def published() -> list[dict[str, str]]:
    lines = [line for line in EXAMPLES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


class TestPublishedExamples:
    @pytest.mark.parametrize("row", published(), ids=lambda row: f"{row['case']}-{row['item']}")
    def test_come_out_as_published(self, row):
        assert (
            money_text(WORKED[row["case"], row["item"]]()) == f"{Decimal(row['published'].split('(')[0]):.2f}"
        )

    def test_are_all_worked(self):
        assert {(row["case"], row["item"]) for row in published()} == set(WORKED)
        assert len(WORKED) == 12

    def test_the_misprint_of_case_5_changes_nothing(self):
        """The book's line of domestic expenses does not fit its own project A; corrected, the limit is this."""
        assert money_text(case_5().foreign_limit) == "2336296.30"
        assert case_5().foreign_allowed == case_5().foreign_counted == 240_000


class TestCapOnRelatedCosts:
    @pytest.mark.parametrize(
        ("stated", "allowed"),
        [("99999.99", "99999.99"), ("100000.00", "100000.00"), ("100000.01", "100000.00")],
    )
    def test_is_a_ninth_of_the_five(self, stated, allowed):
        found = year(project(staff_costs=900_000, related_costs=Decimal(stated)))
        assert money_text(found.related_allowed) == allowed

    def test_counts_all_projects_together_from_2021_on_and_each_alone_before(self):
        rich = project("A", staff_costs=900_000)
        talker = project("B", related_costs=50_000)
        assert year(rich, talker, of=2021).related_allowed == 50_000
        assert year(rich, talker, of=2020).related_allowed == 0

    def test_entrusted_expenses_do_not_lift_it(self):
        found = year(project(staff_costs=900_000, related_costs=200_000, entrusted_domestic=900_000))
        assert found.related_allowed == 100_000


class TestForeignEntrusting:
    @pytest.mark.parametrize(
        ("spent", "allowed"),
        [("749999.99", "599999.99"), ("750000.00", "600000.00"), ("750000.01", "600000.00")],
    )
    def test_counts_up_to_two_thirds_of_what_is_spent_at_home(self, spent, allowed):
        found = year(project(staff_costs=900_000, entrusted_foreign=Decimal(spent)))
        assert money_text(found.foreign_allowed) == allowed

    def test_was_not_deducted_before_2018(self):
        found = project(staff_costs=900_000, entrusted_foreign=100_000)
        assert year(found, of=2017).foreign_allowed == 0
        assert year(found, of=2018).foreign_allowed == 80_000

    def test_is_shared_out_by_what_each_project_spent(self):
        found = year(
            project("A", staff_costs=300_000, entrusted_foreign=300_000),
            project("B", entrusted_foreign=100_000),
        )
        assert [part.foreign_allowed for part in found.projects] == [150_000, 50_000]


class TestWhatNeverCounts:
    @pytest.mark.parametrize("key", EXCLUDED)
    def test_is_shown_and_left_out(self, key):
        found = year(project(staff_costs=100, **{key: 50}))
        assert (found.total, found.excluded) == (100, 50)


class TestMissingAmounts:
    def test_are_named_and_refused(self):
        gap = ResearchProject("RD07", *[Decimal(1)] * 5, None, Decimal(0), Decimal(0))
        assert missing_amounts([gap]) == ("RD07.related_costs",)
        with pytest.raises(ValueError, match=r"RD07\.related_costs"):
            year(gap)

    def test_no_rules_are_known_before_2016(self):
        with pytest.raises(NoRuleSet):
            rules_of_year(2015)


class TestEdgeCases:
    def test_edge_case_07_the_accreditation_and_the_super_deduction_count_the_same_spending_differently(self):
        spent = {"five": 1_700_000, "other": 600_000, "domestic": 700_000, "foreign": 3_000_000}
        accreditation = aggregate_year(
            RdExpenses(
                personnel=Decimal(spent["five"]),
                other=Decimal(spent["other"]),
                outsourced_domestic=Decimal(spent["domestic"]),
                outsourced_foreign=Decimal(spent["foreign"]),
                **dict.fromkeys(EXPENSE_KEYS[1:6], Decimal(0)),
            ),
            NEWEST,
        )
        tax = year(
            project(
                staff_costs=spent["five"],
                related_costs=spent["other"],
                entrusted_domestic=spent["domestic"],
                entrusted_foreign=spent["foreign"],
            )
        )
        assert type(accreditation) is not type(tax)
        assert accreditation.other_allowed == 425_000  # a quarter of the six categories
        assert tax.related_allowed == Fraction(1_700_000, 9)  # a ninth of the five
        assert accreditation.outsourced_counted == Fraction(8, 10) * 3_700_000  # no limit abroad
        assert tax.foreign_allowed == (1_700_000 + Fraction(1_700_000, 9) + 560_000) * Fraction(2, 3)

    def test_edge_case_07_the_two_calibers_share_no_field_and_refuse_one_another(self):
        own = {field.name for field in fields(ResearchProject)}
        assert not own & {field.name for field in fields(RdExpenses)}
        with pytest.raises(WrongCaliber):
            deductible([RdExpenses()], rules_of_year(2018))
        with pytest.raises(AttributeError):
            aggregate_year(project(), NEWEST)


amounts = st.decimals(0, 10**9, places=2)
projects = st.lists(
    st.builds(ResearchProject, st.just("RD"), *[amounts] * (len(COUNTED) + len(EXCLUDED))),
    min_size=1,
    max_size=6,
)
years = st.sampled_from([2016, 2018, 2021])


@given(projects)
def test_shared_out_related_costs_make_up_the_limit_exactly(found):
    counted = year(*found)
    assert counted.related_allowed == min(counted.related_stated, counted.related_limit)


@given(projects, years)
def test_related_costs_are_never_over_a_tenth_of_what_they_belong_to(found, of):
    counted = year(*found, of=of)
    assert 10 * counted.related_allowed <= counted.five + counted.related_allowed


@given(projects, years, st.sampled_from(COUNTED), st.decimals("0.01", 10**6, places=2))
def test_more_spending_never_counts_less(found, of, key, more):
    richer = {field.name: getattr(found[0], field.name) for field in fields(ResearchProject)}
    richer[key] += more
    assert year(ResearchProject(**richer), *found[1:], of=of).total >= year(*found, of=of).total


@given(projects, years)
def test_the_parts_make_the_whole(found, of):
    counted = year(*found, of=of)
    whole = counted.five + counted.related_allowed + counted.domestic_counted + counted.foreign_allowed
    assert counted.total == whole == sum(part.total for part in counted.projects)
    assert set(FIVE) < set(COUNTED)
