"""Forecasts and back-tests on record: kept as they were made, beside what came, and provable."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from config.common.errors import Refused
from cultivation.enums import CaseState
from cultivation.models import BacktestRecord, ForecastSnapshot, RefusedAttempt
from cultivation.selectors.forecast_records import check_forecasts, forecast_rows, latest_backtest
from cultivation.selectors.forecasts import forecast
from cultivation.services.forecasts import record_backtest, record_forecast
from subsidies.services.verification import verify_records
from tests.cultivation.forecasting.building import Builder
from tests.people import Cast
from tests.subsidies.tampering import tamper

DAY = dt.date(2019, 6, 30)


@pytest.fixture(autouse=True)
def _on_the_day(clock) -> None:
    clock(DAY)


@pytest.fixture
def history(cast: Cast) -> Builder:
    """A firm accredited in 2018 after a case of 2017, and one on its way."""
    build = Builder(cast.caseworker)
    build.case(
        build.firm(),
        (CaseState.DRAFT, dt.date(2017, 3, 1)),
        (CaseState.READY, dt.date(2018, 3, 1)),
        (CaseState.FILED, dt.date(2018, 8, 1)),
        (CaseState.ACCREDITED, dt.date(2018, 11, 1)),
    )
    build.case(build.firm(), (CaseState.DRAFT, dt.date(2019, 2, 1)), (CaseState.READY, dt.date(2019, 4, 1)))
    return build


class TestForecast:
    def test_it_keeps_all_that_the_forecast_says(self, history: Builder, cast: Cast) -> None:
        snapshot = record_forecast(year=2019, actor=cast.caseworker)
        answer = forecast(year=2019, as_of=DAY).as_json()
        priors = answer["assumptions"].pop("priors")
        assert snapshot.priors == priors
        assert {**snapshot.result, **snapshot.inputs} == answer
        assert (snapshot.as_of, snapshot.recorded_by) == (DAY, cast.caseworker)

    def test_it_stays_as_it_was_when_the_history_goes_on(self, history: Builder, cast: Cast, clock) -> None:
        record_forecast(year=2019, actor=cast.caseworker)
        before = ForecastSnapshot.objects.values().get()
        history.certificate(history.firm(), dt.date(2019, 7, 1))
        clock(dt.date(2020, 1, 5))
        assert ForecastSnapshot.objects.values().get() == before

    def test_what_came_stands_beside_it_once_the_year_is_over(self, history: Builder, cast: Cast) -> None:
        snapshot = record_forecast(year=2019, actor=cast.caseworker)
        assert forecast_rows([snapshot], DAY)[0].outcome is None
        (row,) = forecast_rows([snapshot], dt.date(2020, 1, 5))
        assert row.outcome is not None
        assert (row.outcome.firms, row.is_between) == (1, True)

    def test_a_county_has_its_own(self, history: Builder, cast: Cast) -> None:
        snapshot = record_forecast(year=2019, division=history.division("pingguo"), actor=cast.reviewer)
        assert snapshot.result["division"] == "451023"
        assert forecast_rows([snapshot], DAY)[0].place == "平果县"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"as_of": DAY + dt.timedelta(days=1)}, "day_to_come"),
            ({"year": 2018}, "year_before_as_of"),
        ],
    )
    def test_what_cannot_be_forecast_is_refused_and_nothing_kept(
        self, cast: Cast, changes: dict[str, object], code: str
    ) -> None:
        with pytest.raises(Refused) as caught:
            record_forecast(**{"year": 2019, "actor": cast.caseworker, **changes})
        assert caught.value.code == code
        assert not ForecastSnapshot.objects.exists()
        assert RefusedAttempt.objects.get().code == code

    @pytest.mark.parametrize("role", ["firm", "county", "finance", "auditor", "administrator"])
    def test_others_record_none(self, cast: Cast, role: str) -> None:
        with pytest.raises(Refused) as caught:
            record_forecast(year=2019, actor=getattr(cast, role))
        assert caught.value.code == "not_allowed"

    def test_the_command_records_it(self, history: Builder, capsys) -> None:
        call_command("forecast", "--year", "2019", "--record", "--as", "caseworker")
        answer = json.loads(capsys.readouterr().out)
        snapshot = ForecastSnapshot.objects.get()
        assert answer["snapshot"] == {"id": snapshot.pk, "sha256": snapshot.sha256}
        assert answer["pmf"] == snapshot.result["pmf"]


class TestBacktest:
    def test_it_keeps_its_report(self, history: Builder, cast: Cast) -> None:
        record = record_backtest(actor=cast.caseworker)
        found = latest_backtest()
        assert found is not None
        assert found.record == record
        assert [row.as_of for row in found.report.replays] == [
            dt.date(2017, 3, 31),
            dt.date(2017, 6, 30),
            dt.date(2017, 9, 30),
            dt.date(2018, 3, 31),
            dt.date(2018, 6, 30),
            dt.date(2018, 9, 30),
        ]
        assert [row.actual for row in found.report.replays] == [0, 0, 0, 1, 1, 1]
        assert {row.target for row in found.report.replays} == {29, 35}

    def test_leakage_a_replay_is_the_forecast_that_was_recorded_on_its_day(
        self, history: Builder, cast: Cast, clock
    ) -> None:
        clock(dt.date(2018, 6, 30))
        then = record_forecast(year=2018, actor=cast.caseworker).result["distribution"]
        clock(DAY)
        history.case(
            history.firm(),
            (CaseState.DRAFT, dt.date(2018, 7, 2)),
            (CaseState.FILED, dt.date(2018, 9, 1)),
            (CaseState.ACCREDITED, dt.date(2018, 12, 1)),
        )
        record_backtest(actor=cast.caseworker)
        found = latest_backtest()
        assert found is not None
        now = found.report.replays[4]
        assert (now.p10, now.p50, now.p90) == (then["p10"], then["p50"], then["p90"])
        assert now.actual == 2

    def test_a_record_too_short_gives_none(self, cast: Cast) -> None:
        with pytest.raises(Refused) as caught:
            record_backtest(actor=cast.caseworker)
        assert caught.value.code == "nothing_to_replay"

    def test_the_command_records_it(self, history: Builder, capsys) -> None:
        call_command("backtest", "--as", "reviewer")
        answer = json.loads(capsys.readouterr().out)
        assert answer["sha256"] == BacktestRecord.objects.get().sha256
        assert len(answer["replays"]) == 6


class TestProof:
    @pytest.fixture(autouse=True)
    def _recorded(self, history: Builder, cast: Cast) -> None:
        record_forecast(year=2019, actor=cast.caseworker)
        record_backtest(actor=cast.caseworker)

    def test_untouched_records_have_no_problem(self) -> None:
        assert check_forecasts() == (2, [])
        assert verify_records().checked["forecasts"] == 2

    @pytest.mark.parametrize("model", [ForecastSnapshot, BacktestRecord])
    @pytest.mark.parametrize("act", ["update", "delete"])
    def test_the_database_refuses_every_change(self, model: type[ForecastSnapshot], act: str) -> None:
        rows = model.objects.all()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(sha256="0" * 64) if act == "update" else rows._raw_delete(rows.db)

    @pytest.mark.parametrize(
        "statement",
        [
            'UPDATE cultivation_forecastsnapshot SET result = \'{"probability_met": "1"}\'',
            "UPDATE cultivation_forecastsnapshot SET priors = '[]'",
            "UPDATE cultivation_forecastsnapshot SET as_of = '2019-06-29'",
            "UPDATE cultivation_backtestrecord SET content = '{\"replays\": []}'",
        ],
    )
    def test_a_change_behind_its_back_is_found(self, statement: str) -> None:
        tamper(statement)
        assert {problem.code for problem in verify_records().problems} == {"forecast_changed"}
