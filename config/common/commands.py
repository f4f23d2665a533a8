"""The frame of every command that answers in JSON: standard output for the answer, exit status 0, 1 or 2."""

import json
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from .errors import Refused
from .looking import only_looking
from .usage import argument_problem, file_problem


class UsageError(Exception):
    """The command was called wrongly: a missing file, a malformed argument or key (exit status 2)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = str(message)


class _JsonParser(CommandParser):
    def error(self, message: str) -> NoReturn:
        _print({"error": {"code": "usage", "message": argument_problem(message)}})
        self.print_usage(sys.stderr)
        raise SystemExit(2)


def _print(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class JsonCommand(BaseCommand):
    """Subclasses implement :meth:`answer`; refusals and wrong usage become the agreed ``error`` object."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django makes the parser itself; only its class has to differ so that errors are JSON.
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = _JsonParser
        return parser

    def answer(self, **options: Any) -> dict[str, Any] | None:
        """The answer, printed as JSON; ``None`` when the command has written its output itself."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with only_looking(when=options.get("dry_run", False)):
                answer = self.answer(**options)
        except Refused as refusal:
            error = {"code": refusal.code, "message": refusal.message}
            _print({**refusal.details, "error": error})
            raise SystemExit(1) from refusal
        except UsageError as error:
            _print({"error": {"code": error.code, "message": error.message}})
            raise SystemExit(2) from error
        except OSError as error:
            code = "file_not_found" if isinstance(error, FileNotFoundError) else "file_unreadable"
            _print({"error": {"code": code, "message": file_problem(error)}})
            raise SystemExit(2) from error
        if answer is not None:
            _print(answer)
