"""A PostgreSQL server for one run of the tests, thrown away afterwards.

``python tests/postgres.py [--if-present] -- COMMAND…`` runs the command with ``DATABASE_URL`` pointing at it and ends with the
command's exit status. ``TEST_POSTGRES_URL`` names a server to use instead. Without either, ``--if-present`` says so and ends
with 0, otherwise the status is 2. The server listens on a Unix socket in its own directory only.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

# Nothing of this server outlives the run, so nothing has to reach the disk.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Fifty threads of one test, sixteen each in the other workers, and the backends that are still ending.
    "max_connections": "300",
}
# PostgreSQL refuses to run as root; one of these accounts takes its place.
_ACCOUNTS = ("postgres", "nobody")


def find_binaries() -> Path | None:
    """The directory of the newest PostgreSQL server on this machine."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if installed:
        return max(installed, key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path and (directory := Path(on_path).resolve().parent).joinpath("pg_ctl").exists():
        return directory
    return None


def _account() -> pwd.struct_passwd | None:
    """The account to run the server as; ``None``: the present one."""
    if os.geteuid() != 0:
        return None
    for name in _ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root, and there is no account to run it as")


@contextmanager
def throw_away_server(binaries: Path) -> Iterator[str]:
    """A running server; gives its URL and removes every trace at the end."""
    directory = Path(tempfile.mkdtemp(prefix="miaopu-pg-"))
    data, log = directory / "data", directory / "log"
    identity: dict[str, Any] = {}
    if account := _account():
        os.chown(directory, account.pw_uid, account.pw_gid)
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), *arguments]
        # The server keeps its log file open, never this process's pipes, so that waiting ends.
        with (directory / f"{program}.out").open("w+") as output:
            status = subprocess.run(
                command, cwd=directory, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **identity
            ).returncode
            if status:
                output.seek(0)
                detail = log.read_text() if log.exists() else ""
                raise SystemExit(f"{program} failed:\n{output.read()}{detail}")

    try:
        run(
            "initdb",
            f"--pgdata={data}",
            "--username=miaopu",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        options = " ".join(f"-c {key}='{value}'" for key, value in _SETTINGS.items())
        run(
            "pg_ctl",
            f"--pgdata={data}",
            f"--log={log}",
            "--wait",
            f"--options={options} -k '{directory}'",
            "start",
        )
        yield f"postgresql://miaopu@{quote(str(directory), safe='')}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            run("pg_ctl", f"--pgdata={data}", "--mode=immediate", "--wait", "stop")
        shutil.rmtree(directory, ignore_errors=True)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    optional = arguments[:1] == ["--if-present"]
    command = arguments[2:] if optional else arguments[1:]
    if arguments[optional : optional + 1] != ["--"] or not command:
        print(__doc__, file=sys.stderr)
        return 2

    def run(url: str) -> int:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode

    if url := os.environ.get("TEST_POSTGRES_URL"):
        print("test: PostgreSQL of TEST_POSTGRES_URL", flush=True)
        return run(url)
    binaries = find_binaries()
    if binaries is None:
        print("test: no PostgreSQL server on this machine, so nothing was tested on it", flush=True)
        return 0 if optional else 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    print(f"test: PostgreSQL of {binaries}", flush=True)
    with throw_away_server(binaries) as url:
        return run(url)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
