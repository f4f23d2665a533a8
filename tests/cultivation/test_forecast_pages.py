"""Recorded forecasts and the back-test on their pages."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django_tasks import TaskResultStatus

from cultivation import background
from cultivation.enums import CaseState
from cultivation.models import BacktestRecord, ForecastSnapshot
from cultivation.services.forecasts import record_backtest, record_forecast
from tests.cultivation.forecasting.building import Builder

DAY = dt.date(2019, 6, 30)


@pytest.fixture(autouse=True)
def _on_the_day(clock):
    clock(DAY)


@pytest.fixture
def history(cast):
    build = Builder(cast.caseworker)
    for firm in (build.firm(), build.firm("pingguo")):
        build.case(
            firm,
            (CaseState.DRAFT, dt.date(2017, 3, 1)),
            (CaseState.FILED, dt.date(2018, 8, 1)),
            (CaseState.ACCREDITED, dt.date(2018, 11, 1)),
        )
    build.case(build.firm(), (CaseState.DRAFT, dt.date(2019, 2, 1)), (CaseState.READY, dt.date(2019, 4, 1)))
    return build


@pytest.fixture
def caseworker(client, cast):
    client.force_login(cast.caseworker)
    return client


class TestForecasts:
    def test_putting_one_on_record_leads_to_its_page(self, caseworker, history):
        answer = caseworker.post(reverse("cultivation:forecasts"), {"year": "2020", "division": "pingguo"})
        snapshot = ForecastSnapshot.objects.get()
        assert answer.headers["Location"] == reverse("cultivation:forecast", args=[snapshot.pk])
        assert (snapshot.year, snapshot.division, snapshot.as_of) == (2020, history.division("pingguo"), DAY)
        page = caseworker.get(answer.headers["Location"]).content.decode()
        assert snapshot.sha256 in page
        assert "平果县" in page

    def test_a_year_that_is_over_is_no_choice(self, caseworker):
        answer = caseworker.post(reverse("cultivation:forecasts"), {"year": "2018"})
        assert answer.status_code == 422
        assert not ForecastSnapshot.objects.exists()

    def test_a_reader_records_none(self, client, cast):
        client.force_login(cast.auditor)
        assert client.post(reverse("cultivation:forecasts"), {"year": "2019"}).status_code == 403

    def test_the_list_sets_what_came_beside_it(self, caseworker, cast, history, clock):
        record_forecast(year=2019, actor=cast.caseworker)
        clock(dt.date(2020, 1, 5))
        page = caseworker.get(reverse("cultivation:forecasts"))
        (row,) = page.context["rows"]
        assert row.outcome.firms == 2
        assert ("区间内" in page.content.decode()) == row.is_between

    def test_the_page_says_what_each_group_rests_on(self, caseworker, cast, history):
        snapshot = record_forecast(year=2019, actor=cast.caseworker)
        page = caseworker.get(reverse("cultivation:forecast", args=[snapshot.pk]))
        (group,) = page.context["stages"]
        assert (group.stage, group.firms) == ("待申报", 1)
        assert len(page.context["priors"]) == len(snapshot.priors)

    def test_the_file_holds_everything(self, caseworker, cast, history):
        snapshot = record_forecast(year=2019, actor=cast.caseworker)
        answer = caseworker.get(reverse("cultivation:forecast_file", args=[snapshot.pk]))
        content = json.loads(answer.content)
        assert content["sha256"] == snapshot.sha256
        assert content["pmf"] == snapshot.result["pmf"]
        assert content["priors"] == snapshot.priors

    def test_the_queries_do_not_grow_with_the_rows(
        self, caseworker, cast, history, django_assert_max_num_queries
    ):
        for year in (2019, 2020, 2021, 2022):
            record_forecast(year=year, actor=cast.caseworker)
        with django_assert_max_num_queries(12):
            caseworker.get(reverse("cultivation:forecasts"))


class TestBacktest:
    def test_it_shows_what_is_on_record_and_reckons_nothing(self, caseworker, cast, history, monkeypatch):
        record_backtest(actor=cast.caseworker)
        monkeypatch.setattr("cultivation.forecasting.backtest.backtest", None)
        page = caseworker.get(reverse("cultivation:backtest"))
        assert len(page.context["report"].replays) == 6
        assert next(name for name, _brier in page.context["briers"]) == "本系统的预测"
        assert b"calibration.svg" in page.content

    def test_the_chart_is_a_picture_of_the_record(self, caseworker, cast, history):
        assert caseworker.get(reverse("cultivation:calibration_chart")).status_code == 404
        record_backtest(actor=cast.caseworker)
        answer = caseworker.get(reverse("cultivation:calibration_chart"))
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert answer.content.startswith(b"<svg")

    def test_a_record_too_short_says_so_and_offers_nothing(self, caseworker):
        page = caseworker.get(reverse("cultivation:backtest"))
        assert (page.context["can_replay"], page.context["may_order"]) == (False, False)

    def test_ordering_one_leaves_it_to_a_worker(self, caseworker, cast, history, settings):
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        caseworker.post(reverse("cultivation:backtest_order"))
        assert background.backtest_status() is TaskResultStatus.RUNNING
        page = caseworker.get(reverse("cultivation:backtest"))
        assert (page.context["is_running"], BacktestRecord.objects.exists()) == (True, False)
        caseworker.post(reverse("cultivation:backtest_order"))
        assert background.DBTaskResult.objects.count() == 1
        background.make_backtest.call(cast.caseworker.pk)
        assert BacktestRecord.objects.get().recorded_by == cast.caseworker

    @pytest.mark.parametrize(
        ("status", "told"),
        [(TaskResultStatus.FAILED, TaskResultStatus.FAILED), (TaskResultStatus.SUCCESSFUL, None)],
    )
    def test_a_worker_that_failed_is_told(self, caseworker, history, settings, status, told):
        settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
        caseworker.post(reverse("cultivation:backtest_order"))
        background.DBTaskResult.objects.update(status=status)
        assert background.backtest_status() is told
        assert caseworker.get(reverse("cultivation:backtest")).context["has_failed"] == bool(told)

    def test_a_reader_orders_none(self, client, cast, history):
        client.force_login(cast.auditor)
        assert client.post(reverse("cultivation:backtest_order")).status_code == 403
