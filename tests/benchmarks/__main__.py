"""``python -m tests.benchmarks [WORD]``: every benchmark, or those whose name has the word."""

import sys
import tempfile
from pathlib import Path

from . import assessing
from .harness import ROOT, measure, report

SUBJECTS = (assessing,)


def main(arguments: list[str]) -> int:
    word = arguments[0] if arguments else ""
    results = []
    with tempfile.TemporaryDirectory(prefix="miaopu-bench-") as directory:
        for subject in SUBJECTS:
            for benchmark in subject.benchmarks(Path(directory)):
                if word in benchmark.name:
                    print(f"bench: {benchmark.name}", file=sys.stderr, flush=True)
                    results.append(measure(benchmark))
    print(report(results, ROOT / "var" / "bench" / "results.json"))
    return 0 if results else 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
