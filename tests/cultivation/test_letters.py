"""Letters about a case: what they say, when they may be issued, and that a draft has none."""

import datetime as dt

import pytest

from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseState
from cultivation.services.letters import _STAGES, issue_letter
from documents.api import NoticeKind, PolicyDocument, SourceMark, read_notice
from tests.documents.reading import words_of
from tests.factories import case_at, rename, staff
from tests.subsidies.factories import notice_organ


@pytest.fixture
def organ(db):
    return notice_organ(NoticeKind.ENROLMENT, NoticeKind.RETURN, NoticeKind.STATUS)


@pytest.fixture
def bases(db):
    return [
        PolicyDocument.objects.create(
            title="演示培育办法",
            issuer="演示机关",
            document_number="演示办〔2018〕1号",
            issued_on=dt.date(2018, 1, 2),
            is_formal=True,
            source="演示",
            mark=SourceMark.READ,
            is_demo=True,
        )
    ]


def issue(case, kind, organ, bases, actor=None):
    return issue_letter(case=case, kind=kind, bases=bases, organ=organ, actor=actor or staff().caseworker)


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_the_enrolment_notice_says_since_when_and_stands_once(organ, bases, tmp_path):
    case = case_at(CaseState.POOLED)
    rename(case.firm, "演示新名科技有限公司", dt.date(2019, 6, 1))
    notice = issue(case, NoticeKind.ENROLMENT, organ, bases)
    assert (notice.recipient, notice.context["case_number"]) == (
        "演示新名科技有限公司",
        case.acceptances.get().number,
    )
    drawn = "".join(word.text for word in words_of(read_notice(notice), tmp_path))
    assert "自2019年6月30日起纳入" in drawn
    assert "首次认定" in drawn
    assert refused(lambda: issue(case, NoticeKind.ENROLMENT, organ, bases)) == "notice_exists"


@pytest.mark.parametrize("state", [CaseState.SUBMITTED, CaseState.REMOVED])
def test_no_enrolment_notice_outside_the_pool(organ, bases, state):
    case = case_at(state)
    assert refused(lambda: issue(case, NoticeKind.ENROLMENT, organ, bases)) == "not_enrolled"


def test_the_return_notice_repeats_the_reason_of_this_return(organ, bases):
    case = case_at(CaseState.RETURNED)
    notice = issue(case, NoticeKind.RETURN, organ, bases)
    assert notice.context["reasons"] == "请补充材料。"
    assert notice.subject.startswith("return:")
    other = case_at(CaseState.SUBMITTED)
    assert refused(lambda: issue(other, NoticeKind.RETURN, organ, bases)) == "not_returned"


def test_the_status_letter_has_plain_words_for_every_state_a_firm_can_ask_about(organ, bases, tmp_path):
    assert set(_STAGES) == set(CaseState) - {CaseState.DRAFT}
    case = case_at(CaseState.EXPENSE_REVIEW)
    notice = issue(case, NoticeKind.STATUS, organ, bases)
    drawn = "".join(word.text for word in words_of(read_notice(notice), tmp_path))
    assert "正在核查研发费用" in drawn
    draft = case_at(CaseState.DRAFT)
    assert refused(lambda: issue(draft, NoticeKind.STATUS, organ, bases)) == "not_submitted"


def test_a_basis_without_a_number_stops_the_letter(organ, bases):
    PolicyDocument.objects.filter(pk=bases[0].pk).update(document_number="", issued_on=None, is_formal=False)
    bases[0].refresh_from_db()
    case = case_at(CaseState.POOLED)
    assert refused(lambda: issue(case, NoticeKind.ENROLMENT, organ, bases)) == "basis_without_number"


def test_only_caseworkers_and_reviewers_write(organ, bases, cast):
    case = case_at(CaseState.POOLED)
    for actor in (cast.county, cast.finance, cast.firm, cast.administrator):
        with pytest.raises(NotAllowed):
            issue(case, NoticeKind.STATUS, organ, bases, actor=actor)
