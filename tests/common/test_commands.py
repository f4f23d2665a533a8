"""Commands answer in JSON on standard output alone and end with 0, 1 or 2."""

import json
import re
from typing import Any

import pytest
from django.utils.translation import override

from config.common.commands import JsonCommand, UsageError
from config.common.errors import NotAllowed, Refused


class Command(JsonCommand):
    """Does what the test says."""

    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--number", type=int, required=True)
        parser.add_argument("--pick", choices=["a", "b"])

    def answer(self, **options: Any) -> dict[str, Any] | None:
        return self.act(options)  # type: ignore[attr-defined]


def run(act: Any, *arguments: str) -> int:
    """Exit status of the command as ``manage.py`` would end."""
    command = Command()
    command.act = act  # type: ignore[attr-defined]
    try:
        command.run_from_argv(["manage.py", "try", *(arguments or ("--number", "1"))])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def raising(error: Exception) -> Any:
    def act(options: Any) -> None:
        raise error

    return act


def test_the_answer_is_the_whole_standard_output(capsys) -> None:
    assert run(lambda options: {"number": options["number"], "name": "百色"}) == 0
    output = capsys.readouterr()
    assert json.loads(output.out) == {"number": 1, "name": "百色"}
    assert "百色" in output.out
    assert output.err == ""


def test_nothing_is_printed_for_a_command_that_wrote_its_output_itself(capsys) -> None:
    assert run(lambda options: None) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("kind", [Refused, NotAllowed])
def test_a_refusal_ends_with_1_and_keeps_the_commands_own_keys(capsys, kind: type[Refused]) -> None:
    assert run(raising(kind("overdrawn", "Not enough.", available="5.00"))) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"available": "5.00", "error": {"code": "overdrawn", "message": "Not enough."}}


def test_wrong_usage_found_by_the_command_ends_with_2(capsys) -> None:
    assert run(raising(UsageError("bad_key", "No such key."))) == 2
    assert json.loads(capsys.readouterr().out) == {"error": {"code": "bad_key", "message": "No such key."}}


def test_a_missing_file_ends_with_2(capsys, tmp_path) -> None:
    assert run(lambda options: (tmp_path / "missing.xlsx").read_bytes()) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "file_not_found"
    assert "missing.xlsx" in error["message"]


@pytest.mark.parametrize("arguments", [["--number", "x"], ["--unknown"], ["--number", "1", "extra"]])
def test_wrong_arguments_end_with_2_and_an_error_in_json(capsys, arguments: list[str]) -> None:
    assert run(lambda options: {}, *arguments) == 2
    output = capsys.readouterr()
    assert json.loads(output.out)["error"]["code"] == "usage"
    assert "usage:" in output.err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "--number"),
        (["--number", "x"], "'x'"),
        (["--number", "1", "--unknown"], "--unknown"),
        (["--number"], "--number"),
        (["--number", "1", "--pick", "c"], "'c'"),
        (["--number", "1", "--verbos", "9"], "9"),
    ],
)
@override("zh-hans")
def test_wrong_arguments_are_explained_in_chinese(capsys, arguments: list[str], named: str) -> None:
    command = Command()
    with pytest.raises(SystemExit):
        command.run_from_argv(["manage.py", "try", *arguments])
    message = json.loads(capsys.readouterr().out)["error"]["message"]
    assert named in message
    assert re.search("[\u4e00-\u9fff]", message)


@override("zh-hans")
def test_a_directory_in_place_of_a_file_ends_with_2(capsys, tmp_path) -> None:
    assert run(lambda options: tmp_path.read_bytes()) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error == {"code": "file_unreadable", "message": f"{tmp_path} 是文件夹，不是文件。"}


@override("zh-hans")
def test_any_other_fault_of_a_file_ends_with_2(capsys) -> None:
    assert run(raising(PermissionError(13, "Permission denied", "/x"))) == 2
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "没有使用 /x 的权限。"
    assert run(raising(OSError(36, "File name too long", "/x"))) == 2
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "无法使用 /x：File name too long。"
