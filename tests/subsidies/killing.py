"""A release or a return that is killed at one of its statements or commits, and done again: in processes of their own.

``python -m tests.subsidies.killing OPERATION STEP`` with ``DATABASE_URL`` and ``MIAOPU_VAR`` of a scratch place prepares a
database once, runs the operation undisturbed, and then, for every STEP-th statement and both sides of every commit, starts
from the prepared database, kills the process there (SIGKILL), does the operation again and compares what is recorded.
Prints ``{"statements", "commits", "killed", "wrong": [points]}``.
"""

import datetime as dt
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DAY = dt.date(2019, 6, 30)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Watch:
    """Counts statements and commits of the one connection, and kills the process at the point given."""

    def __init__(self, point: tuple[str, int] | None) -> None:
        self.point, self.statements, self.commits = point, 0, 0

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        if self.point == ("statement", self.statements):
            _kill()
        return execute(sql, params, many, context)

    def commit(self, commit: Callable[[], None]) -> None:
        self.commits += 1
        if self.point == ("before commit", self.commits):
            _kill()
        commit()
        if self.point == ("after commit", self.commits):
            _kill()


def _release() -> None:
    from cultivation.models import User
    from subsidies.models import PaymentList
    from subsidies.services.payment_lists import release_payment_list

    release_payment_list(payment_list=PaymentList.objects.get(), actor=User.objects.get(username="finance3"))


def _return() -> None:
    from cultivation.models import User
    from subsidies.models import PaymentList
    from subsidies.services.returns import load_bank_return

    load_bank_return(
        payment_list=PaymentList.objects.get(),
        content=(Path(os.environ["MIAOPU_VAR"]) / "return.xlsx").read_bytes(),
        original_name="return.xlsx",
        actor=User.objects.get(username="finance"),
    )


def _release_in_two_transactions() -> None:
    """What must not be: the state first, the files afterwards. The harness has to see it."""
    from django.db import transaction

    from cultivation.models import User
    from subsidies.enums import ListState
    from subsidies.exports.content import content_sha256
    from subsidies.models import PaymentList
    from subsidies.selectors.payment_lists import content_of
    from subsidies.services.exports import store_files

    actor = User.objects.get(username="finance3")
    payment_list = PaymentList.objects.get()
    if payment_list.state == ListState.RELEASED:
        return
    content = content_of(payment_list, released_by=actor)
    with transaction.atomic():
        payment_list.release(by=actor, content_sha256=content_sha256(content))
        payment_list.save()
    with transaction.atomic():
        store_files(payment_list=payment_list, content=content)


OPERATIONS = {"release": _release, "return": _return, "split": _release_in_two_transactions}


def _prepare(operation: str) -> None:
    from django.core.management import call_command

    from tests.people import make_cast
    from tests.subsidies.paying import answer, desk, return_file

    call_command("migrate", verbosity=0, skip_checks=True)
    paying = desk(make_cast())
    payment_list = paying.released() if operation == "return" else paying.checked()
    first, second, third = payment_list.lines.order_by("number")
    rows = (answer(first), answer(second, "失败"), answer(third))
    (Path(os.environ["MIAOPU_VAR"]) / "return.xlsx").write_bytes(return_file(*rows))


def _record() -> str:
    """What is recorded, without keys and times."""
    from subsidies.models import (
        Award,
        AwardEvent,
        BankReturnRow,
        FundingLine,
        LedgerEntry,
        ListEvent,
        PaymentLine,
        PaymentList,
        ReleasedFile,
    )
    from subsidies.services.verification import verify_records

    rows: dict[str, list[Any]] = {
        "lists": list(PaymentList.objects.values_list("number", "state", "content_sha256")),
        "lines": list(
            PaymentLine.objects.order_by("number").values_list("number", "state", "is_active", "amount")
        ),
        "files": list(ReleasedFile.objects.order_by("format").values_list("format", "sha256")),
        "awards": list(Award.objects.order_by("pk").values_list("pk", "state", "amount")),
        "ledger": list(
            LedgerEntry.objects.order_by("idempotency_key").values_list("idempotency_key", "kind", "amount")
        ),
        "guards": list(FundingLine.objects.values_list("appropriated", "committed", "paid")),
        "award events": list(
            AwardEvent.objects.order_by("award", "number").values_list(
                "award", "number", "action", "to_state"
            )
        ),
        "list events": list(ListEvent.objects.order_by("number").values_list("number", "action", "reason")),
        "returned": list(BankReturnRow.objects.order_by("row").values_list("row", "outcome", "amount")),
        "problems": [problem.code for problem in verify_records().problems],
    }
    return json.dumps(rows, default=str, ensure_ascii=False)


