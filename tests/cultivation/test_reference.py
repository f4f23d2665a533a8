"""The reference data as the migration leaves it."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.apps import apps
from django.db.models import Sum

from cultivation import reference
from cultivation.enums import Origin, ParameterKey, Role, TargetMeasure, Verification
from cultivation.models import (
    AnnualTarget,
    CalendarDay,
    CalendarYear,
    Division,
    DivisionName,
    IndustryField,
    Parameter,
    TechnicalField,
    User,
    Zone,
)
from cultivation.selectors.calendar import work_calendar
from documents.api import PolicyDocument

pytestmark = pytest.mark.django_db


def division(key):
    return Division.objects.get(key=key)


class TestDivisions:
    def test_there_are_twelve_counties_under_the_city(self):
        assert Division.objects.filter(parent__key="baise").count() == 12

    @pytest.mark.parametrize(
        ("key", "on", "code", "name"),
        [
            ("jingxi", dt.date(2015, 7, 31), "451025", "靖西县"),
            ("jingxi", dt.date(2015, 8, 1), "451081", "靖西市"),
            ("tianyang", dt.date(2019, 6, 26), "451021", "田阳县"),
            ("tianyang", dt.date(2019, 6, 27), "451003", "田阳区"),
            ("pingguo", dt.date(2019, 11, 19), "451023", "平果县"),
            ("pingguo", dt.date(2019, 11, 20), "451082", "平果市"),
            ("longlin", dt.date(2019, 6, 30), "451031", "隆林各族自治县"),
        ],
    )
    def test_edge_case_25_a_renamed_county_is_one_unit_with_the_code_of_the_day(self, key, on, code, name):
        assert (division(key).code_on(on), division(key).name_on(on)) == (code, name)

    def test_every_county_has_one_name_on_every_day(self):
        for county in Division.objects.prefetch_related("names"):
            spans = [(row.valid_from, row.valid_to) for row in county.names.all()]
            assert spans[-1][1] is None
            assert all(one[1] == other[0] for one, other in itertools.pairwise(spans))

    def test_every_name_states_its_source(self):
        assert not DivisionName.objects.filter(source="").exists()
        assert "挂牌日未核" in division("tianyang").names.last().source

    def test_edge_case_48_the_zone_is_no_county(self):
        assert list(Zone.objects.values_list("name", flat=True)) == ["百色高新区"]
        assert not DivisionName.objects.filter(name__contains="高新").exists()


class TestTargets:
    def values(self, measure):
        rows = AnnualTarget.objects.filter(measure=measure, division=None)
        return dict(rows.values_list("year", "value"))

    def test_the_plan_s_figures_for_the_city(self):
        assert self.values(TargetMeasure.STOCK) == {2017: 29, 2018: 35, 2019: 42, 2020: 50}
        assert self.values(TargetMeasure.NET_ADDITIONS) == {2018: 6, 2019: 7, 2020: 8}

    def test_stock_and_net_additions_agree_and_only_2017_is_derived(self):
        stock, added = self.values(TargetMeasure.STOCK), self.values(TargetMeasure.NET_ADDITIONS)
        assert all(stock[year - 1] + added[year] == stock[year] for year in added)
        derived = AnnualTarget.objects.filter(origin=Origin.DERIVED)
        assert list(derived.values_list("year", "value")) == [(2017, 29)]

    def test_edge_case_48_the_county_table_counts_conversions_and_adds_up(self):
        counties = AnnualTarget.objects.exclude(division=None)
        assert set(counties.values_list("measure", flat=True)) == {TargetMeasure.CONVERSIONS}
        by_year = dict(counties.values_list("year").annotate(Sum("value")).order_by("year"))
        assert by_year == self.values(TargetMeasure.CONVERSIONS) == {2018: 14, 2019: 17, 2020: 19}
        assert counties.filter(division__key="youjiang").aggregate(s=Sum("value"))["s"] == 10

    def test_every_figure_rests_on_the_plan_which_is_no_issued_document(self):
        plan = PolicyDocument.objects.get(title__startswith="百色市科技创新支撑")
        assert (plan.document_number, plan.is_formal, plan.issued_on) == ("", False, None)
        assert "修改稿" in plan.source
        assert not AnnualTarget.objects.exclude(basis=plan).exists()


class TestFields:
    def test_eight_technical_and_seven_industry_fields(self):
        assert list(TechnicalField.objects.values_list("ordinal", flat=True)) == list("一二三四五六七八")
        assert IndustryField.objects.count() == 7

    def test_edge_case_48_the_plan_s_two_spellings_of_one_field(self):
        assert "高端铝" in IndustryField.objects.get(name="中高端铝").synonyms.split(",")


class TestCalendar:
    def test_it_knows_the_published_years(self):
        years = list(CalendarYear.objects.values_list("year", flat=True))
        assert years == list(range(2004, 2027))

    @pytest.mark.parametrize(
        ("day", "worked"),
        [
            (dt.date(2019, 5, 1), False),
            (dt.date(2019, 5, 5), True),
            (dt.date(2019, 5, 6), True),
            (dt.date(2019, 6, 7), False),
            (dt.date(2019, 6, 8), False),
            (dt.date(2019, 9, 29), True),
            (dt.date(2019, 10, 12), True),
        ],
    )
    def test_holidays_and_make_up_workdays_of_2019(self, day, worked):
        assert work_calendar().is_working_day(day) is worked

    def test_only_days_that_differ_from_the_plain_week_are_kept(self):
        assert all(row.is_workday == (row.day.weekday() >= 5) for row in CalendarDay.objects.all())


class TestParameters:
    def test_every_parameter_has_a_value_and_a_source(self):
        assert set(Parameter.objects.values_list("key", flat=True)) == set(ParameterKey.values)
        assert not Parameter.objects.filter(source="").exists()

    @pytest.mark.parametrize(
        ("key", "value", "verification"),
        [
            (ParameterKey.TERM_YEARS, 3, Verification.READ),
            (ParameterKey.DISCLOSURE_DAYS, 10, Verification.READ),
            (ParameterKey.POOL_YEARS_LIMIT, 2, Verification.READ),
            (ParameterKey.TRAINING_HOURS, 8, Verification.UNVERIFIED),
            (ParameterKey.EXPIRY_DAY_COUNTS, 0, Verification.UNVERIFIED),
            (ParameterKey.LEAP_DAY_ENDS_EARLY, 1, Verification.UNVERIFIED),
            (ParameterKey.DISCLOSURE_FIRST_DAY, 1, Verification.UNVERIFIED),
        ],
    )
    def test_what_was_not_read_in_a_source_says_so(self, key, value, verification):
        row = Parameter.objects.get(key=key)
        assert (row.value, row.verification) == (value, verification)


class TestPeople:
    def test_the_system_user_is_a_caseworker_whom_no_password_opens(self):
        user = User.objects.get(username="system")
        assert user.roles == {Role.CASEWORKER.value}
        assert not user.has_usable_password()
        assert not user.is_superuser


class TestLoadingAgain:
    def test_adds_nothing_and_keeps_what_the_bureau_changed(self):
        Parameter.objects.filter(key=ParameterKey.TRAINING_HOURS).update(value=16)
        Division.objects.filter(key="xilin").update(order=99)
        models = (Division, DivisionName, AnnualTarget, CalendarDay, Parameter, PolicyDocument, User)
        before = [model.objects.count() for model in models]
        reference.load(apps)
        assert [model.objects.count() for model in models] == before
        assert Parameter.objects.get(key=ParameterKey.TRAINING_HOURS).value == Decimal(16)

    def test_brings_back_what_a_flush_has_taken(self):
        CalendarDay.objects.all().delete()
        Parameter.objects.all().delete()
        reference.load(apps)
        assert CalendarDay.objects.exists()
        assert set(Parameter.objects.values_list("key", flat=True)) == set(ParameterKey)
