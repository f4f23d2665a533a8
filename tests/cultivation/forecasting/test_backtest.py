"""The back-test: what it replays, what it counts, and that no past forecast knows anything of later."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta

from cultivation.forecasting.backtest import backtest, replay, replay_days
from cultivation.forecasting.baselines import straight_line
from cultivation.forecasting.estimation import Estimation
from cultivation.forecasting.outlook import Outlook
from cultivation.forecasting.report import LAST_RATE, LINE, MODEL, Replay, Report

from .assumed import reference_priors
from .worlds import World

UNTIL = dt.date(2020, 1, 31)


@pytest.fixture(scope="module")
def world() -> World:
    return World(40, 11)


@pytest.fixture(scope="module")
def report(world: World) -> Report:
    days = [dt.date(year, 6, 30) for year in (2017, 2018, 2019, 2020)]
    return backtest(world.history, lambda _day: reference_priors(), {2018: 20, 2019: 22}, UNTIL, days)


def made(place: float, chance: float | None, actual: int = 10, target: int | None = 10) -> Replay:
    chances = {} if chance is None else {MODEL: chance, LAST_RATE: 0.5, LINE: 0.5}
    return Replay(dt.date(2019, 6, 30), 2019, 9, 10, 11, actual, place, target, chances)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ahead", [0, 2])
def test_leakage_a_forecast_of_a_day_is_the_same_from_the_whole_record_and_from_the_days_own(
    seed: int, ahead: int
) -> None:
    """The world goes on until 2022; of that a forecast of 2018 knows nothing."""
    history, day = World(40, seed).history, dt.date(2018, 6, 30)
    assert len(history.events) > len(history.known_on(day).events)
    whole, own = (
        Outlook(Estimation(record, reference_priors(), day), day.year + ahead).masses
        for record in (history, history.known_on(day))
    )
    assert np.array_equal(whole, own)


def test_leakage_what_comes_later_moves_the_outcome_of_a_replay_alone(world: World) -> None:
    day, target = dt.date(2018, 6, 30), 20
    history, cut = world.history, world.history.known_on(day)
    from_all = replay(history, reference_priors(), day, target, history)
    from_own = replay(cut, reference_priors(), day, target, history)
    assert from_all == from_own


def test_only_years_that_are_over_are_replayed(report: Report) -> None:
    assert [row.year for row in report.replays] == [2017, 2018, 2019]


def test_the_outcome_is_the_stock_that_came(world: World, report: Report) -> None:
    for row in report.replays:
        end = dt.date(row.year, 12, 31).toordinal()
        assert row.actual == len(world.history.stock_on(end))


def test_a_year_without_target_has_no_chance(report: Report) -> None:
    assert [bool(row.chances) for row in report.replays] == [False, True, True]
    assert len(report.with_target) == 2


def test_the_same_back_test_gives_the_same_report(world: World, report: Report) -> None:
    again = replay(
        world.history,
        reference_priors(),
        dt.date(2018, 6, 30),
        20,
        world.history.known_on(UNTIL),
    )
    assert again == report.replays[1]


def test_the_quarters_since_the_first_recorded_step_are_replayed(world: World) -> None:
    days = list(replay_days(world.history, UNTIL))
    assert (days[0], days[-1], len(days)) == (dt.date(2013, 3, 31), dt.date(2019, 9, 30), 21)
    later = world.history.known_on(UNTIL)
    events = later.events[later.events["at"] >= dt.date(2017, 6, 30).toordinal()]
    begun = replace(later, events=events)
    assert next(replay_days(begun, UNTIL)) == dt.date(2017, 9, 30)


def test_coverage_counts_the_middle_four_fifths() -> None:
    report = Report(tuple(made(place, None) for place in (0.05, 0.1, 0.11, 0.5, 0.95)))
    assert report.coverage == pytest.approx(2 / 5)
    assert report.plain_coverage == 1
    assert Report((made(0.5, None, actual=12),)).plain_coverage == 0


def test_the_brier_score_is_the_mean_square_of_what_was_off() -> None:
    report = Report((made(0.5, 0.8), made(0.5, 0.4, actual=9), made(0.5, None, target=None)))
    assert report.brier() == pytest.approx((0.2**2 + 0.4**2) / 2)
    assert report.brier(LINE) == pytest.approx(0.25)
    assert Report(()).brier() is None


def test_calibration_puts_forecasts_with_like_chances_together() -> None:
    report = Report(tuple(made(0.5, chance, actual) for chance, actual in ((0.9, 10), (1.0, 9), (0.2, 9))))
    assert [(row.lowest, row.count, row.met) for row in report.bins] == [(0.2, 1, 0), (0.8, 2, 0.5)]
    last = report.bins[-1]
    assert last.chance == pytest.approx(0.95)
    assert (last.low, last.high) == pytest.approx(tuple(beta(1.5, 1.5).ppf([0.1, 0.9])))


def test_a_report_comes_back_from_its_record(report: Report) -> None:
    content = report.as_json()
    again = Report.from_json(content)
    assert again.as_json() == content
    assert [row.as_of for row in again.replays] == [row.as_of for row in report.replays]


def test_the_straight_line_goes_on_and_says_how_sure_it_is() -> None:
    line = straight_line({2015: 10, 2016: 12, 2017: 14, 2018: 16}, 2019)
    assert line.centre == pytest.approx(18)
    assert line.at_least(18) > 0.5 > line.at_least(19)
    assert straight_line({}, 2019).at_least(1) < 0.5
