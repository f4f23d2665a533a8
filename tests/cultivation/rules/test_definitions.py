"""The words of 195号 made into figures: heads month by month, main products, conversions item by item."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.rules.conversions import counted_conversions
from cultivation.rules.definitions import is_main, monthly_average, yearly_average
from cultivation.rules.facts import MalformedFacts, parse_facts
from cultivation.rules.rules_of_2016 import RULES_OF_2016
from tests.cultivation.rules.judged import finding, status
from tests.cultivation.rules.sample import facts, with_year

HUNDREDTHS = st.integers(0, 10**7).map(lambda number: Decimal(number) / 100)


def months(*pairs):
    return [{"opening": opening, "closing": closing} for opening, closing in pairs]


def by_month(technical, employees):
    mapping = facts(technical_monthly=technical, employees_monthly=employees)
    del mapping["technical_average"], mapping["employees_average"]
    return mapping


class TestHeads:
    def test_edge_case_09_the_average_is_half_of_opening_and_closing_over_twelve_months(self):
        # 11.5 months at 10, half a month on the way to 9: 119.5 / 12 of 100 people.
        technical = months(*[("10", "10")] * 11, ("10", "9"))
        mapping = by_month(technical, months(*[("100", "100")] * 12))
        found = finding(mapping, "technical_staff_share")
        assert (found.status, found.measured) == ("fail", "0.099583333333")
        mapping = by_month(months(*[("10", "10")] * 12), months(*[("100", "100")] * 12))
        assert status(mapping, "technical_staff_share") == "pass"

    def test_edge_case_09_183_days_make_a_technical_employee_and_the_gap_says_so(self):
        assert RULES_OF_2016.technical_days.value == 183
        assert "183" in finding(facts(technical_average="1"), "technical_staff_share").note

    def test_part_of_a_year_is_averaged_over_the_months_there_were_and_said(self):
        mapping = by_month(months(("2", "2"), ("2", "4")), months(("10", "10"), ("10", "10")))
        found = finding(mapping, "technical_staff_share")
        assert (found.status, found.measured) == ("pass", "0.25")
        assert "2 个月" in found.note

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"technical_monthly": months(*[("15", "15")] * 11)}, "月数不同"),
            ({"technical_average": "14"}, "technical_average 与 technical_monthly 不符"),
            (
                {"technical_monthly": months(*[("15", "15")] * 11, ("15", None))},
                "technical_monthly[11].closing",
            ),
        ],
    )
    def test_what_contradicts_itself_is_named_and_never_used(self, changes, named):
        mapping = facts(
            technical_monthly=months(*[("15", "15")] * 12), employees_monthly=months(*[("60", "60")] * 12)
        )
        found = finding(mapping | changes, "technical_staff_share")
        assert (found.status, found.measured) == ("manual", None)
        assert named in found.note

    def test_a_thirteenth_month_is_malformed(self):
        with pytest.raises(MalformedFacts) as malformed:
            parse_facts(facts(technical_monthly=months(*[("15", "15")] * 13)))
        assert malformed.value.key == "technical_monthly"

    @given(st.lists(st.tuples(HUNDREDTHS, HUNDREDTHS), min_size=1, max_size=12))
    def test_the_average_lies_between_the_least_and_the_most_and_is_exact(self, pairs):
        average = yearly_average([monthly_average(*pair) for pair in pairs])
        assert min(map(min, pairs)) <= average <= max(map(max, pairs))
        assert average * 2 * len(pairs) == sum(Fraction(head) for pair in pairs for head in pair)


class TestMainProducts:
    """Together more than half of the high-tech income; the sample has 8,000,000.00 of it."""

    def products(self, core, other="0.00"):
        return facts(
            main_products=[
                {"name": "甲", "income": core, "core_ip": True},
                {"name": "乙", "income": other, "core_ip": False},
            ]
        )

    def test_exactly_half_is_not_enough_and_a_fen_more_is(self):
        income = Decimal(facts()["years"][2]["high_tech_income"])
        half = income / 2
        below = finding(self.products(f"{half:.2f}"), "core_ip")
        assert below.status == "fail"
        assert "还差 0.01 元" in below.note
        assert status(self.products(f"{half + Decimal('0.01'):.2f}"), "core_ip") == "pass"
        assert not is_main(half, income, RULES_OF_2016.main_products_share.value)

    def test_more_than_all_of_it_is_named(self):
        income = Decimal(facts()["years"][2]["high_tech_income"])
        found = finding(self.products(f"{income:.2f}", "0.01"), "core_ip")
        assert found.status == "manual"
        assert "main_products" in found.note


class TestConversions:
    def items(self, *items):
        mapping = facts(
            conversion_items=[{"result": name, "year": year, "form": "新产品"} for name, year in items]
        )
        del mapping["conversions"]
        return mapping

    def test_one_result_counts_once_whatever_it_became(self):
        mapping = self.items(("甲", 2016), ("甲", 2017), ("乙", 2017), (" 甲 ", 2018))
        assert counted_conversions(parse_facts(mapping)).by_year == (1, 1, 0)
        # 2 results in 3 years are below one a year, for which the text has no band (edge case 13).
        assert status(mapping, "innovation_score") == "manual"

    def test_items_that_contradict_the_numbers_are_named(self):
        mapping = facts(conversion_items=[{"result": "甲", "year": 2018, "form": "新产品"}])
        assert "conversion_items" in finding(mapping, "innovation_score").note

    def test_an_item_without_a_result_is_missing_it(self):
        mapping = facts(conversion_items=[{"year": 2018}])
        del mapping["conversions"]
        assert "conversion_items[0].result" in finding(mapping, "innovation_score").note


class TestDerivedFigures:
    def test_net_assets_and_income_follow_from_their_parts(self):
        mapping = with_year(2, total_assets="9000000.00", total_liabilities="1000000.00")
        del mapping["years"][2]["net_assets_end"]
        assert parse_facts(mapping).years[2].net_assets_end == Decimal("8000000.00")

    @pytest.mark.parametrize(
        ("changes", "key"),
        [
            ({"gross_income": "1.00", "untaxed_income": "2.00"}, "years[2].untaxed_income"),
            ({"total_assets": "9.00", "total_liabilities": "1.00"}, "years[2].net_assets_end"),
        ],
    )
    def test_parts_that_do_not_fit_are_malformed(self, changes, key):
        with pytest.raises(MalformedFacts) as malformed:
            parse_facts(with_year(2, **changes))
        assert malformed.value.key == key
