"""How long the exact distribution of half a million firms takes, how much memory, and the forecast of a city."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .harness import ROOT, Benchmark, manage

PROBABILITIES = 500_000
SHORT = 50_000
# What is promised for half a million, and the ratio is held against.
SECONDS, MEBIBYTES = 5.0, 2048.0

_DISTRIBUTION = """
import json, resource, sys, time
import numpy as np
from cultivation.forecasting.numeric import poisson_binomial
chances = np.random.default_rng(7).random(int(sys.argv[1]))
begun = time.perf_counter()
made = poisson_binomial(chances)
spent = time.perf_counter() - begun
assert abs(made.probabilities.sum() - 1) < 1e-9
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": spent, "mebibytes": peak}))
"""


def distribution(firms: int) -> dict[str, float]:
    """Seconds and the greatest memory of a process of its own that makes the distribution of so many firms."""
    command = [sys.executable, "-c", _DISTRIBUTION, str(firms)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _transform() -> Callable[[], float]:
    """The reference of the same run: one Fourier transform there and back of as many numbers as there are firms."""
    import numpy as np

    numbers = np.random.default_rng(7).random(PROBABILITIES)

    def run() -> float:
        begun = time.perf_counter()
        np.fft.irfft(np.fft.rfft(numbers, 2 * len(numbers)))
        return time.perf_counter() - begun

    return run


def benchmarks(directory: Path, *, short: bool = False) -> Iterator[Benchmark]:
    firms, runs = (SHORT, 3) if short else (PROBABILITIES, 5)
    yield Benchmark(
        f"distribution, {firms:,} firms",
        lambda: distribution(firms)["seconds"],
        f"FFT of {PROBABILITIES:,}",
        _transform(),
        runs=runs,
        warm=False,
    )
    yield Benchmark(
        f"distribution, {firms:,} firms, against its limit",
        lambda: distribution(firms)["seconds"],
        "limit",
        lambda: SECONDS,
        runs=runs,
        warm=False,
    )
    yield Benchmark(
        f"distribution, {firms:,} firms, memory",
        lambda: distribution(firms)["mebibytes"],
        "limit",
        lambda: MEBIBYTES,
        runs=runs,
        warm=False,
        unit="MiB",
    )
    assumptions = directory / "assumptions.json"
    assumptions.write_text(
        json.dumps(
            {
                "stock": 35,
                "expiring": [{"count": 10, "renewal": "0.8"}],
                "pipeline": [{"stage": "ready", "count": 15, "by_year_end": "0.6"}],
                "inbound": 0,
                "pass_rate": "0.6",
                "target_stock": 42,
            }
        ),
        encoding="utf-8",
    )
    yield Benchmark(
        "forecast from a file",
        manage("forecast", "--year", "2019", "--as-of", "2019-06-30", "--assumptions", str(assumptions)),
        "manage.py version",
        manage("version"),
        runs=3 if short else 7,
    )
