"""``python -m tests.cultivation.forecasting.calibration [--worlds N] [--write]``: is the forecast as sure as it may be?

Makes worlds whose true rates are known (``worlds``), forecasts each from its record, and counts how often the truth fell
where the forecast said. ``--write`` puts the table into docs/forecast-calibration.md.
"""

import os

# The worlds share out the cores; one library thread each is quickest.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import sqrt
from pathlib import Path

from cultivation.forecasting.backtest import replay
from cultivation.forecasting.report import FORECASTERS, LAST_RATE, LINE, MODEL, Replay, Report

from .assumed import reference_priors
from .worlds import World

SIZES = (30, 60, 120, 300)
WORLDS = 1000
PAGE = Path(__file__).resolve().parents[3] / "docs" / "forecast-calibration.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def forecast_of_world(size: int, seed: int) -> Replay:
    """One world forecast for the end of 2019 from a day of that year; the target lies round the last year-end."""
    world = World(size, seed)
    history = world.history
    last = len(history.stock_on(dt.date(2018, 12, 31).toordinal()))
    target = max(last + (seed // 3 % 5 - 2) * max(round(sqrt(size) / 8), 1), 1)
    settled = history.known_on(dt.date(2020, 1, 31))
    return replay(history, reference_priors(), world.as_of, target, settled, seed=seed)


def calibrate(size: int, worlds: int, workers: int = 1) -> Report:
    one = partial(forecast_of_world, size)
    if workers == 1:
        return Report(tuple(map(one, range(worlds))))
    with ProcessPoolExecutor(workers) as pool:
        return Report(tuple(pool.map(one, range(worlds), chunksize=10)))


def row(size: int, report: Report) -> str:
    briers = [f"{report.brier(name):.3f}" for name in FORECASTERS]
    cells = (
        str(size),
        str(len(report.replays)),
        f"{report.coverage:.1%}",
        f"{report.plain_coverage:.1%}",
        *briers,
        "; ".join(f"{one.chance:.2f} → {one.met:.2f} ({one.count})" for one in report.bins),
    )
    return f"| {' | '.join(cells)} |"


def misses(report: Report) -> list[str]:
    """Which of the promises a report of a thousand worlds does not keep."""
    found = []
    if not 0.76 <= (report.coverage or 0) <= 0.84:
        found.append(f"coverage {report.coverage:.3f}")
    if (report.plain_coverage or 0) < 0.78:
        found.append(f"P10–P90 {report.plain_coverage:.3f}")
    found.extend(
        f"Brier of {name}"
        for name in (LAST_RATE, LINE)
        if (report.brier(MODEL) or 1) >= (report.brier(name) or 0)
    )
    return found


def write(rows: Sequence[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    head = (
        "| firms | worlds | coverage (PIT) | within P10–P90 | Brier, model | Brier, last year's rate "
        "| Brier, straight line | chance given → met (worlds) |"
    )
    PAGE.write_text("\n".join([before, head, "|" + "---|" * 8, *rows, after]), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    rows, failed = [], False
    for size in options.sizes:
        report = calibrate(size, options.worlds, os.cpu_count() or 1)
        rows.append(row(size, report))
        print(rows[-1], *misses(report), sep="\n  ", flush=True)
        failed = failed or bool(misses(report))
    if options.write:
        write(rows)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
