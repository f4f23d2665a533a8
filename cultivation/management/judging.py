"""The frame of the commands that judge a firm, or a batch of firms, by rules alone: no database is asked."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from django.utils.translation import gettext as _

from config.common.commands import JsonCommand, UsageError
from cultivation.rules.dated import NoRuleSet
from cultivation.rules.reading import MalformedFacts

Line = tuple[int, bytes]
Answer = Callable[[Line], str]
_MOST_BYTES = 16 * 1024 * 1024
"""What the facts of one firm may take; the fullest that can be read take a few million."""
_PIECE = 2_000  # lines in memory at a time; a shorter file is not worth further processes
_CHUNK = 50


class JudgingCommand(JsonCommand):
    """Subclasses implement :meth:`judged`; ``date_key`` is the fact that chooses among the rule sets."""

    requires_system_checks = ()
    date_key: ClassVar[str]
    judged_by: ClassVar[tuple[str, ...]] = ()
    """The options that :meth:`judged` looks at."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("facts", nargs="?", metavar="FACTS.json", help=_("The facts of one firm."))
        parser.add_argument(
            "--batch", metavar="FILE.jsonl", help=_("One FACTS object a line; one answer a line.")
        )

    def judged(self, text: bytes, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to the facts in ``text``; raises ``MalformedFacts`` and ``NoRuleSet``."""
        raise NotImplementedError

    def answer(self, **options: Any) -> dict[str, Any] | None:
        facts, batch = options["facts"], options["batch"]
        if (facts is None) == (batch is None):
            raise UsageError("usage", _("Give either FACTS.json or --batch FILE.jsonl."))
        if batch is not None:
            self._judge_batch(Path(batch), options)
            return None
        try:
            with Path(facts).open("rb") as file:
                return self.judged(_of_bearable_size(file.read(_MOST_BYTES + 1)), options)
        except (MalformedFacts, NoRuleSet) as error:
            raise UsageError(*self._problem(error)) from error

    def _judge_batch(self, path: Path, options: dict[str, Any]) -> None:
        """Answers in the order of the file; a long one is judged by all processors, a piece of it at a time."""
        answer: Answer = partial(_answer, type(self), {name: options.get(name) for name in self.judged_by})
        with path.open("rb") as file, ExitStack() as stack:
            lines = _numbered_lines(_lines(file))
            piece = _piece(lines)
            answers: Callable[[Answer, list[Line]], Iterable[str]] = map
            if len(piece) == _PIECE:
                # Fresh processes: what this one has open, and its threads, are none of theirs.
                pool = stack.enter_context(ProcessPoolExecutor(mp_context=get_context("spawn")))
                answers = partial(pool.map, chunksize=_CHUNK)
            while piece:
                sys.stdout.writelines(answers(answer, piece))
                piece = _piece(lines)
        sys.stdout.flush()

    def line(self, number: int, text: bytes, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to one line; a line that cannot be judged answers with its error and the batch goes on."""
        try:
            return self.judged(_of_bearable_size(text), options)
        except (MalformedFacts, NoRuleSet) as error:
            code, message = self._problem(error)
            return {"line": number, "error": {"code": code, "message": message}}

    def _problem(self, error: MalformedFacts | NoRuleSet) -> tuple[str, str]:
        if isinstance(error, MalformedFacts):
            return "malformed", str(error)
        return "no_rule_set", f"{self.date_key}: {error}"


def _answer(command: type[JudgingCommand], options: dict[str, Any], line: Line) -> str:
    return json.dumps(command().line(*line, options), ensure_ascii=False) + "\n"


def _of_bearable_size(text: bytes) -> bytes:
    if len(text) > _MOST_BYTES:
        raise MalformedFacts("", f"内容过长，一家企业的数据不得超过 {_MOST_BYTES // 1024 // 1024} MiB")
    return text


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of the file; of one that is too long no more than what shows it."""
    while line := file.readline(_MOST_BYTES + 1):
        rest = line
        while len(rest) > _MOST_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(_MOST_BYTES + 1)
        yield line


def _piece(lines: Iterator[Line]) -> list[Line]:
    """The next lines, as many as are judged together and no more bytes than one firm may take (by one line)."""
    piece: list[Line] = []
    size = 0
    while len(piece) < _PIECE and size < _MOST_BYTES and (line := next(lines, None)):
        piece.append(line)
        size += len(line[1])
    return piece


def _numbered_lines(lines: Iterator[bytes]) -> Iterator[Line]:
    """Lines from 1; blank ones at the end are no lines, blank ones in between keep their place."""
    expected = 1
    for number, line in enumerate(lines, start=1):
        if text := line.strip():
            yield from ((blank, b"") for blank in range(expected, number))
            yield number, text
            expected = number + 1
