"""Objections: in real name, each answered before anything is approved."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common.errors import NotAllowed, Refused
from subsidies.enums import AwardState, ObjectionOutcome
from subsidies.models import Objection
from subsidies.services import awards
from subsidies.services.objections import answer_objection, record_objection
from subsidies.services.verification import verify_records
from tests.subsidies.awarding import calculate, refused
from tests.subsidies.factories import DISCLOSED_ON, award_at, disclosed, funding_line, office

DAY = dt.date(2019, 6, 10)


@pytest.fixture
def award(db):
    return award_at(AwardState.DISCLOSED)


def object_to(award, **changes) -> Objection:
    return record_objection(
        **{
            "award": award,
            "raised_by": "演示甲",
            "contact": "演示市某路1号",
            "raised_on": DAY,
            "text": "该企业研发费用与公示不符。",
            "actor": office().caseworker,
            **changes,
        }
    )


@pytest.fixture
def line(award):
    return funding_line()


def approve(award, line):
    return awards.approve_award(award=award, actor=office().reviewer, funding_line=line)


def answer(objection, outcome=ObjectionOutcome.REJECTED, **changes) -> Objection:
    return answer_objection(
        **{
            "objection": objection,
            "outcome": outcome,
            "answer": "经核查，情况不属实。",
            "actor": office().reviewer,
            **changes,
        }
    )


def test_one_without_an_answer_holds_up_the_approval(award, line):
    objection = object_to(award)
    assert refused(lambda: approve(award, line)) == "objection_open"
    answer(objection)
    assert approve(award, line).state == AwardState.APPROVED
    assert verify_records().problems == []


def test_an_upheld_one_stops_the_award(award, line):
    answer(object_to(award), ObjectionOutcome.UPHELD, answer="情况属实。")
    assert refused(lambda: approve(award, line)) == "objection_upheld"
    awards.send_back_award(award=award, actor=office().reviewer, reason="异议成立")


def test_one_to_an_earlier_disclosure_does_not_hold_up_the_next(award, line):
    answer(object_to(award), ObjectionOutcome.UPHELD, answer="情况属实。")
    awards.send_back_award(award=award, actor=office().reviewer, reason="异议成立")
    calculate(award)
    awards.review_award(award=award, actor=office().reviewer)
    assert approve(disclosed(award), line).state == AwardState.APPROVED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"raised_by": " "}, "name_missing"),
        ({"text": ""}, "text_missing"),
        ({"text": "长" * 2001}, "text_too_long"),
        ({"raised_on": dt.date(2030, 1, 1)}, "date_in_future"),
        ({"raised_on": DISCLOSED_ON - dt.timedelta(days=1)}, "before_disclosure"),
    ],
)
def test_what_cannot_be_is_refused(award, changes, code):
    assert refused(lambda: object_to(award, **changes)) == code


def test_only_what_is_disclosed_is_objected_to(db):
    reviewed = award_at(AwardState.REVIEWED)
    assert refused(lambda: object_to(reviewed)) == "wrong_state"


def test_is_answered_once_and_with_words(award):
    objection = object_to(award)
    with pytest.raises(Refused) as refusal:
        answer(objection, answer="  ")
    assert refusal.value.code == "text_missing"
    answer(objection)
    with pytest.raises(Refused) as refusal:
        answer(objection)
    assert refusal.value.code == "already_answered"


def test_is_the_offices_business(award, cast):
    with pytest.raises(NotAllowed):
        object_to(award, actor=cast.finance)


def test_the_database_wants_an_answer_whole(award):
    objection = object_to(award)
    objection.outcome = ObjectionOutcome.UPHELD
    with pytest.raises(IntegrityError, match="answered_objection"), transaction.atomic():
        objection.save()
