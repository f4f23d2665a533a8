"""The stock against the targets: figures, chart, and what is told of a probability."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from config.common import clock as business_clock
from cultivation.enums import Origin, TargetMeasure
from cultivation.models import AnnualTarget
from cultivation.views.board import percent
from tests.factories import AccreditationFactory, FirmFactory, division


@pytest.fixture
def answer(client, cast):
    """The board over three firms of Youjiang and one of Tianyang, certified at the end of 2018."""
    for key in ("youjiang", "youjiang", "youjiang", "tianyang"):
        AccreditationFactory(firm=FirmFactory(division=division(key)))
    client.force_login(cast.caseworker)
    return client.get(reverse("cultivation:board"))


def test_it_sets_the_stock_against_the_targets_of_the_plan(answer):
    rows = {row.year: row for row in answer.context["rows"]}
    assert {year: row.target for year, row in rows.items()}.items() >= {2018: 35, 2019: 42, 2020: 50}.items()
    assert answer.context["stock"].total == 4
    assert (rows[2018].reached, rows[2018].met) == (4, False)
    assert (rows[2019].reached, rows[2019].met) == (None, None)


def test_years_to_come_have_a_forecast_and_years_gone_by_none(answer):
    rows = {row.year: row for row in answer.context["rows"]}
    assert rows[2018].forecast is None
    for year in (2019, 2020):
        forecast = rows[year].forecast
        assert forecast.p10 <= forecast.p50 <= forecast.p90
        assert rows[year].chance.endswith("%")


def test_the_counties_stand_under_their_names_of_the_day(answer, client, cast):
    counties = {row.name: row.stock for row in answer.context["counties"]}
    assert len(counties) == 12
    assert (counties["右江区"], counties["田阳区"]) == (3, 1)
    with business_clock.fixed(dt.date(2018, 12, 31)):
        earlier = client.get(reverse("cultivation:board"))
    assert "田阳县" in {row.name for row in earlier.context["counties"]}


def test_edge_case_48_county_quotas_are_empty_until_entered_and_then_held_against_the_citys_target(
    answer, client, cast
):
    assert {row.target for row in answer.context["counties"]} == {None}
    AnnualTarget.objects.create(
        measure=TargetMeasure.STOCK,
        division=division("youjiang"),
        year=2019,
        value=16,
        origin=Origin.ENTERED,
        source="演示",
    )
    again = client.get(reverse("cultivation:board"))
    targets = again.context["county_targets"]
    assert (targets.city, targets.entered, targets.difference) == (42, 16, 26)
    assert "26" in again.content.decode().split('id="counties"')[1].split("<table")[0]


def test_the_chart_is_an_svg_without_inline_styles(client, cast):
    client.force_login(cast.auditor)
    answer = client.get(reverse("cultivation:stock_chart"))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert text.startswith("<svg ")
    assert "style=" not in text


def test_the_queries_do_not_grow_with_the_stock(client, cast, django_assert_max_num_queries):
    client.force_login(cast.caseworker)
    AccreditationFactory()
    with django_assert_max_num_queries(80) as first:
        client.get(reverse("cultivation:board"))
    for _n in range(10):
        AccreditationFactory()
    with django_assert_max_num_queries(len(first)):
        client.get(reverse("cultivation:board"))


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
    assert percent(Decimal(probability)) == text
