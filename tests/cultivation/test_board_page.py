"""The stock against the targets: figures, chart, and what is told of a probability."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from config.common import clock as business_clock
from cultivation.charts import BOARD_CHARTS
from cultivation.enums import CaseState, Origin, TargetMeasure
from cultivation.models import AnnualTarget, ForecastPrior
from cultivation.rules.display import chance_text
from tests.cultivation.pages import own_case
from tests.factories import AccreditationFactory, FirmFactory, case_at, division

URL = "cultivation:board"


@pytest.fixture
def stocked(cast):
    """Three firms of Youjiang and one of Tianyang, certified at the end of 2018."""
    for key in ("youjiang", "youjiang", "youjiang", "tianyang"):
        AccreditationFactory(firm=FirmFactory(division=division(key)))


@pytest.fixture
def answer(client, cast, stocked):
    client.force_login(cast.caseworker)
    return client.get(reverse(URL))


def years_of(answer) -> dict[int, dict]:
    return {row["year"]: row for row in answer.context["years"]}


class TestTheCity:
    def test_it_sets_the_stock_against_the_targets_of_the_plan(self, answer):
        rows = years_of(answer)
        assert {year: row["target"] for year, row in rows.items()}.items() >= {
            2018: 35,
            2019: 42,
            2020: 50,
        }.items()
        assert answer.context["figures"]["stock"] == 4
        assert (rows[2018]["reached"], rows[2018]["met"]) == (4, False)
        assert (rows[2019]["reached"], rows[2019]["met"]) == (None, None)

    def test_years_to_come_have_a_forecast_beyond_the_plan_and_years_gone_by_none(self, answer):
        rows = years_of(answer)
        assert rows[2018]["parts"] == []
        assert rows[2018]["p50"] is None
        for year in (2019, 2020, 2021):
            assert rows[year]["p10"] <= rows[year]["p50"] <= rows[year]["p90"]
        assert rows[2019]["chance"].endswith("%")
        assert rows[2021]["target"] is None

    def test_the_parts_of_a_forecast_add_up_to_what_is_expected(self, answer):
        for row in answer.context["figures"]["years"]:
            if row["parts"]:
                total = sum(Decimal(part["expected"]) for part in row["parts"])
                assert abs(total - Decimal(row["mean"])) < Decimal("1e-6")

    def test_the_counties_stand_under_their_names_of_the_day(self, answer, client):
        counties = {row["name"]: row["stock"] for row in answer.context["figures"]["counties"]}
        assert len(counties) == 12
        assert (counties["右江区"], counties["田阳区"]) == (3, 1)
        with business_clock.fixed(dt.date(2018, 12, 31)):
            earlier = client.get(reverse(URL))
        assert "田阳县" in {row["name"] for row in earlier.context["figures"]["counties"]}

    def test_edge_case_48_county_quotas_are_empty_until_entered_and_then_held_against_the_citys_target(
        self, answer, client
    ):
        assert {row["target"] for row in answer.context["figures"]["counties"]} == {None}
        quota(16)
        again = client.get(reverse(URL))
        quotas = again.context["figures"]["quotas"]
        assert (quotas["city"], quotas["entered"], quotas["difference"]) == (42, 16, 26)
        assert "26" in again.content.decode().split('id="counties"')[1].split("<table")[0]

    def test_without_a_prior_it_says_so_and_shows_the_rest(self, client, cast, stocked):
        ForecastPrior.objects.filter(key="passing").delete()
        client.force_login(cast.caseworker)
        answer = client.get(reverse(URL))
        assert answer.status_code == 200
        assert "passing" in answer.context["obstacle"]
        assert answer.context["figures"]["stock"] == 4


class TestACounty:
    def test_it_is_held_against_its_own_quota(self, client, cast, stocked):
        quota(5)
        client.force_login(cast.caseworker)
        answer = client.get(reverse(URL), {"county": "youjiang"})
        assert answer.context["figures"]["stock"] == 3
        assert years_of(answer)[2019]["target"] == 5
        assert years_of(answer)[2018]["reached"] == 3
        assert "counties" not in answer.context["figures"]

    def test_a_county_caseworker_sees_the_own_county_and_no_other(self, client, cast, stocked):
        client.force_login(cast.county)
        assert client.get(reverse(URL)).context["figures"]["division"] == "youjiang"
        assert client.get(reverse(URL), {"county": "youjiang"}).status_code == 200
        for name, kwargs in (
            (URL, {}),
            ("cultivation:board_chart", {"kind": "funnel"}),
            ("cultivation:board_file", {}),
        ):
            assert client.get(reverse(name, kwargs=kwargs), {"county": "tianyang"}).status_code == 404

    def test_an_unknown_county_is_not_found(self, client, cast):
        client.force_login(cast.auditor)
        assert client.get(reverse(URL), {"county": "nowhere"}).status_code == 404


class TestFirmsThatMatter:
    @pytest.fixture
    def cases(self, cast):
        """An open case in two counties, beside a quota for the one."""
        quota(1)
        own = own_case(cast, CaseState.FILED)
        other = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        return own, other

    def test_they_are_linked_to_their_cases(self, client, cast, cases):
        client.force_login(cast.caseworker)
        page = client.get(reverse(URL))
        assert {push.case for push, *_gains in page.context["pushes"]} == set(cases)
        assert reverse("cultivation:case", args=[cases[0].pk]) in page.content.decode()

    def test_a_county_reads_of_its_own_firms_alone(self, client, cast, cases):
        client.force_login(cast.county)
        page = client.get(reverse(URL))
        assert [push.case for push, *_gains in page.context["pushes"]] == [cases[0]]
        assert cases[1].firm.name not in page.content.decode()

    def test_the_administrator_has_no_part_in_any_case(self, client, cast, cases):
        client.force_login(cast.administrator)
        page = client.get(reverse(URL))
        assert page.context["pushes"] == []
        assert cases[0].firm.name not in page.content.decode()


class TestPicturesAndWorkbook:
    @pytest.mark.parametrize("kind", BOARD_CHARTS)
    def test_a_chart_is_an_svg_without_inline_styles(self, client, cast, kind):
        client.force_login(cast.auditor)
        answer = client.get(reverse("cultivation:board_chart", args=[kind]))
        text = answer.content.decode()
        assert answer["Content-Type"].startswith("image/svg+xml")
        assert text.startswith("<svg ")
        assert "style=" not in text

    def test_there_is_no_other_chart(self, client, cast):
        client.force_login(cast.auditor)
        assert client.get(reverse("cultivation:board_chart", args=["money"])).status_code == 404

    def test_the_workbook_holds_the_numbers_of_the_page(self, client, cast, answer):
        content = client.get(reverse("cultivation:board_file")).content
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        years = book.get_sheet_by_index(1).to_python()
        figures = answer.context["figures"]
        assert [row[0] for row in years[1:]] == [row["year"] for row in figures["years"]]
        of_2019 = next(row for row in years if row[0] == 2019)
        shown = next(row for row in figures["years"] if row["year"] == 2019)
        assert of_2019[4:7] == [shown["p10"], shown["p50"], shown["p90"]]
        assert len(book.sheet_names) == 8


def test_the_queries_do_not_grow_with_the_stock(client, cast, django_assert_max_num_queries):
    client.force_login(cast.caseworker)
    quota(1)
    case_at(CaseState.FILED)
    AccreditationFactory()
    with django_assert_max_num_queries(80) as first:
        client.get(reverse(URL))
    for _n in range(10):
        AccreditationFactory()
        case_at(CaseState.FILED)
    with django_assert_max_num_queries(len(first)):
        client.get(reverse(URL))


def quota(value: int) -> None:
    """What Youjiang has been given for 2019."""
    AnnualTarget.objects.create(
        measure=TargetMeasure.STOCK,
        division=division("youjiang"),
        year=2019,
        value=value,
        origin=Origin.ENTERED,
        source="演示",
    )


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        ("0", "0.0%"),
        ("0.0004", "<0.1%"),
        ("0.001", "0.1%"),
        ("0.6745", "67.5%"),
        ("0.999", "99.9%"),
        ("0.9991", ">99.9%"),
        ("1", "100.0%"),
    ],
)
def test_a_probability_is_never_rounded_to_certainty(probability, text):
    assert chance_text(Decimal(probability)) == text
