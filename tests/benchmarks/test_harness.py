"""The benchmarks measure what they say."""

import json
import random
import subprocess
import time

import pytest

from cultivation.rules.assessment import assess
from cultivation.rules.facts import parse_facts
from tests.benchmarks import assessing, forecasting
from tests.benchmarks.harness import Benchmark, manage, measure, report


def test_the_firms_of_the_benchmark_can_be_judged_and_differ() -> None:
    dice = random.Random(2019)
    results = [assess(parse_facts(assessing.facts(dice))) for _ in range(50)]
    assert {result.verdict.value for result in results} == {"pass", "fail"}


def test_the_ratio_is_that_of_the_medians(monkeypatch, tmp_path) -> None:
    now = iter(range(10_000))
    monkeypatch.setattr(time, "perf_counter", lambda: next(now))

    def act() -> None:
        next(now), next(now)

    result = measure(Benchmark("three times", act, "nothing", lambda: None, runs=3))
    assert (result.value, result.reference_value, result.ratio) == (3, 1, 3.0)
    table = report([result], tmp_path / "bench" / "results.json")
    assert "3.00" in table.splitlines()[1]
    assert json.loads((tmp_path / "bench" / "results.json").read_text())["results"][0]["ratio"] == 3.0


def test_a_figure_that_is_given_counts_instead_of_the_time() -> None:
    result = measure(Benchmark("memory", lambda: 30.0, "limit", lambda: 120.0, 1, False, "MiB"))
    assert (result.value, result.ratio, result.unit) == (30.0, 0.25, "MiB")


@pytest.mark.parametrize(("figure", "verdict"), [(45.0, "reached"), (45.2, "MISSED")])
def test_an_aim_is_said_and_whether_it_is_reached(tmp_path, figure: float, verdict: str) -> None:
    result = measure(Benchmark("size", lambda: figure, "limit", lambda: 100.0, 1, False, "KiB", 0.45))
    target = tmp_path / "results.json"
    assert report([result], target).splitlines()[1].split()[-2:] == ["0.45", verdict]
    written = json.loads(target.read_text())["results"][0]
    assert (written["at_most"], written["verdict"]) == (0.45, verdict)


def test_without_an_aim_nothing_is_said_about_it(tmp_path) -> None:
    result = measure(Benchmark("size", lambda: 9.0, "limit", lambda: 3.0, 1, False))
    assert report([result], tmp_path / "results.json").splitlines()[1].split()[-1] == "3.00"


def test_a_failing_command_is_no_measurement() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        manage("no_such_command")()


def test_half_a_million_firms_keep_within_time_and_memory() -> None:
    found = forecasting.distribution(forecasting.PROBABILITIES)
    assert found["seconds"] < forecasting.SECONDS
    assert found["mebibytes"] < forecasting.MEBIBYTES
