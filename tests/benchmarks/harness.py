"""Measures a benchmark beside its reference, in turns, and tells how many times as much it takes."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Benchmark:
    """``act`` against ``reference``; both do their whole work when called, and give the figure where it is not the time.

    ``at_most``: the ratio that is aimed at, where there is one.
    """

    name: str
    act: Callable[[], float | None]
    reference_name: str
    reference: Callable[[], float | None]
    runs: int = 7
    warm: bool = True
    unit: str = "s"
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Medians, and their ratio, which is what can be compared between machines."""

    name: str
    value: float
    reference_name: str
    reference_value: float
    unit: str
    ratio: float
    runs: int
    at_most: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the aim is reached, in a word; nothing where none is set."""
        if self.at_most is None:
            return ""
        return "reached" if self.ratio <= self.at_most else "MISSED"


def manage(*arguments: str) -> Callable[[], None]:
    """A whole ``manage.py`` process with its output thrown away."""

    def run() -> None:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=ROOT)

    return run


def _figure(act: Callable[[], float | None]) -> float:
    started = time.perf_counter()
    given = act()
    return time.perf_counter() - started if given is None else given


def measure(benchmark: Benchmark) -> Result:
    """Run both in turns, where they are to be warm after one run of each that does not count."""
    if benchmark.warm:
        benchmark.reference()
        benchmark.act()
    pairs = [(_figure(benchmark.reference), _figure(benchmark.act)) for _ in range(benchmark.runs)]
    reference = statistics.median(pair[0] for pair in pairs)
    value = statistics.median(pair[1] for pair in pairs)
    return Result(
        benchmark.name,
        round(value, 4),
        benchmark.reference_name,
        round(reference, 4),
        benchmark.unit,
        round(value / reference, 3),
        benchmark.runs,
        benchmark.at_most,
    )


def report(results: Sequence[Result], target: Path) -> str:
    """Write ``target`` as JSON and give the table."""
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "machine": platform.machine()}
    target.parent.mkdir(parents=True, exist_ok=True)
    answer = {
        "machine": machine,
        "results": [asdict(result) | {"verdict": result.verdict} for result in results],
    }
    target.write_text(json.dumps(answer, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    rows = [("benchmark", "figure", "against", "figure", "ratio", "at most", "")] + [
        (
            result.name,
            f"{result.value:.3f} {result.unit}",
            result.reference_name,
            f"{result.reference_value:.3f} {result.unit}",
            f"{result.ratio:.2f}",
            "" if result.at_most is None else f"{result.at_most:.2f}",
            result.verdict,
        )
        for result in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
