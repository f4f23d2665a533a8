"""How long a notice takes through the whole pipeline: beside a bare WeasyPrint loop, by two workers, over a long run."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.postgres import find_binaries, throw_away_server

from .harness import ROOT, Benchmark

_START = (
    "import sys, django; django.setup(); from tests.benchmarks.notice_work import main; main(*sys.argv[1:])"
)
_LARGEST_KIB = 120
# What is aimed at, of the reference; of the times only where the whole work is done.
_OF_THE_BARE_LOOP = 0.45
_OF_ONE_WORKER = 1 / 1.6  # two cores
_OF_HALF_WAY = 1.05  # flat


class _Office:
    """A database and a folder of files, and processes that work there."""

    def __init__(self, directory: Path, database: str) -> None:
        self._environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": database,
            "MIAOPU_VAR": str(directory),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        (directory / "fonts").symlink_to(ROOT / "var" / "fonts")

    def start(self, *arguments: str | Path | int) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", _START, *map(str, arguments)]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str | Path | int) -> Any:
        return _answer(self.start(*arguments))

    def issue(self, count: int, workers: int = 1) -> dict[str, float]:
        """A new batch of ``count``; seconds a notice until the last worker was done."""
        batch = self.run("prepare", count)
        answers = [_answer(process) for process in [self.start("issue", batch) for _ in range(workers)]]
        issued = sum(answer["notices"] for answer in answers)
        if issued != count:
            raise SystemExit(f"{issued} of {count} notices were issued")
        return answers[0] | {"seconds": max(answer["seconds"] for answer in answers) / count}


def _answer(process: "subprocess.Popen[str]") -> Any:
    output, _errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"{process.args} failed")
    return json.loads(output)


def benchmarks(directory: Path, *, short: bool = False) -> Iterator[Benchmark]:
    count, long_run = (80, 200) if short else (1000, 2000)
    with ExitStack() as stack:
        office = _Office(_folder(directory), f"sqlite:///{directory / 'notices.sqlite3'}")
        pages = _folder(directory)

        def bare_loop() -> float:
            office.run("dump", office.run("prepare", count), pages)
            answer = office.run("naive", pages)
            return float(answer["seconds"] / answer["notices"])

        yield Benchmark(
            f"a notice of {count:,}, one process",
            lambda: office.issue(count)["seconds"],
            "a bare WeasyPrint loop",
            bare_loop,
            runs=1,
            warm=False,
            at_most=None if short else _OF_THE_BARE_LOOP,
        )
        run = office.issue(long_run)
        yield Benchmark(
            f"memory of a worker after {long_run:,} notices",
            lambda: run["memory"],
            "half-way",
            lambda: run["memory_half_way"],
            runs=1,
            warm=False,
            unit="MiB",
            at_most=None if short else _OF_HALF_WAY,
        )
        yield Benchmark(
            "the largest notice",
            lambda: run["largest"],
            "the limit",
            lambda: float(_LARGEST_KIB),
            1,
            False,
            "KiB",
            at_most=1,
        )
        binaries = find_binaries()
        if binaries is None:
            return
        shared = _Office(_folder(directory), stack.enter_context(throw_away_server(binaries)))
        yield Benchmark(
            "a notice by two workers on PostgreSQL",
            lambda: shared.issue(count, workers=2)["seconds"],
            "by one worker",
            lambda: shared.issue(count)["seconds"],
            runs=1 if short else 3,
            warm=False,
            at_most=None if short or (os.cpu_count() or 1) < 2 else _OF_ONE_WORKER,
        )


def _folder(directory: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=directory))
