"""Two answers held against each other, and the answers of the rules of 2016 held against those kept."""

import json
from copy import deepcopy

import pytest

from cultivation.rules.comparison import Difference, differences
from tests.cultivation.rules.answers import FIRMS, KEPT, answers
from tests.cultivation.rules.judged import result
from tests.cultivation.rules.sample import facts


@pytest.fixture
def answer():
    return result(facts()).as_json()


def test_an_answer_does_not_differ_from_itself(answer):
    assert differences(json.loads(json.dumps(answer)), answer) == ()


def test_a_figure_is_named_by_its_finding(answer):
    stored = deepcopy(answer)
    stored["findings"][3]["measured"] = "0.5"
    (found,) = differences(stored, answer)
    assert found == Difference(
        ("findings", "technical_staff_share", "measured"), "0.5", answer["findings"][3]["measured"]
    )
    assert not found.is_wording


def test_a_year_is_named_by_its_number(answer):
    stored = deepcopy(answer)
    stored["rd"]["by_year"][1]["total"] = "1.00"
    assert [found.path for found in differences(stored, answer)] == [("rd", "by_year", "2017", "total")]


def test_a_note_is_wording(answer):
    stored = deepcopy(answer)
    stored["findings"][0]["note"] = "另有说明"
    (found,) = differences(stored, answer)
    assert found.is_wording


@pytest.mark.parametrize("stored", [None, [], {}, "text", 5, [[{"code": []}]], {"findings": {"a": 1}}])
def test_another_shape_is_a_difference_and_no_error(answer, stored):
    found = differences(stored, answer)
    assert len(found) > 50
    assert differences(answer, stored)


def test_what_only_the_stored_answer_has_comes_last(answer):
    found = differences({**answer, "added": "1"}, {**answer, "verdict": "fail"})
    assert [(item.path, item.stored, item.computed) for item in found] == [
        (("verdict",), "pass", "fail"),
        (("added",), "1", None),
    ]


def test_the_answers_are_word_for_word_those_kept():
    """A difference here shows in every assessment on record; see ``answers`` for how to accept it."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert differences(kept, json.loads(json.dumps(answers()))) == ()


def test_the_firms_kept_meet_every_result_of_every_condition():
    met = {(code, found[0]) for answer in answers().values() for code, found in answer.items()}
    assert len(FIRMS) > 20
    assert {code for code, status in met if status == "manual"} == {code for code, _status in met}
    assert {code for code, status in met if status == "fail"} == {code for code, _status in met} - {
        "technical_field"
    }
