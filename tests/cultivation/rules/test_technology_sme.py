"""Every threshold of the technology SME hit and missed by one person or one fen, its own calibers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.rules.dated import NoRuleSet
from cultivation.rules.facts import parse_facts
from cultivation.rules.findings import Status
from cultivation.rules.reading import MalformedFacts
from cultivation.rules.rules_of_115 import RULES_OF_2017
from cultivation.rules.sme_facts import parse_sme_facts
from cultivation.rules.super_deduction import WrongCaliber
from cultivation.rules.technology_sme import SmeCode, evaluate_sme

from .sample import facts as accreditation_facts
from .sme_sample import evaluated, heads, own, points, project, sme_facts, status


class TestWhole:
    def test_the_sample_passes_with_68_points(self):
        result = evaluated(sme_facts())
        assert result.verdict is Status.PASS
        assert result.score == 68
        assert [finding.code for finding in result.findings] == list(SmeCode)[:-1]

    def test_the_answer_names_rules_and_inputs(self):
        answer = evaluated(sme_facts()).as_json()
        assert answer["rule_set"] == "gkfz-2017-115"
        assert answer["rule_set_sha256"] == RULES_OF_2017.sha256
        assert len(answer["inputs_sha256"]) == 64
        assert all(line["source"].startswith("国科发政〔2017〕115号") for line in answer["findings"])

    def test_there_are_no_rules_before_3_may_2017(self):
        assert evaluated(sme_facts(filled_on="2017-05-03")).verdict is Status.PASS
        with pytest.raises(NoRuleSet):
            evaluated(sme_facts(filled_on="2017-05-02"))


class TestSize:
    @pytest.mark.parametrize(
        ("changes", "code", "expected"),
        [
            ({"employees": heads("500")}, "employees_limit", "pass"),
            ({"employees": heads("501")}, "employees_limit", "fail"),
            ({"employees": {"in_service": "499", "part_time_six_months": "1"}}, "employees_limit", "pass"),
            ({"employees": {"in_service": "499", "part_time_six_months": "2"}}, "employees_limit", "fail"),
            ({"sales": "200000000.00"}, "sales_limit", "pass"),
            ({"sales": "200000000.01"}, "sales_limit", "fail"),
            ({"assets": "200000000.00"}, "assets_limit", "pass"),
            ({"assets": "200000000.01"}, "assets_limit", "fail"),
        ],
    )
    def test_ends_at_the_limit(self, changes, code, expected):
        assert status(sme_facts(**changes), code) == expected

    def test_says_by_how_much_it_is_exceeded(self):
        result = evaluated(sme_facts(sales="200000000.01", employees=heads("501")))
        assert result.finding(SmeCode.SALES_LIMIT).note == "超出 0.01 元"
        assert result.finding(SmeCode.EMPLOYEES_LIMIT).note == "超出 1.00 人"


class TestTechnicalStaff:
    @pytest.mark.parametrize(
        ("technical", "expected"),
        [
            (150, 20),
            (149, 16),
            (125, 16),
            (124, 12),
            (100, 12),
            (99, 8),
            (75, 8),
            (74, 4),
            (50, 4),
            (49, 0),
            (0, 0),
        ],
    )
    def test_points_by_share_of_five_hundred(self, technical, expected):
        assert points(sme_facts(employees=heads("500"), technical=heads(str(technical))))[0] == expected

    def test_zero_points_fail_whatever_the_score(self):
        facts = sme_facts(technical=heads("4"), ip=[own("invention_patent", 1)])
        result = evaluated(facts)
        assert (result.score, result.verdict) == (80, Status.FAIL)
        finding = result.finding(SmeCode.TECHNICAL_STAFF)
        assert finding.status is Status.FAIL
        assert "科技人员还差 1.00 人可得 4 分" in finding.note

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"technical": ...}, "technical"),
            ({"technical": {"in_service": "9"}}, "technical.part_time_six_months"),
            ({"employees": heads("0"), "technical": heads("0")}, "employees"),
            ({"employees": heads("5")}, "technical 大于 employees"),
        ],
    )
    def test_what_cannot_be_told_is_for_a_person(self, changes, named):
        finding = evaluated(sme_facts(**changes)).finding(SmeCode.TECHNICAL_STAFF)
        assert finding.status is Status.MANUAL
        assert named in finding.note


class TestRdExpenses:
    @pytest.mark.parametrize(
        ("spent", "expected"),
        [
            ("600000.00", 50),
            ("599999.99", 40),
            ("500000.00", 40),
            ("499999.99", 30),
            ("400000.00", 30),
            ("399999.99", 20),
            ("300000.00", 20),
            ("299999.99", 10),
            ("200000.00", 10),
            ("199999.99", 0),
            ("0.00", 0),
        ],
    )
    def test_points_by_share_of_sales(self, spent, expected):
        facts = sme_facts(super_deduction={"total": spent}, rd_indicator="sales")
        assert points(facts)[1] == expected

    @pytest.mark.parametrize(
        ("spent", "expected"),
        [
            ("300000.00", 50),
            ("299999.99", 40),
            ("250000.00", 40),
            ("249999.99", 30),
            ("200000.00", 30),
            ("199999.99", 20),
            ("150000.00", 20),
            ("149999.99", 10),
            ("100000.00", 10),
            ("99999.99", 0),
        ],
    )
    def test_points_by_share_of_costs(self, spent, expected):
        facts = sme_facts(costs="1000000.00", super_deduction={"total": spent}, rd_indicator="costs")
        assert points(facts)[1] == expected

    def test_the_better_of_the_two_counts_unless_the_firm_has_chosen(self):
        facts = sme_facts(costs="1000000.00", super_deduction={"total": "300000.00"})
        assert points(facts)[1] == 50
        assert points({**facts, "rd_indicator": "sales"})[1] == 20
        assert points({**facts, "costs": "0.00"})[1] == 20

    def test_says_what_the_next_band_takes(self):
        note = evaluated(sme_facts(super_deduction={"total": "599999.99"})).indicators[1].note
        assert "研发费用还差 0.01 元可得 50 分" in note

    def test_projects_are_counted_by_the_rules_of_the_super_deduction(self):
        rd = {"projects": [project(staff_costs="540000", related_costs="300000")]}
        assert points(sme_facts(super_deduction=rd))[1] == 50
        rd = {"projects": [project(staff_costs="539999.99", related_costs="300000")]}
        assert points(sme_facts(super_deduction=rd))[1] == 40

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"super_deduction": ...}, "super_deduction"),
            ({"super_deduction": {}}, "super_deduction.projects"),
            ({"super_deduction": {"projects": [{"staff_costs": "1"}]}}, "RD01.direct_costs"),
            ({"sales": "0.00", "costs": ...}, "sales 或 costs"),
            ({"rd_indicator": "costs", "costs": ...}, "costs"),
        ],
    )
    def test_what_is_missing_is_for_a_person(self, changes, named):
        result = evaluated(sme_facts(**changes))
        assert result.score is None
        finding = result.finding(SmeCode.SCORE)
        assert finding.status is Status.MANUAL
        assert named in finding.note


class TestProperty:
    @pytest.mark.parametrize(("number", "expected"), [(0, 0), (1, 6), (2, 12), (3, 18), (4, 24), (9, 24)])
    def test_points_by_number_of_class_two(self, number, expected):
        assert points(sme_facts(ip=[own("software_copyright", 2)] * number))[2] == expected

    def test_one_of_class_one_is_enough(self):
        assert points(sme_facts(ip=[own("plant_variety", 1)]))[2] == 30

    @pytest.mark.parametrize(
        "item",
        [
            own("utility_model", 2, in_force=False),
            own("utility_model", 2, disputed=True),
            own("utility_model", 2, for_main_products=False),
            own("trademark", 2),
        ],
    )
    def test_what_does_not_count_is_named(self, item):
        indicator = evaluated(sme_facts(ip=[item])).indicators[2]
        assert indicator.points == 0
        assert "ip[0]" in indicator.note

    @pytest.mark.parametrize(
        "item", [own("utility_model", 1), own("utility_model", 2, disputed=None), {"class": 2}]
    )
    def test_what_is_unclear_is_for_a_person(self, item):
        assert points(sme_facts(ip=[item]))[2] is None
        assert points(sme_facts(ip=[item, own("invention_patent", 1)]))[2] == 30


class TestScore:
    def test_sixty_passes_and_less_fails(self):
        """4 + 50 + 6 against 4 + 40 + 12."""
        five = {"technical": heads("5")}
        assert status(sme_facts(**five), "score") == "pass"
        assert evaluated(sme_facts(**five)).score == 60
        short = evaluated(
            sme_facts(**five, super_deduction={"total": "599999.99"}, ip=[own("utility_model", 2)] * 2)
        )
        finding = short.finding(SmeCode.SCORE)
        assert (short.score, finding.status) == (56, Status.FAIL)
        assert finding.note.startswith("综合得分还差 4 分")
        assert "研发费用还差 0.01 元可得 50 分" in finding.note


class TestConduct:
    @pytest.mark.parametrize(
        ("entry", "expected"),
        [
            ({"date": "2018-01-01"}, "fail"),
            ({"date": "2017-12-31"}, "pass"),
            ({"date": "2019-03-20"}, "fail"),
            ({"date": "2019-03-21"}, "manual"),
            ({"date": "2018-06-01", "serious": False}, "pass"),
            ({"date": "2018-06-01", "document": ""}, "manual"),
            ({"date": "2018-06-01", "kind": "research_dishonesty"}, "fail"),
            ({}, "manual"),
        ],
    )
    def test_the_year_before_and_the_present_one_count(self, entry, expected):
        whole = {"kind": "environment", "serious": True, "document": "演环罚〔2018〕1号", **entry}
        assert status(sme_facts(misconduct=[whole]), "no_misconduct") == expected

    @pytest.mark.parametrize("key", ["abnormal_listing", "dishonest_listing"])
    def test_a_listed_firm_fails(self, key):
        assert status(sme_facts(**{key: True}), "not_listed") == "fail"

    @pytest.mark.parametrize(
        ("changes", "code", "expected"),
        [
            ({"resident": False}, "resident", "fail"),
            ({"prohibited_products": True}, "allowed_products", "fail"),
            ({"resident": ...}, "resident", "manual"),
            ({"prohibited_products": ...}, "allowed_products", "manual"),
            ({"abnormal_listing": ...}, "not_listed", "manual"),
            ({"misconduct": ...}, "no_misconduct", "manual"),
            ({"filled_on": ...}, "no_misconduct", "manual"),
            ({"sales": ...}, "sales_limit", "manual"),
            ({"employees": ...}, "employees_limit", "manual"),
        ],
    )
    def test_the_other_conditions(self, changes, code, expected):
        assert status(sme_facts(**changes), code) == expected


class TestMalformed:
    @pytest.mark.parametrize(
        ("changes", "key"),
        [
            ({"sales": "-1"}, "sales"),
            ({"sales": "1.001"}, "sales"),
            ({"sales": 1.5}, "sales"),
            ({"employees": "50"}, "employees"),
            ({"employees": {"in_service": "-1"}}, "employees.in_service"),
            ({"resident": "yes"}, "resident"),
            ({"rd_indicator": "profit"}, "rd_indicator"),
            ({"ip": [{"class": 3}]}, "ip[0].class"),
            ({"filled_on": "2019-02-29"}, "filled_on"),
            ({"super_deduction": {"total": "x"}}, "super_deduction.total"),
            ({"super_deduction": {"total": "1", "projects": []}}, "super_deduction.total"),
            (
                {"super_deduction": {"projects": [{"related_costs": "1e3"}]}},
                "super_deduction.projects[0].related_costs",
            ),
            ({"super_deduction": {"projects": [{"name": "A"}] * 2}}, "super_deduction.projects[1].name"),
            ({"standards": [{"rank": 0}]}, "standards[0].rank"),
            ({"misconduct": [{"kind": "other"}]}, "misconduct[0].kind"),
            ({"certificate": []}, "certificate"),
        ],
    )
    def test_is_named(self, changes, key):
        with pytest.raises(MalformedFacts) as caught:
            parse_sme_facts(sme_facts(**changes))
        assert caught.value.key == key


class TestEdgeCase17:
    def test_edge_case_17_facts_of_an_accreditation_are_refused_by_type(self):
        with pytest.raises(WrongCaliber, match="Facts"):
            evaluate_sme(parse_facts(accreditation_facts()))

    @pytest.mark.parametrize(
        "key",
        ["years", "employees_average", "technical_average", "employees_monthly", "technical_monthly", "rd"],
    )
    def test_edge_case_17_figures_of_an_accreditation_are_refused_by_name(self, key):
        with pytest.raises(MalformedFacts) as caught:
            parse_sme_facts(sme_facts(**{key: accreditation_facts().get(key)}))
        assert caught.value.key == key

    def test_edge_case_17_a_person_of_six_months_counts_here(self):
        """Part-time for six months is fewer than 183 days in some years: the accreditation would not count them."""
        assert points(sme_facts(technical={"in_service": "9", "part_time_six_months": "6"}))[0] == 20
        assert RULES_OF_2017.staff_months.unit == "个月"

    def test_edge_case_17_class_two_property_counts_again_here(self):
        """Earlier use in a filing bars it from an accreditation alone."""
        assert points(sme_facts(ip=[own("utility_model", 2, used_before=True)]))[2] == 6


counts = st.integers(0, 600)
money = st.decimals(0, 3 * 10**8, places=2).map(str)


@given(counts, counts, money, money, st.integers(0, 5))
def test_more_of_what_is_good_never_gives_fewer_points(technical, more, rd, added, property_items):
    def score(people, spent, items):
        found = points(
            sme_facts(
                employees=heads("1200"),
                technical=heads(str(people)),
                super_deduction={"total": spent},
                ip=[own("utility_model", 2)] * items,
            )
        )
        return sum(found)

    richer = str(Decimal(rd) + Decimal(added))
    assert score(technical + more, richer, property_items + 1) >= score(technical, rd, property_items)


@given(money, money)
def test_what_the_note_asks_for_is_enough_and_not_a_fen_too_much(sales, rd):
    if Decimal(sales) == 0:
        return
    facts = sme_facts(sales=sales, super_deduction={"total": rd}, rd_indicator="sales")
    indicator = evaluated(facts).indicators[1]
    if indicator.points == 50:
        return
    gap = Decimal(indicator.note.split("还差 ")[1].split(" 元")[0].replace(",", ""))
    promised = int(indicator.note.split("可得 ")[1].split(" 分")[0])

    def reached(spent):
        return points({**facts, "super_deduction": {"total": str(spent)}})[1]

    assert reached(Decimal(rd) + gap) >= promised
    assert reached(Decimal(rd) + gap - Decimal("0.01")) < promised
