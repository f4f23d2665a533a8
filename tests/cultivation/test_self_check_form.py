"""The form of the self-check: what people type becomes facts, what cannot be read is explained beside its field."""

import datetime as dt
import json
import re

import pytest
from django.http import QueryDict

from cultivation.forms.amounts import Unit, amount_text
from cultivation.forms.fact_words import in_words, plain
from cultivation.forms.self_check import Sheet
from cultivation.rules.facts import parse_facts
from tests.cultivation.rules.sample import PASSING, own_patent, rd, year
from tests.cultivation.self_checks import facts, sent

pytestmark = pytest.mark.usefixtures("_today")


@pytest.fixture
def _today(db, clock):
    clock(dt.date(2019, 6, 30))


def posted(data, *, bureau=False):
    post = QueryDict(mutable=True)
    post.update(data)
    return Sheet.posted(post, bureau=bureau)


def faults(sheet):
    assert not sheet.is_valid()
    return [(fault.field, fault.message) for fault in sheet.faults()]


class TestRoundTrip:
    @pytest.mark.parametrize("unit", list(Unit))
    def test_facts_shown_and_sent_back_are_the_same_facts(self, unit):
        given = facts(
            ip=[
                own_patent(number="ZL201510000001.2", title="一种装置"),
                own_patent(co_owned_used_by_other=True),
            ],
            employees_monthly=[{"month": 4, "opening": "10", "closing": "12.5"}],
            incidents=[
                {"date": "2019-01-02", "kind": "safety", "serious": True, "document": "演示〔2019〕1号"}
            ],
        )
        sheet = posted(sent(given, unit))
        assert sheet.is_valid(), sheet.faults()
        assert sheet.facts() == given

    def test_what_the_form_has_no_input_for_is_carried(self):
        given = facts(main_products=[{"name": "甲", "income": "1.00", "core_ip": True}])
        sheet = posted(sent(given))
        assert sheet.is_valid()
        assert sheet.facts()["main_products"] == given["main_products"]

    def test_a_firm_cannot_carry_what_experts_said(self):
        data = sent(PASSING)
        assert json.loads(data["carried"])["expert_scores"]
        for bureau in (True, False):
            sheet = posted(data, bureau=bureau)
            assert sheet.is_valid()
            assert ("expert_scores" in sheet.facts()) is bureau


class TestTyping:
    @pytest.mark.parametrize(
        ("typed", "unit", "yuan"),
        [
            ("1,234,567.89", Unit.YUAN, "1234567.89"),
            ("１２３４．５", Unit.YUAN, "1234.50"),
            (" ¥ 1，000 ", Unit.YUAN, "1000.00"),
            ("0", Unit.YUAN, "0.00"),
            ("123.456789", Unit.WAN, "1234567.89"),
            ("1,000", Unit.WAN, "10000000.00"),
        ],
    )
    def test_amounts_as_people_write_them(self, typed, unit, yuan):
        sheet = posted(sent(facts(), unit, y2018_sales=typed))
        assert sheet.is_valid()
        assert sheet.facts()["years"][2]["sales"] == yuan

    def test_net_assets_may_be_negative(self):
        for typed in ("-5", "－5", "—5", "−5"):
            sheet = posted(sent(facts(), y2018_net_assets_end=typed))
            assert sheet.is_valid()
            assert sheet.facts()["years"][2]["net_assets_end"] == "-5.00"

    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("y2018_sales", "abc"),
            ("y2018_sales", "-1"),
            ("y2018_sales", "1.234"),
            ("y2018_sales", "1,2,3"),
            ("y2018_sales", "1000000000000000"),
            ("y2018_sales", "9" * 500),
            ("y2018_sales", "1e5"),
            ("y2018_sales", "=1+1"),
            ("y2018_sales", "NaN"),
            ("y2017_other", "-0.01"),
            ("y2016_conversions", "1.5"),
            ("y2016_conversions", "-1"),
            ("y2016_conversions", "1000001"),
            ("employees_average", "-3"),
            ("employees_average", "十"),
            ("employees_average", "1.23456"),
            ("technical_average", "10000000"),
            ("employees_opening_3", "x"),
            ("filed_on", "2019-02-30"),
            ("filed_on", "2015-06-30"),
            ("filed_on", "2999-01-01"),
            ("registered_on", "2019-07-01"),
            ("registered_on", "昨天"),
            ("field_first", "九"),
            ("core_ip_owned", "maybe"),
            ("other_cap", "both"),
            ("incident_state", "some"),
            ("ip-0-kind", "moon_landing"),
            ("ip-0-obtained", "stolen"),
            ("ip-0-number", "9" * 61),
        ],
    )
    def test_what_cannot_be_read_is_told_beside_its_field(self, name, typed):
        sheet = posted(sent(facts(), **{name: typed}))
        found = faults(sheet)
        assert [field for field, _message in found] == [f"id_{name}"]
        assert all(message for _field, message in found)
        form = sheet.properties.forms[0] if name.startswith("ip-") else sheet.figures
        assert form[name.removeprefix("ip-0-")].value() == typed

    def test_half_a_month_is_no_month(self):
        assert faults(posted(sent(facts(), employees_opening_2="5")))[0][0] == "id_employees_closing_2"

    def test_none_and_a_list_contradict_each_other(self):
        given = facts(incidents=[{"date": "2019-01-02", "kind": "safety", "serious": True}])
        assert faults(posted(sent(given, incident_state="none")))[0][0] == "id_incident_state"

    @pytest.mark.parametrize("missing", ["ip-TOTAL_FORMS", "incidents-TOTAL_FORMS"])
    def test_a_mangled_list_is_named_and_no_error_of_the_program(self, missing):
        data = sent(facts())
        del data[missing]
        assert faults(posted(data))

    def test_an_empty_form_is_valid_and_everything_manual(self):
        sheet = posted(
            {"ip-TOTAL_FORMS": "0", "ip-INITIAL_FORMS": "0", "incidents-TOTAL_FORMS": "0"}
            | {"incidents-INITIAL_FORMS": "0"}
        )
        assert sheet.is_valid(), sheet.faults()
        assert parse_facts(sheet.facts()).filed_on is None


