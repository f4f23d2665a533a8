"""What the matching reward may come to, by quarter and year, beside the money there is."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest
from django.urls import reverse

from cultivation.api import Accreditation, AccreditationKind, AwardAmount, Cohort, Quarter
from cultivation.forecasting.due_money import due_money
from cultivation.forecasting.numeric import NumericDistribution
from subsidies.selectors.expected_rewards import Delay, GivenAward, expected_rewards
from tests.cultivation.forecasting.building import Builder
from tests.factories import AccreditationFactory
from tests.subsidies import factories
from tests.subsidies.test_exposure import document, granted

DAY = dt.date(2019, 6, 30)
NOW = Quarter(2019, 2)
SIZES = (
    AwardAmount(Decimal("80000.00"), F(3, 4), "演示"),
    AwardAmount(Decimal("100000.00"), F(1, 4), "演示"),
)


def test_the_distribution_agrees_with_every_case_listed_one_by_one() -> None:
    """Two firms wait and none, one or two come this year; their award falls into one quarter or another."""
    coming = {0: F(1, 2), 1: F(1, 4), 2: F(1, 4)}
    timing = {Quarter(2020, 1): F(1, 3), Quarter(2020, 2): F(2, 3)}
    found = due_money(
        [Cohort(2019, 2, True, timing)],
        NumericDistribution(0, np.array([float(one) for one in coming.values()])),
        SIZES,
        now=NOW,
        last_year=2020,
        certain=Decimal(0),
        available={2020: Decimal("250000.00")},
    )
    totals: dict[int, F] = {}
    for more, chance in coming.items():
        for sizes in product(((80_000, F(3, 4)), (100_000, F(1, 4))), repeat=2 + more):
            part = chance
            for _size, share in sizes:
                part *= share
            total = sum(size for size, _share in sizes)
            totals[total] = totals.get(total, F(0)) + part
    assert found is not None
    (_this, year) = found.years
    assert float(year.beyond) == pytest.approx(
        float(sum(p for total, p in totals.items() if total > 250_000)), abs=1e-9
    )
    assert year.expected == Decimal(round(sum(total * p for total, p in totals.items()) * 100)) / 100
    reached, p90 = F(0), 0
    for total in sorted(totals):
        reached += totals[total]
        if reached >= F(9, 10):
            p90 = total
            break
    assert (year.p90, found.grain) == (Decimal(p90), 0)
    first = next(row for row in found.quarters if (row.year, row.quarter) == (2020, 1))
    assert float(first.beyond) == pytest.approx(float(year.beyond) / 3, abs=1e-9)


def test_sizes_that_share_no_step_are_rounded_up_and_it_is_said() -> None:
    odd = (
        AwardAmount(Decimal("80000.01"), F(1, 2), "演示"),
        AwardAmount(Decimal("93666.83"), F(1, 2), "演示"),
    )
    found = due_money(
        [Cohort(2018, 10, False, {Quarter(2019, 3): F(1)})],
        NumericDistribution(0, np.ones(1)),
        odd,
        now=NOW,
        last_year=2019,
        certain=Decimal("5.00"),
        available={},
    )
    assert found is not None
    (year,) = found.years
    assert 0 < found.grain < 20
    assert year.expected == Decimal("868339.20")
    assert year.beyond is None
    assert abs(year.p50 - Decimal("868339")) < 10 * found.grain + 15_000


@pytest.fixture
def build(db: None) -> Builder:
    return Builder(factories.office().caseworker)


def first(build: Builder, issued: dt.date) -> Accreditation:
    last = issued.replace(year=issued.year + 3) - dt.timedelta(days=1)
    return AccreditationFactory(firm=build.firm(), determined=True, issued_on=issued, last_day=last)


@pytest.fixture
def history(build: Builder) -> Builder:
    """Of 2017's firms one was granted 80,000 in May 2018; two firms of 2018 and one of 2019 wait."""
    granted(
        document(build, "演示〔2018〕5号", dt.date(2018, 5, 20)),
        first(build, dt.date(2017, 11, 1)),
        "80000.00",
        1,
    )
    for day in (dt.date(2018, 11, 1), dt.date(2018, 12, 1), dt.date(2019, 3, 1)):
        first(build, day)
    return build


