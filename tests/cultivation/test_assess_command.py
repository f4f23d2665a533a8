"""The ``assess`` command: JSON alone on standard output, the agreed exit status, no database."""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest
from django.core.management import call_command

from cultivation.management import judging
from tests.cultivation.rules.sample import facts

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(capsys):
    """Call the command; give exit status and the answers, one a line."""

    def call(*arguments):
        status = 0
        try:
            call_command("assess", *map(str, arguments))
        except SystemExit as stopped:
            status = stopped.code
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return call


@pytest.fixture
def written(tmp_path):
    def write(content, name="facts.json"):
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return path

    return write


class TestOneFirm:
    def test_answers_with_the_agreed_keys(self, run, written):
        status, (answer,) = run(written(facts()))
        assert status == 0
        assert list(answer) == ["rule_set", "verdict", "findings", "growth", "rd", "inputs_sha256"]
        assert answer["verdict"] == "pass"
        assert [finding["code"] for finding in answer["findings"]] == [
            "registered_365_days",
            "core_ip",
            "technical_field",
            "technical_staff_share",
            "rd_intensity",
            "rd_domestic_share",
            "high_tech_income_share",
            "innovation_score",
            "no_incident",
        ]
        assert set(answer["findings"][0]) == {"code", "status", "measured", "limit", "source", "note"}
        assert answer["growth"]["net_assets"] == {"rate": "0.20", "band": "C"}

    @pytest.mark.parametrize("changes", [{"core_ip_owned": False}, {"filed_on": None}])
    def test_exits_0_whatever_the_verdict(self, run, written, changes):
        status, (answer,) = run(written(facts(**changes)))
        assert status == 0
        assert answer["verdict"] in {"fail", "manual"}

    def test_reads_other_expenses_the_other_way_on_request(self, run, written):
        path = written(facts())
        _, (answer,) = run(path, "--other-cap", "with_outsourced")
        assert answer["rd"]["other_cap"] == "with_outsourced"
        assert answer["rd"]["other_cap_alternative"]["other_cap"] == "internal"

    def test_leaves_the_file_as_it_is(self, run, written):
        path = written(facts())
        before = path.read_bytes(), path.stat().st_mtime_ns
        run(path)
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("content", "code", "named"),
        [
            (facts(employees_average="-1"), "malformed", "employees_average"),
            ('{"filed_on": "2019-06-30", "filed_on": "2019-06-30"}', "malformed", "filed_on"),
            ("{", "malformed", "JSON"),
            ("", "malformed", "JSON"),
            (facts(filed_on="2015-12-31", registered_on="2010-01-01", years=[]), "no_rule_set", "filed_on"),
        ],
    )
    def test_malformed_facts_exit_2_naming_the_key(self, run, written, content, code, named):
        status, (answer,) = run(written(content))
        assert status == 2
        assert answer["error"]["code"] == code
        assert named in answer["error"]["message"]

    def test_a_file_of_unbearable_size_exits_2(self, run, written, monkeypatch):
        monkeypatch.setattr(judging, "_MOST_BYTES", 1_000)
        status, (answer,) = run(written(facts()))
        assert (status, answer["error"]["code"]) == (2, "malformed")

    def test_a_missing_file_exits_2(self, run, tmp_path):
        status, (answer,) = run(tmp_path / "none.json")
        assert (status, answer["error"]["code"]) == (2, "file_not_found")

    def test_a_folder_exits_2(self, run, tmp_path):
        status, (answer,) = run(tmp_path)
        assert (status, answer["error"]["code"]) == (2, "file_unreadable")

    def test_neither_or_both_ways_of_asking_exit_2(self, run, written):
        path = written(facts())
        for arguments in ((), (path, "--batch", path)):
            status, (answer,) = run(*arguments)
            assert (status, answer["error"]["code"]) == (2, "usage")

    def test_an_unknown_cap_exits_2(self, run, written):
        status, (answer,) = run(written(facts()), "--other-cap", "none")
        assert (status, answer["error"]["code"]) == (2, "usage")


class TestBatch:
    def test_answers_in_input_order_and_goes_on_after_a_malformed_line(self, run, written):
        lines = [
            json.dumps(facts()),
            "not json",
            json.dumps(facts(technical_average="x")),
            "",
            json.dumps(facts(core_ip_owned=False)),
            json.dumps({"filed_on": "2015-01-01"}),
            json.dumps(facts(field_code="四（一）1\u2028", core_ip_owned=None), ensure_ascii=False),
        ]
        status, answers = run("--batch", written("\r\n".join([*lines, "", "  ", ""])))
        assert status == 0
        assert [answer.get("verdict") for answer in answers] == [
            "pass",
            None,
            None,
            None,
            "fail",
            None,
            "manual",
        ]
        assert [answer["error"]["code"] for answer in answers if "error" in answer] == [
            "malformed",
            "malformed",
            "malformed",
            "no_rule_set",
        ]
        assert "technical_average" in answers[2]["error"]["message"]
        assert answers[2]["line"] == 3

    def test_answers_as_the_single_form_does(self, run, written):
        path = written(facts())
        assert run("--batch", path) == run(path)

    def test_a_line_that_is_not_utf_8_is_an_error_of_that_line(self, run, tmp_path):
        path = tmp_path / "firms.jsonl"
        path.write_bytes(b"\xff\xfe\n" + json.dumps(facts()).encode() + b"\n")
        status, answers = run("--batch", path)
        assert status == 0
        assert "UTF-8" in answers[0]["error"]["message"]
        assert answers[1]["verdict"] == "pass"

    def test_a_line_of_unbearable_length_is_an_error_of_that_line(self, run, written, monkeypatch):
        monkeypatch.setattr(judging, "_MOST_BYTES", 10_000)
        lines = [json.dumps(facts()), "9" * 35_000, json.dumps(facts(core_ip_owned=False)), "[" * 20_000]
        status, answers = run("--batch", written("\n".join(lines)))
        assert status == 0
        assert [answer.get("verdict") or answer["line"] for answer in answers] == ["pass", 2, "fail", 4]
        assert "MiB" in answers[1]["error"]["message"]

    def test_an_empty_file_has_no_answers(self, run, written):
        assert run("--batch", written("")) == (0, [])

    def test_a_long_file_is_judged_by_several_processes_and_answers_the_same(self, run, written, monkeypatch):
        lines = [json.dumps(facts(technical_average=str(number))) for number in range(30)]
        lines[7] = "not json"
        path = written("\n".join(lines))
        alone = run("--batch", path, "--other-cap", "with_outsourced")
        monkeypatch.setattr("cultivation.management.judging._PIECE", 20)
        assert run("--batch", path, "--other-cap", "with_outsourced") == alone
        assert alone[1][7]["line"] == 8

    def test_five_hundred_firms_take_well_under_a_second_each_hundred(self, run, written):
        path = written("\n".join([json.dumps(facts())] * 500))
        started = perf_counter()
        _, answers = run("--batch", path)
        assert len(answers) == 500
        assert perf_counter() - started < 5


def test_the_process_prints_json_alone_and_loads_no_heavy_library(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts()), encoding="utf-8")
    program = (
        "import sys; from django.core.management import execute_from_command_line as run; "
        f"run(['manage.py', 'assess', {str(path)!r}]); "
        "heavy = [n for n in ('pandas', 'numpy', 'scipy', 'weasyprint', 'matplotlib') if n in sys.modules]; "
        "print(heavy, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["verdict"] == "pass"
    assert done.stderr.strip().splitlines()[-1] == "[]"
