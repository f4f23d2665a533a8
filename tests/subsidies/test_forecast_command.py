"""``forecast`` from the command line: the agreed answer, its files, and what it refuses."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cultivation.forecasting import independent

GOOD: dict[str, Any] = {
    "stock": 35,
    "expiring": [{"count": 10, "renewal": "0.8"}],
    "pipeline": [{"stage": "ready", "count": 15, "by_year_end": "0.6"}],
    "inbound": "0",
    "pass_rate": "0.6",
    "target_stock": 42,
}
KEYS = [
    "as_of",
    "year",
    "target_stock",
    "stock_on_as_of",
    "expiring",
    "expected",
    "distribution",
    "pmf",
    "probability_met",
    "needed_for_80_percent",
    "award_exposure",
    "method",
    "assumptions",
    "rules",
]
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(db: None, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object, status: int = 0) -> dict[str, Any]:
        with pytest.raises(SystemExit) if status else nullcontext() as stop:
            call_command("forecast", *map(str, ("--as-of", "2019-06-30", *arguments)))
        assert not status or stop.value.code == status
        return json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def assumed(tmp_path: Path) -> Callable[..., Path]:
    def write(**values: Any) -> Path:
        path = tmp_path / "assumptions.json"
        path.write_text(json.dumps({**GOOD, **values}), encoding="utf-8")
        return path

    return write


def test_the_answer_has_every_agreed_key(run: Run, assumed: Callable[..., Path]) -> None:
    answer = run("--year", 2019, "--assumptions", assumed())
    assert set(KEYS) <= set(answer)
    assert answer["expected"] == {"renewed": "8", "new": "9", "inbound": "0", "lost": "2"}
    assert answer["distribution"] == {"mean": "42", "p10": 39, "p50": 42, "p90": 45}
    assert answer["needed_for_80_percent"] == {"new_filings": 3, "at_pass_rate": "0.6"}
    assert answer["award_exposure"] is None
    assert answer["notes"]["award_exposure"]
    assert answer["assumptions"]["expiring"] == GOOD["expiring"]
    assert len(answer["probability_met"].partition(".")[2]) >= 12


PROBABILITY = st.one_of(
    st.sampled_from(["0", "1", "0.1", "0.5", "0.9", "0.8"]),
    st.decimals(0, 1, places=6).map(str),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    expiring=st.lists(st.tuples(st.integers(0, 6), PROBABILITY), max_size=3),
    pipeline=st.lists(st.tuples(st.integers(0, 8), PROBABILITY), max_size=3),
    spare=st.integers(0, 30),
    inbound=st.integers(0, 4),
    rate=st.sampled_from(["0", "0.25", "0.3", "0.6", "0.8", "1"]),
    ahead=st.integers(-3, 12),
)
def test_any_assumptions_agree_with_an_independent_reckoning(
    run: Run,
    assumed: Callable[..., Path],
    expiring: list[tuple[int, str]],
    pipeline: list[tuple[int, str]],
    spare: int,
    inbound: int,
    rate: str,
    ahead: int,
) -> None:
    stock = spare + sum(count for count, _ in expiring)
    target = max(stock + ahead, 0)
    answer = run(
        "--year",
        2019,
        "--assumptions",
        assumed(
            stock=stock,
            expiring=[{"count": count, "renewal": p} for count, p in expiring],
            pipeline=[{"stage": "ready", "count": count, "by_year_end": p} for count, p in pipeline],
            inbound=str(inbound),
            pass_rate=rate,
            target_stock=target,
        ),
    )
    chances = independent.convolution(
        [F(p) for count, p in expiring + pipeline for _ in range(count)], spare + inbound
    )
    got = {int(number): F(Decimal(mass)) for number, mass in answer["pmf"].items()}
    for number in chances.keys() | got.keys():
        assert abs(got.get(number, F(0)) - chances.get(number, F(0))) <= F(1, 10**15)
    assert abs(F(answer["probability_met"]) - independent.at_least(chances, target)) < F(1, 10**12)
    for percent in (10, 50, 90):
        assert answer["distribution"][f"p{percent}"] == independent.quantile(chances, percent)
    expected = independent.fewest_filings(chances, target, F(rate))
    assert answer["needed_for_80_percent"]["new_filings"] == expected
    mean = sum(number * chance for number, chance in chances.items())
    assert F(answer["distribution"]["mean"]) == mean


def test_assumed_awards_give_an_exposure(run: Run, assumed: Callable[..., Path]) -> None:
    awards = [{"amount": "80000.00", "share": "1", "source": "演示"}]
    answer = run("--assumptions", assumed(award_amounts=awards))
    chances = independent.convolution([F("0.6")] * 15)
    assert answer["award_exposure"] == {
        "mean": "720000.00",
        **{f"p{percent}": f"{80000 * independent.quantile(chances, percent)}.00" for percent in (10, 50, 90)},
    }


@pytest.mark.parametrize(
    ("values", "key"), [({"pass_rate": "NaN"}, "pass_rate"), ({"inbound": "0.5"}, "inbound"), ({"x": 1}, "x")]
)
def test_malformed_assumptions_are_wrong_usage_and_name_the_key(
    run: Run, assumed: Callable[..., Path], values: dict[str, Any], key: str
) -> None:
    error = run("--assumptions", assumed(**values), status=2)["error"]
    assert error["code"] == "malformed_assumptions"
    assert error["message"].startswith(f"{key}:")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--assumptions", "no-such-file.json"], "file_not_readable"),
        (["--assumptions", "/"], "file_not_readable"),
        (["--division", "999999"], "unknown_division"),
        (["--format", "pdf"], "out_missing"),
        (["--out", "/no/such/directory/forecast.json"], "out_not_writable"),
        (["--year", "twenty"], "usage"),
        (["--year", "20190"], "usage"),
        (["--format", "docx"], "usage"),
        (["--as-of", "30.6.2019"], "usage"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], code: str) -> None:
    assert run(*arguments, status=2)["error"]["code"] == code


def test_a_year_that_is_over_is_refused(run: Run, assumed: Callable[..., Path]) -> None:
    assert run("--year", 2018, "--assumptions", assumed(), status=1)["error"]["code"] == "year_before_as_of"


def test_the_file_of_assumptions_is_never_written_over(run: Run, assumed: Callable[..., Path]) -> None:
    path = assumed()
    before = path.read_bytes()
    assert run("--assumptions", path, "--out", path, status=2)["error"]["code"] == "out_is_input"
    assert path.read_bytes() == before


class TestFiles:
    def test_json_is_the_same_answer(self, run: Run, assumed: Callable[..., Path], tmp_path: Path) -> None:
        out = tmp_path / "forecast.json"
        told = run("--assumptions", assumed(), "--out", out)
        assert told["format"] == "json"
        assert json.loads(out.read_text(encoding="utf-8")) == run("--assumptions", assumed())

    def test_a_csv_that_excel_reads_and_cannot_run(
        self, run: Run, assumed: Callable[..., Path], tmp_path: Path
    ) -> None:
        out = tmp_path / "forecast.csv"
        run("--assumptions", assumed(), "--format", "csv", "--out", out)
        content = out.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        lines = content.decode("utf-8-sig").splitlines()
        assert not [line for line in lines if line.startswith(("=", "+", "-", "@"))]
        assert [line for line in lines if line.startswith("42,0.173002250074")]

    def test_the_chart_is_an_svg_and_the_same_twice(
        self, run: Run, assumed: Callable[..., Path], tmp_path: Path
    ) -> None:
        told = [
            run("--assumptions", assumed(), "--format", "svg", "--out", tmp_path / name)["sha256"]
            for name in "ab"
        ]
        assert told[0] == told[1]
        assert (tmp_path / "a").read_text(encoding="utf-8").startswith("<svg ")

    def test_the_report_is_a_pdf_and_the_same_twice(
        self, run: Run, assumed: Callable[..., Path], tmp_path: Path
    ) -> None:
        told = [
            run("--assumptions", assumed(), "--format", "pdf", "--out", tmp_path / name)["sha256"]
            for name in "ab"
        ]
        assert told[0] == told[1]
        with pikepdf.open(tmp_path / "a") as pdf:
            assert len(pdf.pages) >= 1

    def test_from_the_history_of_an_empty_house(self, run: Run, tmp_path: Path) -> None:
        answer = run("--year", 2020, "--division", "451023")
        assert answer["pmf"] == {"0": "1.000000000000000000"}
        run("--year", 2019, "--format", "pdf", "--out", tmp_path / "forecast.pdf")