class TestYears:
    def test_a_year_before_the_firm_worked_a_whole_one_may_stay_empty(self):
        given = facts(registered_on="2017-05-01", years=[year(2018)], conversions=[5])
        sheet = posted(sent(given))
        assert sheet.is_valid()
        assert [row["year"] for row in sheet.facts()["years"]] == [2018]

    def test_a_later_year_keeps_its_place_so_that_its_gap_is_named(self):
        given = facts(years=[year(2016), year(2018)], conversions=None)
        sheet = posted(sent(given))
        assert sheet.is_valid()
        assert [row["year"] for row in sheet.facts()["years"]] == [2016, 2017, 2018]

    def test_empty_categories_count_as_zero_on_request_alone(self):
        given = facts(years=[year(2016), year(2017), year(2018, rd={"personnel": "5.00"})])
        plainly = posted(sent(given))
        zeros = posted(sent(given, empty_is_zero="on"))
        assert plainly.is_valid()
        assert zeros.is_valid()
        assert plainly.facts()["years"][2]["rd"] == {"personnel": "5.00"}
        assert zeros.facts()["years"][2]["rd"] == rd(personnel="5.00")

    def test_another_filing_year_brings_its_columns_and_loses_nothing(self):
        sheet = posted(sent(facts(), filed_on="2020-05-01", y2016_sales="77"))
        sheet.is_valid()
        assert sheet.new_filing_year == 2020
        shown = sheet.as_typed(filing_year=2020)
        assert shown.figures.years == (2017, 2018, 2019)
        assert shown.figures["y2018_sales"].value() == sheet.figures["y2018_sales"].value()
        assert shown.spare["y2016_sales"] == "77"
        back = posted({**sent(facts()), **shown.spare, "filing_year": "2020"}).as_typed(filing_year=2019)
        assert back.figures["y2016_sales"].value() == "77"


class TestUnits:
    def test_the_other_unit_shows_the_same_amounts(self):
        other = posted(sent(facts(), y2018_sales="1,234,567.89")).in_other_unit()
        assert other is not None
        assert (other.unit, other.figures["y2018_sales"].value()) == (Unit.WAN, "123.456789")
        assert other.figures["y2016_conversions"].value() == "5"

    def test_an_amount_that_cannot_be_read_keeps_the_unit(self):
        assert posted(sent(facts(), y2018_sales="?")).in_other_unit() is None

    def test_years_put_aside_change_their_unit_too(self):
        other = posted({**sent(facts()), "y2010_sales": "20,000"}).in_other_unit()
        assert other is not None
        assert other.spare == {"y2010_sales": "2"}

    def test_amounts_are_exact_in_both(self):
        assert amount_text("0.01", Unit.WAN) == "0.000001"
        assert amount_text("-12345.60", Unit.YUAN) == "-12,345.60"
        assert amount_text(None) == ""


class TestRows:
    def test_empty_and_removed_rows_do_not_count(self):
        given = facts(ip=[own_patent(), own_patent(title="乙")])
        sheet = posted(sent(given, **{"ip-0-remove": "on"}))
        assert sheet.is_valid()
        assert [row["title"] for row in sheet.facts()["ip"]] == ["乙"]

    def test_another_row_keeps_what_was_typed(self):
        sheet = posted(sent(facts(), **{"ip-0-title": "甲", "y2018_sales": "not a number"}))
        more = sheet.as_typed(blank="ip")
        assert [form["title"].value() for form in more.properties] == ["甲", None]
        assert more.figures["y2018_sales"].value() == "not a number"
        assert more.faults() == []

    def test_the_kind_says_the_class(self):
        sheet = posted(sent(facts(), **{"ip-0-kind": "utility_model"}))
        assert sheet.is_valid()
        assert sheet.facts()["ip"][0]["class"] == 2


class TestWords:
    """Key paths of the rules become names with links to their fields."""

    @pytest.mark.parametrize(
        ("note", "field"),
        [
            ("缺少 years[2].rd.other", "id_y2018_other"),
            ("缺少 years[0].sales", "id_y2016_sales"),
            ("缺少 years[1].rd", "id_y2017_personnel"),
            ("缺少 years", "id_y2018_sales"),
            ("缺少 years：2017 年度", "id_y2017_sales"),
            ("缺少 conversions[1]", "id_y2017_conversions"),
            ("缺少 ip（知识产权）", "id_ip-0-kind"),
            ("缺少 ip[1].used_before", "id_ip-1-used_before"),
            ("缺少 incidents[0].document（主管部门依法出具的意见）", "id_incidents-0-document"),
            ("缺少 field_code", "id_field_first"),
            ("technical_average 大于 employees_average，请核对", "id_technical_average"),
            ("employees_monthly[3].opening 与上月 closing 不一致", "id_employees_opening_4"),
            ("years[2].high_tech_income 大于 total_income，请核对", "id_y2018_high_tech_income"),
            ("缺少 expert_scores（专家评分）", ""),
        ],
    )
    def test_no_key_is_left(self, note, field):
        given = facts()
        pieces = in_words(note, given)
        assert next((piece.field for piece in pieces if piece.field), "") == field
        words = plain(note, given)
        assert not re.search(r"\[|[a-z]_[a-z]", words)