def _do(operation: str, point: tuple[str, int] | None) -> dict[str, Any]:
    """The operation under a watch; what is recorded afterwards."""
    from django.db import connection

    from config.common import clock

    watch = Watch(point)
    commit = connection._commit
    connection._commit = lambda: watch.commit(commit)  # type: ignore[method-assign]
    with clock.fixed(DAY), connection.execute_wrapper(watch.statement):
        OPERATIONS[operation]()
    connection._commit = commit  # type: ignore[method-assign]
    return {"statements": watch.statements, "commits": watch.commits, "record": _record()}


def _in_child(work: Callable[[], Any]) -> tuple[bool, Any]:
    """Whether the child was killed, else what it gave; the parent never opens a connection."""
    from django.db import connections

    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            answer = json.dumps(work())
        except BaseException as error:
            answer = json.dumps({"error": repr(error)})
        connections.close_all()  # SQLite writes its log back into the file
        with os.fdopen(writer, "w") as pipe:
            pipe.write(answer)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True, None
    return False, json.loads(answer)


class _SQLite:
    def __init__(self, url: str) -> None:
        self._file = Path(urlsplit(url).path)
        self._kept = self._file.with_suffix(".kept")

    def keep(self) -> None:
        shutil.copyfile(self._file, self._kept)

    def start_afresh(self) -> None:
        for suffix in ("-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._kept, self._file)


class _PostgreSQL:
    def __init__(self, url: str) -> None:
        self._server, _slash, self._name = url.rpartition("/")

    def _run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(f"{self._server}/postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def create(self) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)", f"CREATE DATABASE {self._name}")

    def keep(self) -> None:
        kept = f"{self._name}_kept"
        self._run(
            f"DROP DATABASE IF EXISTS {kept} WITH (FORCE)", f"CREATE DATABASE {kept} TEMPLATE {self._name}"
        )

    def start_afresh(self) -> None:
        self._run(
            f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)",
            f"CREATE DATABASE {self._name} TEMPLATE {self._name}_kept",
        )


def _points(statements: int, commits: int, step: int) -> Iterator[tuple[str, int]]:
    for number in range(1, statements + 1, step):
        yield "statement", number
    for number in range(1, commits + 1):
        yield "before commit", number
        yield "after commit", number


def main(operation: str, step: int) -> None:
    import django

    url = os.environ["DATABASE_URL"]
    place = _PostgreSQL(url) if url.startswith("postgres") else _SQLite(url)
    if isinstance(place, _PostgreSQL):
        place.create()
    django.setup()
    # Loaded before the forks, so that every child begins where the work begins.
    import subsidies.services.returns
    import subsidies.services.verification  # noqa: F401

    killed, failed = _in_child(lambda: _prepare(operation))
    if killed or failed:
        raise SystemExit(f"preparing: {failed}")
    place.keep()
    _killed, undisturbed = _in_child(lambda: _do(operation, None))
    if "error" in undisturbed:
        raise SystemExit(f"undisturbed: {undisturbed['error']}")
    wrong: list[str] = []
    count = 0
    for point in _points(undisturbed["statements"], undisturbed["commits"], step):
        place.start_afresh()
        killed, _answer = _in_child(lambda point=point: _do(operation, point))
        count += killed
        _killed, again = _in_child(lambda: _do(operation, None))
        if not killed or again.get("record") != undisturbed["record"]:
            wrong.append(f"{point[0]} {point[1]}: {again.get('error', 'another record')}")
    answer = {key: undisturbed[key] for key in ("statements", "commits")} | {"killed": count, "wrong": wrong}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
