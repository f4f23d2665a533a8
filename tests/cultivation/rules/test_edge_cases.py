"""The cases that software gets wrong, each named after its number in the list agreed with the bureau."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from cultivation.rules.certificates import LeapDay, expires_on, valid_on
from cultivation.rules.expenses import OtherCap, aggregate_year, required_ratio
from cultivation.rules.facts import RdExpenses
from cultivation.rules.growth import growth
from cultivation.rules.rulesets import NEWEST
from cultivation.rules.workdays import CalendarUnknown, WorkCalendar, next_step_from, working_day_after
from tests.cultivation.rules.judged import finding, result, status
from tests.cultivation.rules.sample import facts, own_patent, rd, utility_model, with_series, with_year, year


def expenses(**amounts):
    return RdExpenses(**{key: Decimal(value) for key, value in rd(**amounts).items()})


@pytest.mark.parametrize(("days", "verdict"), [(364, "fail"), (365, "pass"), (366, "pass")])
def test_edge_case_01_registered_365_days_before_filing(days, verdict):
    registered = date(2019, 6, 30) - timedelta(days=days)
    assert status(facts(registered_on=registered.isoformat()), "registered_365_days") == verdict


@pytest.mark.parametrize(
    ("sales", "percent"),
    [
        ("0.00", 5),
        ("50000000.00", 5),
        ("50000000.01", 4),
        ("200000000.00", 4),
        ("200000000.01", 3),
    ],
)
def test_edge_case_02_the_latest_years_sales_choose_the_band(sales, percent):
    assert required_ratio(Decimal(sales), NEWEST) == Fraction(percent, 100)
    mapping = with_series("sales", "900000000.00", "900000000.00", sales)
    assert result(mapping).rd.required == Fraction(percent, 100)


def test_edge_case_03_the_ratio_is_total_over_total_and_exact():
    mapping = with_series("sales", "10000000.00", "10000000.00", "10000000.00")
    for index, amount in enumerate(("0.00", "1499970.00", "0.00")):
        mapping["years"][index]["rd"] = rd(personnel=amount)
    below = finding(mapping, "rd_intensity")
    assert (below.status, below.measured) == ("fail", "0.049999")
    assert "研发费用还差 30.00 元" in below.note
    mapping["years"][1]["rd"] = rd(personnel="1499999.99")
    assert finding(mapping, "rd_intensity").note == "研发费用还差 0.01 元"
    mapping["years"][1]["rd"] = rd(personnel="1500000.00")
    assert status(mapping, "rd_intensity") == "pass"


def test_edge_case_04_under_three_years_the_years_that_exist_count():
    mapping = facts(registered_on="2017-02-01", conversions=[5, 5])
    mapping["years"] = [
        year(2017, sales="1000000.00", net_assets_end="800000.00", rd=rd(personnel="50000.00")),
        year(2018, sales="1250000.00", net_assets_end="1000000.00", rd=rd(personnel="62500.00")),
    ]
    answer = result(mapping).as_json()
    assert answer["rd"]["ratio"] == "0.05"
    assert answer["growth"] == {
        "net_assets": {"rate": None, "band": "manual"},
        "sales": {"rate": None, "band": "manual"},
    }
    assert status(mapping, "rd_intensity") == "pass"
    score = finding(mapping, "innovation_score")
    assert score.status == "manual"
    assert "y2/y1−1 = 0.25（25%）" in score.note


def test_edge_case_04_a_year_left_out_in_between_is_missing_not_absent():
    mapping = facts()
    del mapping["years"][1]
    for code in ("rd_intensity", "rd_domestic_share", "high_tech_income_share", "innovation_score"):
        found = finding(mapping, code)
        assert found.status == "manual"
        assert "2017" in found.note
    assert result(mapping).rd.ratio is None


def test_edge_case_04_a_firm_older_than_its_years_is_pointed_out():
    mapping = facts()
    del mapping["years"][0]
    assert "2015 年起已有经营的，须补齐此前年度" in finding(mapping, "rd_intensity").note


@pytest.mark.parametrize(("income", "verdict"), [("6300000.00", "pass"), ("6299999.99", "fail")])
def test_edge_case_05_high_tech_income_is_measured_against_total_income(income, verdict):
    mapping = with_year(2, sales="6300000.00", total_income="10500000.00", high_tech_income=income)
    assert status(mapping, "high_tech_income_share") == verdict


def test_edge_case_06_domestic_share_treats_outsourcing_alike_on_both_sides():
    counted = aggregate_year(
        expenses(personnel="100", outsourced_domestic="20", outsourced_foreign="100"),
        NEWEST,
        OtherCap.INTERNAL,
    )
    assert counted.domestic / counted.total == Fraction(116, 196)
    mapping = facts()
    for figures in mapping["years"]:
        figures["rd"] = rd(personnel="100.00", outsourced_domestic="20.00", outsourced_foreign="100.00")
    found = finding(mapping, "rd_domestic_share")
    assert (found.status, found.measured) == ("fail", "0.591836734694")


def test_edge_case_06_other_expenses_above_the_cap_are_left_out_on_both_sides():
    counted = aggregate_year(expenses(personnel="80", other="60", outsourced_foreign="80"), NEWEST)
    assert counted.domestic / counted.total == Fraction(100, 164)


def test_edge_case_07_outsourced_research_counts_at_80_per_cent_home_and_abroad_alike():
    home = aggregate_year(expenses(outsourced_domestic="100"), NEWEST)
    abroad = aggregate_year(expenses(outsourced_foreign="100"), NEWEST)
    assert home.outsourced_counted == abroad.outsourced_counted == 80
    # The tax super-deduction would cap 1,000,000 abroad at two thirds of 1,100,000 at home.
    mixed = aggregate_year(expenses(personnel="1100000", outsourced_foreign="1000000"), NEWEST)
    assert mixed.outsourced_counted == 800_000


def test_edge_case_08_both_readings_of_the_other_expense_cap_are_shown():
    mapping = facts()
    spent = rd(personnel="170.00", other="60.00", outsourced_domestic="70.00", outsourced_foreign="30.00")
    for figures in mapping["years"]:
        figures["rd"] = spent
    strict = result(mapping).as_json()["rd"]
    assert strict["by_year"][0] == {
        "year": 2016,
        "internal": "212.50",
        "other_allowed": "42.50",
        "outsourced_counted": "80.00",
        "total": "292.50",
    }
    alternative = strict["other_cap_alternative"]
    assert alternative["by_year"][0]["other_allowed"] == "60.00"
    assert alternative["by_year"][0]["total"] == "310.00"
    assert (strict["total"], alternative["total"]) == ("877.50", "930.00")
    assert {"ratio", "required", "domestic_ratio", "sales_total"} <= alternative.keys()
    assert result(mapping, "with_outsourced").as_json()["rd"]["total"] == "930.00"


def test_edge_case_08_the_cap_holds_year_by_year():
    mapping = facts()
    mapping["years"][0]["rd"] = rd(personnel="400.00")
    mapping["years"][1]["rd"] = rd(other="100.00")
    mapping["years"][2]["rd"] = rd(personnel="400.00", other="100.01")
    assert [row["other_allowed"] for row in result(mapping).as_json()["rd"]["by_year"]] == [
        "0.00",
        "0.00",
        "100.00",
    ]


def test_edge_case_08_a_reading_that_changes_the_answer_is_pointed_out():
    mapping = with_series("sales", "100.00", "100.00", "6000.00")
    for figures in mapping["years"]:
        figures["rd"] = rd(personnel="60.00", other="30.00", outsourced_domestic="30.00")
    found = finding(mapping, "rd_intensity")
    assert found.status == "fail"
    assert "两种口径结论不同" in found.note


@pytest.mark.parametrize(
    ("technical", "employees", "verdict"),
    [("10.05", "100.5", "pass"), ("10.04", "100.5", "fail"), ("1.0416666667", "10.4166666667", "pass")],
)
def test_edge_case_09_head_counts_keep_their_decimals(technical, employees, verdict):
    mapping = facts(technical_average=technical, employees_average=employees)
    assert status(mapping, "technical_staff_share") == verdict


def test_edge_case_10_a_rate_exactly_on_a_threshold_counts_as_reached():
    found = growth([Decimal("100"), Decimal("115"), Decimal("132.25")], NEWEST)
    assert (found.rate, found.band) == (Fraction(15, 100), "C")


@pytest.mark.parametrize(
    ("values", "rate", "band"),
    [
        (("-100", "-200", "-300"), None, "manual"),
        (("-1", "0", "5"), None, "manual"),
        (("0", "-1", "5"), None, "manual"),
        (("5", "-1", "5"), None, "manual"),
        (("5", "0", "5"), None, "zero"),
        (("0", "0", "5"), None, "zero"),
        (("0", "100", "150"), Fraction(1, 2), "A"),
        (("0", "100", "-1"), Fraction(-101, 100), "F"),
        (("100", "100", "-100"), Fraction(-1), "F"),
        (("1", "100", "-1"), Fraction(-101, 100), "F"),
        (("100", "100", "100"), Fraction(0), "F"),
    ],
)
def test_edge_case_11_zero_and_negative_years_in_their_order(values, rate, band):
    found = growth([Decimal(value) for value in values], NEWEST)
    assert (found.rate, found.band) == (rate, band)


def test_edge_case_12_five_per_cent_takes_the_body_and_is_flagged():
    found = growth([Decimal("100"), Decimal("105"), Decimal("110.25")], NEWEST)
    assert (found.rate, found.band) == (Fraction(1, 20), "D")
    mapping = with_series("net_assets_end", "100.00", "105.00", "110.25")
    mapping["expert_scores"]["growth"] = ["10"] * 5
    score = finding(mapping, "innovation_score")
    assert score.status == "pass"
    assert "附件 4" in score.note


@pytest.mark.parametrize("numbers", [[1, 1, 0], [2, 0, 0], [0, 0, 1]])
def test_edge_case_13_conversions_between_0_and_1_a_year_have_no_band(numbers):
    found = finding(facts(conversions=numbers), "innovation_score")
    assert (found.status, found.measured) == ("manual", None)
    assert "条文没有档位" in found.note


@pytest.mark.parametrize(
    ("indicator", "score"),
    [
        ("ip", "31"),
        ("ip", "7"),
        ("conversion", "24"),
        ("conversion", "31"),
        ("organisation", "21"),
        ("organisation", "-1"),
        ("growth", "9"),
        ("growth", "13"),
        ("growth", "10.5"),
    ],
)
def test_edge_case_14_scores_outside_their_band_are_for_a_person(indicator, score):
    mapping = facts()
    mapping["expert_scores"][indicator][3] = score
    found = finding(mapping, "innovation_score")
    assert (found.status, found.measured) == ("manual", None)
    assert f"expert_scores.{indicator}[3]" in found.note


@pytest.mark.parametrize(
    ("organisation", "average", "verdict"),
    [
        (["7", "7", "7", "7", "7"], "70", "fail"),
        (["7", "7", "7", "7", "8"], "70.2", "pass"),
        (["7", "7", "7", "7", "6"], "69.8", "fail"),
    ],
)
def test_edge_case_15_the_panels_average_must_exceed_70(organisation, average, verdict):
    mapping = facts()
    mapping["expert_scores"] |= {"organisation": organisation}
    found = finding(mapping, "innovation_score")
    assert (found.measured, found.status) == (average, verdict)


@pytest.mark.parametrize(
    "item",
    [
        utility_model(used_before=True),
        own_patent(co_owned_used_by_other=True),
        utility_model(kind="trademark"),
        own_patent(obtained="licensed"),
    ],
)
def test_edge_case_16_property_that_does_not_count(item):
    assert status(facts(ip=[item]), "core_ip") == "fail"
    both = finding(facts(ip=[own_patent(), item]), "core_ip")
    assert (both.status, both.measured) == ("pass", "1")
    assert "ip[1]" in both.note


def test_edge_case_16_a_class_one_item_may_be_used_again():
    assert status(facts(ip=[own_patent(used_before=True)]), "core_ip") == "pass"


def test_edge_case_18_the_day_three_years_later_no_longer_counts():
    issued = date(2016, 11, 30)
    assert expires_on(issued) == date(2019, 11, 30)
    assert valid_on(date(2019, 11, 29), issued)
    assert not valid_on(date(2019, 11, 30), issued)
    assert valid_on(date(2019, 11, 30), issued, last_day_counts=True)
    assert not valid_on(date(2019, 12, 1), issued, last_day_counts=True)
    assert not valid_on(date(2016, 11, 29), issued)


def golden_week_2019():
    days_off = frozenset(date(2019, 10, day) for day in range(1, 8))
    return WorkCalendar(
        years=frozenset({2019}),
        holidays=days_off,
        make_up_workdays=frozenset({date(2019, 9, 29), date(2019, 10, 12)}),
    )


def test_edge_case_43_ten_working_days_follow_holidays_and_make_up_workdays():
    calendar = golden_week_2019()
    published = date(2019, 9, 20)
    assert working_day_after(published, 10, calendar) == date(2019, 10, 10)
    assert next_step_from(published, calendar) == date(2019, 10, 11)
    assert working_day_after(published, 10, calendar, count_start_day=True) == date(2019, 10, 9)


def test_edge_case_43_outside_the_known_years_nothing_is_guessed():
    with pytest.raises(CalendarUnknown) as refused:
        working_day_after(date(2019, 12, 25), 10, golden_week_2019())
    assert refused.value.year == 2020


@pytest.mark.parametrize(("days", "verdict"), [(0, "fail"), (365, "fail"), (366, "pass")])
def test_edge_case_46_a_serious_incident_within_365_days_before_filing(days, verdict):
    day = date(2019, 6, 30) - timedelta(days=days)
    incident = {"date": day.isoformat(), "kind": "safety", "serious": True, "document": "演示安监〔2019〕1号"}
    assert status(facts(incidents=[incident]), "no_incident") == verdict
    assert status(facts(incidents=[incident | {"serious": False}]), "no_incident") == "pass"


@pytest.mark.parametrize("document", [None, "", "  "])
def test_edge_case_46_without_the_authoritys_document_a_person_decides(document):
    incident = {"date": "2019-06-01", "kind": "environment", "serious": True, "document": document}
    found = finding(facts(incidents=[incident]), "no_incident")
    assert found.status == "manual"
    assert "incidents[0].document" in found.note


def test_edge_case_47_a_certificate_of_29_february_ends_on_28_february():
    issued = date(2016, 2, 29)
    assert expires_on(issued) == date(2019, 2, 28)
    assert expires_on(issued, leap_day=LeapDay.MARCH_1) == date(2019, 3, 1)
    assert valid_on(date(2019, 2, 27), issued)
    assert not valid_on(date(2019, 2, 28), issued)
    assert valid_on(date(2019, 2, 28), issued, leap_day=LeapDay.MARCH_1)
