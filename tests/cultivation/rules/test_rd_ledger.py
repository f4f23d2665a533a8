"""Lines of the R&D ledger: what each can have against it, what counts, and what it adds up to."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.enums import LedgerFindingCode, RdCategory
from cultivation.rules import rd_ledger_cues
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import EXPENSE_KEYS
from cultivation.rules.rd_ledger import LineCode, Stay, excluded_lines, identity, invoice_number
from cultivation.rules.rd_ledger_findings import duplicate_at_another_firm, judge_ledger
from cultivation.rules.rd_ledger_totals import (
    YearTable,
    against_figures,
    against_table,
    tables_of_lines,
)
from cultivation.rules.rules_of_2016 import RULES_OF_2016
from tests.cultivation.ledgers import OTHER_PROJECT, PROJECT, STAY, line

FIRM = "91990000MA7000001X"
WAGE = {"category": "personnel", "category_text": "人员人工费用", "person": "张三", "summary": "工资"}
OUTSOURCED = {"category": "outsourced_domestic", "category_text": "委托外部研究开发费用", "payee": "某某大学"}


def judge(*lines, stays=(STAY,)):
    return judge_ledger(lines, [PROJECT, OTHER_PROJECT], stays, FIRM)


def codes(*lines, **options):
    return [(finding.line.row, finding.code.value, finding.excludes) for finding in judge(*lines, **options)]


def test_codes_and_categories_are_those_of_the_records() -> None:
    assert [code.value for code in LineCode] == LedgerFindingCode.values
    assert list(EXPENSE_KEYS) == RdCategory.values


@pytest.mark.parametrize(
    ("changes", "code", "excludes", "article"),
    [
        ({"category": "", "category_text": "管理费用"}, "out_of_scope", True, "三（六）2（1）至（8）"),
        ({"summary": "批量生产用工装"}, "out_of_scope", False, "三（六）2（6）"),
        ({"summary": "购置设备一台"}, "out_of_scope", False, "三（六）2（2）（3）"),
        ({"summary": "贷款利息"}, "out_of_scope", False, "三（六）2"),
        ({"category": "other", "summary": "业务招待费"}, "out_of_scope", False, "三（六）2（8）"),
        ({**WAGE, "summary": "职工福利费"}, "out_of_scope", False, "三（六）2（1）"),
        ({"booked_on": dt.date(2017, 1, 1)}, "other_year", True, "三（一）"),
        ({"booked_on": dt.date(2015, 12, 31)}, "other_year", True, "三（一）"),
        ({"project": ""}, "outside_project", True, "三（六）4"),
        ({**WAGE, "person": "王五"}, "not_working", True, "三（六）2（1）"),
        ({**WAGE, "person": ""}, "not_working", False, "三（六）2（1）"),
        ({"amount": Decimal("-0.01")}, "negative", False, "三（六）4"),
        ({**OUTSOURCED, "is_related_party": True}, "related_party", False, "三（六）2（7）"),
        (
            {"category": "depreciation", "category_text": "折旧费用", "asset": "研发大楼"},
            "building",
            False,
            "三（六）2（3）",
        ),
    ],
)
def test_a_line_is_judged_with_amount_article_and_cure(changes, code, excludes, article) -> None:
    found = [finding for finding in judge(line(**changes)) if finding.code == code]
    assert [finding.excludes for finding in found] == [excludes]
    note = found[0].note
    assert f"{line(**changes).amount:,.2f} 元" in note
    assert f"国科发火〔2016〕195号 {article}" in note
    assert note.endswith("。")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        WAGE,
        {**WAGE, "month": 12},
        OUTSOURCED,
        {"is_related_party": True},  # bought from a related party, not outsourced to it
        {"asset": "研发大楼"},  # material for a building is no depreciation of one
        {"amount": Decimal("0.00")},
        {"booked_on": dt.date(2016, 1, 1)},
        {"booked_on": dt.date(2016, 12, 31)},
        {"summary": "职工福利费"},  # asked of wages alone
        {"summary": "租赁负债"},  # the advice came in 2022
    ],
)
def test_a_sound_line_has_nothing_against_it(changes) -> None:
    assert codes(line(**changes)) == []


class TestPeriods:
    def test_a_project_holds_from_its_first_day_to_its_last(self) -> None:
        lines = [
            line(2, year=2018, booked_on=dt.date(2018, 12, 31)),
            line(3, year=2019, booked_on=dt.date(2019, 1, 1)),
            line(4, year=2015, booked_on=dt.date(2015, 12, 31)),
            line(5, year=2019, booked_on=dt.date(2019, 1, 1), project="RD02"),
        ]
        assert codes(*lines) == [(4, "outside_project", True), (3, "outside_project", True)]

    @pytest.mark.parametrize(("month", "found"), [(2, 1), (3, 0), (4, 0), (6, 0), (7, 1)])
    def test_a_person_counts_in_every_month_with_a_day_in_research(self, month, found) -> None:
        stay = Stay("张三", dt.date(2016, 3, 31), dt.date(2016, 6, 1))
        assert len(codes(line(**WAGE, month=month), stays=[stay])) == found

    def test_without_a_month_the_voucher_tells_it(self) -> None:
        stay = Stay("张三", dt.date(2016, 1, 1), dt.date(2016, 4, 30))
        assert codes(line(**WAGE), stays=[stay]) == [(2, "not_working", True)]
        assert codes(line(**WAGE, month=4), stays=[stay]) == []

    def test_names_are_compared_without_width_and_blanks(self) -> None:
        assert codes(line(**{**WAGE, "person": "Ａ 01"}), stays=[Stay("a01", dt.date(2016, 1, 1))]) == []

    @pytest.mark.parametrize(("days", "found"), [(183, []), (182, [(2, "not_working", False)])])
    def test_under_183_days_is_a_question_and_no_exclusion(self, days, found) -> None:
        assert codes(line(**WAGE), stays=[Stay("张三", dt.date(2016, 1, 1), year=2016, days=days)]) == found

    def test_the_days_of_another_year_say_nothing(self) -> None:
        stays = [Stay("张三", dt.date(2016, 1, 1), year=2017, days=10)]
        assert codes(line(**WAGE), stays=stays) == []


class TestCues:
    def test_each_names_document_article_and_day(self) -> None:
        for cue in rd_ledger_cues.CUES:
            assert cue.words
            assert cue.source.document
            assert cue.source.article
            assert cue.since >= dt.date(2016, 1, 1)

    def test_one_holds_from_the_day_of_its_source_on(self) -> None:
        when = dt.date(2022, 11, 9)
        assert rd_ledger_cues.cues_in("租赁负债", "direct_input", when) == ()
        assert len(rd_ledger_cues.cues_in("租赁负债", "direct_input", dt.date(2022, 11, 10))) == 1

    def test_several_make_one_finding(self) -> None:
        (finding,) = judge(line(summary="广告、招待及捐赠"))
        assert finding.code is LineCode.OUT_OF_SCOPE
        assert finding.note.count("另见") == 2


class TestIdentity:
    def test_an_invoice_is_the_same_at_any_firm_and_however_it_is_typed(self) -> None:
        first = line(2, invoice="No.00123456")
        for text in ("ｎｏ 00123456", "no-00123456"):
            assert identity(line(3, invoice=text, amount=Decimal(7)), "other") == identity(first, FIRM)
        assert invoice_number("00123456") == invoice_number("123456")

    @pytest.mark.parametrize("text", ["", "无", " / ", "-", "N/A"])
    def test_what_stands_for_no_invoice_is_none(self, text) -> None:
        assert invoice_number(text) == ""

    def test_a_voucher_never_matches_another_firms(self) -> None:
        assert identity(line(), FIRM) == identity(line(), FIRM)
        assert identity(line(), FIRM) != identity(line(), "another")

    @pytest.mark.parametrize(
        "changes",
        [
            {"voucher": "记-9"},
            {"summary": "别的"},
            {"amount": Decimal("100.01")},
            {"booked_on": dt.date(2016, 5, 21)},
            {"person": "张三"},
            {"asset": "光谱仪"},
        ],
    )
    def test_a_voucher_tells_expenses_apart_by_all_of_these(self, changes) -> None:
        assert identity(line(), FIRM) != identity(line(**changes), FIRM)


class TestDuplicates:
    def test_the_first_booking_stands_and_later_ones_are_questions(self) -> None:
        lines = [
            line(2, invoice="1"),
            line(3, invoice="1"),
            line(4, invoice="1", project="RD02"),
            line(2, year=2017, booked_on=dt.date(2017, 2, 1), invoice="1"),
        ]
        found = [(f.line.year, f.line.row, f.code.value) for f in judge(*lines)]
        assert found == [
            (2016, 3, "duplicate_line"),
            (2016, 4, "duplicate_project"),
            (2017, 2, "duplicate_year"),
        ]
        assert not any(finding.excludes for finding in judge(*lines))

    def test_a_line_can_repeat_in_two_ways(self) -> None:
        lines = [line(2, invoice="1"), line(3, invoice="1", project="RD02"), line(4, invoice="1")]
        assert [c for row, c, _e in codes(*lines) if row == 4] == ["duplicate_project", "duplicate_line"]

    def test_what_does_not_count_is_no_first_booking(self) -> None:
        lines = [line(2, invoice="1", category="", category_text="杂费"), line(3, invoice="1")]
        assert codes(*lines) == [(2, "out_of_scope", True)]

    def test_a_credit_is_no_repetition(self) -> None:
        lines = [line(2, invoice="1"), line(3, invoice="1", amount=Decimal("-100.00"))]
        assert codes(*lines) == [(3, "negative", False)]

    def test_the_note_of_a_duplicate_elsewhere_names_no_firm(self) -> None:
        finding = duplicate_at_another_firm(line(invoice="123"))
        assert finding.code is LineCode.DUPLICATE_FIRM
        assert "另一企业" in finding.note

    def test_many_repetitions_of_one_invoice_stay_quick(self) -> None:
        lines = [line(row, invoice="1", project=("RD01", "RD02")[row % 2]) for row in range(2, 4002)]
        # The first of each project aside, every line repeats its own project and the other one.
        assert len(judge(*lines)) == 2 * 4000 - 3


AMOUNTS = st.decimals("-1000000", "10000000", places=2)
LINES = st.lists(
    st.builds(
        line,
        row=st.integers(2, 99),
        year=st.sampled_from([2016, 2017, 2018]),
        project=st.sampled_from(["RD01", "RD02", ""]),
        category=st.sampled_from([*EXPENSE_KEYS, ""]),
        category_text=st.text(max_size=60),
        amount=AMOUNTS,
        invoice=st.sampled_from(["", "", "1", "2"]),
        person=st.sampled_from(["张三", "王五" * 30]),
        booked_on=st.dates(dt.date(2015, 12, 1), dt.date(2019, 1, 31)),
        summary=st.sampled_from(["试制", "利息", "量产、售后、招待"]),
        sheet=st.sampled_from(["甲" * 31, "乙"]),
        month=st.integers(0, 12),
    ),
    max_size=25,
    unique_by=lambda one: one.order,
)


@given(LINES, st.integers())
def test_the_sums_agree_and_the_order_of_lines_makes_no_difference(lines, seed) -> None:
    findings = judge(*lines)
    excluded = excluded_lines(findings)
    counted = [one for one in lines if one.order not in excluded]
    tables = tables_of_lines(counted)
    for year, table in tables.items():
        of_year = sum((one.amount for one in counted if one.year == year), Decimal(0))
        assert sum(map(table.of_project, table.projects)) == table.total == of_year
        assert sum(map(table.of_category, EXPENSE_KEYS)) == table.total
    assert sum(t.total for t in tables.values()) == sum((one.amount for one in counted), Decimal(0))
    shuffled = random.Random(seed).sample(lines, len(lines))
    assert judge(*shuffled) == findings
    assert tables_of_lines(one for one in shuffled if one.order not in excluded) == tables
    assert all(len(finding.note) <= 300 for finding in findings)
    pairs = [(finding.line.order, finding.code) for finding in findings]
    assert len(set(pairs)) == len(pairs)


class TestTables:
    def table(self, **amounts: str) -> YearTable:
        found = YearTable(2018)
        for category, amount in amounts.items():
            found.add("RD01", category, Decimal(amount))
        return found

    def test_both_readings_of_the_cap_come_from_the_expenses_rules(self) -> None:
        # The example of the brief: 170 in six categories, 60 other, 70 and 30 outsourced.
        table = self.table(direct_input="170", other="60", outsourced_domestic="70", outsourced_foreign="30")
        internal = table.aggregate(RULES_OF_2016, OtherCap.INTERNAL)
        wide = table.aggregate(RULES_OF_2016, OtherCap.WITH_OUTSOURCED)
        assert (internal.other_allowed, internal.total) == (Fraction("42.5"), Fraction("292.5"))
        assert (wide.other_allowed, wide.total) == (60, 310)
        assert wide.other_limit == Fraction("62.5")

    @pytest.mark.parametrize("abroad", ["0", "200000", "900000"])
    def test_edge_case_07_the_super_deduction_never_leaks_in(self, abroad) -> None:
        """Foreign spending counts at 80 % whatever the domestic is, other expenses up to 20 %, buildings too."""
        table = self.table(
            direct_input="800000", depreciation="100000", other="200000", outsourced_foreign=abroad
        )
        counted = table.aggregate(RULES_OF_2016, OtherCap.INTERNAL)
        assert counted.outsourced_counted == Fraction(abroad) * Fraction("0.8")
        assert counted.other_allowed == 200_000  # 10 % would have been 100,000
        assert counted.internal == 1_100_000
        found = judge(line(category="depreciation", category_text="折旧费", asset="厂房"))
        assert excluded_lines(found) == frozenset()

    def test_differences_name_project_category_and_yuan(self) -> None:
        counted, booked, stated = YearTable(2018), YearTable(2018), YearTable(2018)
        for table, amount in ((counted, "90"), (booked, "100"), (stated, "100")):
            table.add("RD01", "design", Decimal(amount))
        stated.add("RD02", "other", Decimal("7.00"))
        first, second = against_table(counted, booked, stated)
        assert (first.project, first.category, first.amount) == ("RD01", "design", Decimal(10))
        assert first.is_excluded_lines
        assert (second.project, second.category, second.amount) == ("RD02", "other", Decimal(7))
        assert not second.is_excluded_lines
        figures = dict.fromkeys(EXPENSE_KEYS, Decimal("0.00")) | {"design": Decimal("90.00")}
        assert against_figures(counted, booked, figures) == []

    @pytest.mark.parametrize(
        ("counted", "stated", "rounding"),
        [
            ("1049.99", "1000", True),
            ("1050", "1000", True),
            ("1050.01", "1000", False),
            ("1010", "1001", False),
        ],
    )
    def test_what_a_figure_in_wan_rounds_away_is_told_apart(self, counted, stated, rounding) -> None:
        mine = self.table(design=counted)
        (found,) = against_table(mine, mine, self.table(design=stated))
        assert found.is_rounding is rounding