class TestFromTheRecords:
    def test_size_and_time_are_those_of_the_regions_documents(self, history: Builder) -> None:
        found = expected_rewards(DAY)
        assert found.delays == {Delay(1, 2): F(1)}
        assert [(row.amount, row.source) for row in found.amounts] == [
            (Decimal("80000.00"), "演示〔2018〕5号")
        ]
        assert (found.waiting, found.overdue) == (3, 0)

    def test_last_years_firms_are_due_this_year_and_this_years_next(self, history: Builder) -> None:
        found = expected_rewards(DAY)
        assert found.due is not None
        this, following = found.due.years
        assert (this.expected, this.p10, this.p90) == (Decimal("160000.00"),) * 3
        assert following.expected > Decimal("80000.00")
        assert {(row.year, row.quarter) for row in found.due.quarters if row.expected} == {
            (2019, 2),
            (2020, 2),
        }

    def test_what_should_have_come_is_left_out_and_said(self, history: Builder) -> None:
        found = expected_rewards(dt.date(2019, 7, 1))
        assert found.overdue == 2
        assert found.due is not None
        assert found.due.years[0].expected == 0

    def test_renewals_opening_data_and_revoked_ones_do_not_wait(self, history: Builder) -> None:
        history.certificate(history.firm(), dt.date(2018, 11, 1), kind=AccreditationKind.RENEWAL)
        history.certificate(history.firm(), dt.date(2018, 11, 1))
        history.revoke(first(history, dt.date(2018, 11, 1)), dt.date(2019, 1, 1))
        assert expected_rewards(DAY).waiting == 3

    def test_without_any_record_there_is_nothing_to_tell(self, build: Builder) -> None:
        found = expected_rewards(DAY)
        assert (found.amounts, found.delays, found.due) == ((), {}, None)

    @pytest.mark.parametrize(("appropriated", "chance"), [("159999.99", 1), ("160000.00", 0)])
    def test_the_shortfall_is_held_against_the_lines_of_the_year(
        self, history: Builder, appropriated: str, chance: int
    ) -> None:
        factories.funding_line(appropriated, fiscal_year=2019)
        found = expected_rewards(DAY)
        assert found.due is not None
        assert [row.beyond for row in found.due.years] == [chance, None]
        assert [row.beyond for row in found.due.quarters[:3]] == [chance] * 3


def test_an_amount_given_with_a_source_takes_the_place_of_the_records(history: Builder) -> None:
    found = expected_rewards(DAY, GivenAward(Decimal("50000.00"), Delay(1, 4), "会议纪要"))
    assert found.due is not None
    assert found.due.years[0].expected == Decimal("100000.00")
    assert [row.source for row in found.amounts] == ["会议纪要"]


class TestPage:
    @pytest.fixture
    def finance(self, client, cast):
        client.force_login(cast.finance)
        return client

    def test_it_shows_years_and_quarters(self, finance, history):
        page = finance.get(reverse("subsidies:exposure"))
        assert page.status_code == 200
        assert "160,000.00" in page.content.decode()
        chart = finance.get(reverse("subsidies:exposure_chart"))
        assert chart.content.startswith(b"<svg")
        assert finance.get(reverse("documents:export", args=["expected-rewards"])).status_code == 200

    def test_a_figure_without_its_source_is_refused_and_kept(self, finance, history):
        page = finance.get(reverse("subsidies:exposure"), {"amount": "50000"})
        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"years", "quarter", "source"}
        assert 'value="50000"' in page.content.decode()

    def test_given_figures_are_reckoned_with(self, finance, history):
        given = {"amount": "50000", "years": "1", "quarter": "4", "source": "会议纪要"}
        page = finance.get(reverse("subsidies:exposure"), given)
        assert "100,000.00" in page.content.decode()
        assert "会议纪要" in page.content.decode()

    def test_the_queries_do_not_grow_with_the_firms(self, finance, history, django_assert_max_num_queries):
        for _number in range(8):
            first(history, dt.date(2018, 11, 1))
        with django_assert_max_num_queries(40):
            finance.get(reverse("subsidies:exposure"))
