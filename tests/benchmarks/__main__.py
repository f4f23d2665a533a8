"""``python -m tests.benchmarks [--short] [WORD]``: every benchmark, or those whose name has the word; ``--short`` on less work."""

import sys
import tempfile
from pathlib import Path

from . import assessing, forecasting, issuing
from .harness import ROOT, measure, report

SUBJECTS = (assessing, forecasting, issuing)


def main(arguments: list[str]) -> int:
    short = "--short" in arguments
    word = next((argument for argument in arguments if argument != "--short"), "")
    results = []
    with tempfile.TemporaryDirectory(prefix="miaopu-bench-") as directory:
        for subject in SUBJECTS:
            for benchmark in subject.benchmarks(Path(directory), short=short):
                if word in benchmark.name:
                    print(f"bench: {benchmark.name}", file=sys.stderr, flush=True)
                    results.append(measure(benchmark))
    print(report(results, ROOT / "var" / "bench" / "results.json"))
    return 0 if results else 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
