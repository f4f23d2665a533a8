"""The ``assess_sme`` command answers as ``assess`` does, in the caliber of the technology SME."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.cultivation.rules.sample import facts as accreditation_facts
from tests.cultivation.rules.sme_sample import sme_facts

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(capsys):
    """Call the command; give exit status and the answers, one a line."""

    def call(*arguments):
        status = 0
        try:
            call_command("assess_sme", *map(str, arguments))
        except SystemExit as stopped:
            status = stopped.code
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return call


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "facts.json"
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_answers_with_verdict_score_findings_and_indicators(run, written):
    status, (answer,) = run(written(sme_facts()))
    assert status == 0
    assert (answer["verdict"], answer["score"]) == ("pass", 68)
    assert set(answer) == {
        "rule_set",
        "rule_set_sha256",
        "verdict",
        "score",
        "findings",
        "indicators",
        "direct_routes",
        "inputs_sha256",
    }
    assert [row["points"] for row in answer["indicators"]] == [12, 50, 6]


@pytest.mark.parametrize("changes", [{"resident": False}, {"sales": ...}])
def test_exits_0_whatever_the_verdict(run, written, changes):
    status, (answer,) = run(written(sme_facts(**changes)))
    assert status == 0
    assert answer["verdict"] in {"fail", "manual"}


@pytest.mark.parametrize(
    ("content", "code", "named"),
    [
        (sme_facts(sales="-1"), "malformed", "sales"),
        ("{", "malformed", "JSON"),
        (sme_facts(filled_on="2017-05-02"), "no_rule_set", "filled_on"),
    ],
)
def test_malformed_facts_exit_2_naming_the_key(run, written, content, code, named):
    status, (answer,) = run(written(content))
    assert (status, answer["error"]["code"]) == (2, code)
    assert named in answer["error"]["message"]


def test_edge_case_17_facts_of_an_accreditation_exit_2(run, written):
    status, (answer,) = run(written(accreditation_facts()))
    assert (status, answer["error"]["code"]) == (2, "malformed")
    assert "高新技术企业认定的口径" in answer["error"]["message"]


def test_a_batch_goes_on_after_a_malformed_line(run, written):
    lines = [json.dumps(sme_facts()), "x", json.dumps(sme_facts(resident=False)), ""]
    status, answers = run("--batch", written("\n".join(lines)))
    assert status == 0
    assert [answer.get("verdict") for answer in answers] == ["pass", None, "fail"]
    assert answers[1]["line"] == 2


def test_neither_or_both_ways_of_asking_exit_2(run, written):
    path = written(sme_facts())
    for arguments in ((), (path, "--batch", path)):
        status, (answer,) = run(*arguments)
        assert (status, answer["error"]["code"]) == (2, "usage")


def test_the_process_prints_json_alone_and_asks_no_database(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(sme_facts()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "manage.py", "assess_sme", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "DATABASE_URL": "sqlite:////nowhere/none.sqlite3"},
    )
    assert json.loads(done.stdout)["verdict"] == "pass"
