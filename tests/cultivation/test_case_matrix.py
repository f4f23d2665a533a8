"""Every state, every act, every role: done where the table says so, else refused with nothing changed but the trace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import (
    CLOSED_CASE_STATES,
    AttachmentKind,
    CaseAction,
    CaseState,
    CheckKind,
    LedgerDecision,
    LedgerFindingCode,
    Role,
)
from cultivation.models import (
    Assessment,
    Attendance,
    CaseCheck,
    CaseDocument,
    CaseEvent,
    CaseFacts,
    CultivationCase,
    Determination,
    DisclosurePeriod,
    ExpenseYear,
    ExpertSheet,
    RdLedger,
    RdLedgerFinding,
    RefusedAttempt,
    User,
)
from cultivation.permissions import may
from cultivation.selectors.actions import TRANSITIONS, allowed_actions
from cultivation.services import (
    assessments,
    case_documents,
    case_flow,
    checks,
    corrections,
    expenses,
    expert_sheets,
    filing,
    rd_ledger,
    rd_ledger_decisions,
)
from documents.api import store_attachment
from tests.cultivation.ledgers import cells, ledger_book
from tests.cultivation.sheets import finance_sheet, technical_sheet
from tests.factories import (
    FIGURES,
    AccreditationFactory,
    FirmFactory,
    UserFactory,
    case_at,
    division,
    give_facts,
    pass_check,
    staff,
    train,
)

FIRM, COUNTY, CITY, REVIEWER = "firm", "county", "caseworker", "reviewer"
APPLICANTS = {FIRM, COUNTY, CITY}
S = CaseState
OPEN_STATES = [state for state in S if state not in CLOSED_CASE_STATES]
POOL = [S.POOLED, S.TRAINING, S.EXPENSE_REVIEW, S.READY]
BEFORE_FILING = [S.DRAFT, S.SUBMITTED, S.RETURNED, S.RECOMMENDED, *POOL]


def _in(states: list[CaseState], roles: set[str]) -> dict[CaseState, set[str]]:
    return dict.fromkeys(states, roles)


# What the design says, written down again and not read from the code: act -> state -> who may.
TABLE: dict[CaseAction, dict[CaseState, set[str]]] = {
    CaseAction.SUBMIT: {S.DRAFT: APPLICANTS},
    CaseAction.RESUBMIT: {S.RETURNED: APPLICANTS},
    CaseAction.RECOMMEND: {S.SUBMITTED: {COUNTY}},
    CaseAction.RETURN: {S.SUBMITTED: {COUNTY, CITY}, S.EXPENSE_REVIEW: {CITY, REVIEWER}},
    CaseAction.ENROL: {S.RECOMMENDED: {CITY}},
    CaseAction.START_TRAINING: {S.POOLED: {CITY}},
    CaseAction.START_EXPENSE_REVIEW: {S.TRAINING: {CITY}},
    CaseAction.CLEAR: {S.EXPENSE_REVIEW: {CITY}},
    CaseAction.FILE: {S.READY: {CITY}},
    CaseAction.DISCLOSE: {S.FILED: {CITY}},
    CaseAction.ACCREDIT: _in([S.FILED, S.DISCLOSED], {CITY}),
    CaseAction.DECLINE: _in([S.FILED, S.DISCLOSED], {CITY}),
    CaseAction.RETURN_TO_POOL: {S.DECLINED: {CITY}},
    CaseAction.WITHDRAW: _in(OPEN_STATES, {FIRM, CITY}),
    CaseAction.REMOVE: _in(OPEN_STATES, {CITY}),
    CaseAction.ASSIGN: _in(OPEN_STATES, {CITY}),
    CaseAction.DECLARE: _in(BEFORE_FILING, {FIRM, CITY}),
    # Figures are the firm's: where no case is open they may be recorded for the next one.
    CaseAction.RECORD_EXPENSES: _in([*BEFORE_FILING, *CLOSED_CASE_STATES], {FIRM, CITY}),
    CaseAction.ADD_DOCUMENT: _in(BEFORE_FILING, APPLICANTS),
    CaseAction.CONFIRM_DOCUMENT: _in(BEFORE_FILING, {CITY}),
    CaseAction.REJECT_DOCUMENT: _in(BEFORE_FILING, {CITY}),
    CaseAction.IMPORT_LEDGER: _in([*BEFORE_FILING, *CLOSED_CASE_STATES], {FIRM, CITY}),
    CaseAction.DECIDE_LEDGER: _in([*BEFORE_FILING, *CLOSED_CASE_STATES], {CITY}),
    CaseAction.RECORD_SHEET: _in(POOL, {CITY}),
    CaseAction.WITHDRAW_SHEET: _in(POOL, {CITY}),
    CaseAction.ASSESS: _in(POOL, {CITY}),
    CaseAction.RECORD_CHECK: _in(POOL, {CITY}),
    CaseAction.RESET_CHECK: _in(POOL, {CITY, REVIEWER}),
    CaseAction.DECIDE_MANUAL: _in(POOL, {REVIEWER}),
}

PDF = b"%PDF-1.4\n%%EOF\n"
LEDGER = ledger_book(cells(金额=-1))
Act = Callable[[CultivationCase, User], Any]
ACTS: dict[CaseAction, Act] = {
    CaseAction.SUBMIT: lambda case, by: case_flow.submit_case(case=case, actor=by),
    CaseAction.RESUBMIT: lambda case, by: corrections.resubmit_case(case=case, actor=by),
    CaseAction.RECOMMEND: lambda case, by: case_flow.recommend_case(case=case, actor=by),
    CaseAction.RETURN: lambda case, by: corrections.return_case(case=case, actor=by, reason="补正"),
    CaseAction.ENROL: lambda case, by: case_flow.enrol_case(case=case, actor=by),
    CaseAction.START_TRAINING: lambda case, by: case_flow.start_training(case=case, actor=by),
    CaseAction.START_EXPENSE_REVIEW: lambda case, by: case_flow.start_expense_review(case=case, actor=by),
    CaseAction.CLEAR: lambda case, by: case_flow.clear_case(case=case, actor=by),
    CaseAction.FILE: lambda case, by: filing.file_case(case=case, actor=by),
    CaseAction.DISCLOSE: lambda case, by: filing.disclose_case(
        case=case, actor=by, published_on=clock.today(), place="演示公示网"
    ),
    CaseAction.ACCREDIT: lambda case, by: filing.accredit_case(
        case=case, accreditation=case.firm.accreditations.get(is_opening=False), actor=by
    ),
    CaseAction.DECLINE: lambda case, by: filing.decline_case(
        case=case, actor=by, document_number="演示〔2019〕9号", document_date=clock.today(), reason="未通过"
    ),
    CaseAction.RETURN_TO_POOL: lambda case, by: filing.return_case_to_pool(case=case, actor=by),
    CaseAction.WITHDRAW: lambda case, by: case_flow.withdraw_case(case=case, actor=by, reason="撤回"),
    CaseAction.REMOVE: lambda case, by: case_flow.remove_case(case=case, actor=by, reason="出库"),
    CaseAction.ASSIGN: lambda case, by: case_flow.assign_handler(
        case=case, handler=staff().caseworker, actor=by
    ),
    CaseAction.DECLARE: lambda case, by: assessments.declare_facts(
        case=case, facts={"employees_average": "61"}, actor=by
    ),
    CaseAction.RECORD_EXPENSES: lambda case, by: expenses.record_expense_year(
        firm=case.firm, year=2018, figures=FIGURES, actor=by
    ),
    CaseAction.ADD_DOCUMENT: lambda case, by: case_documents.add_case_document(
        case=case, kind=AttachmentKind.OTHER, content=PDF, original_name="说明.pdf", actor=by
    ),
    CaseAction.CONFIRM_DOCUMENT: lambda case, by: case_documents.confirm_case_document(
        document=_handed_in(case), actor=by
    ),
    CaseAction.REJECT_DOCUMENT: lambda case, by: case_documents.reject_case_document(
        document=_handed_in(case), reason="缺签章", actor=by
    ),
    CaseAction.IMPORT_LEDGER: lambda case, by: rd_ledger.import_ledger(
        firm=case.firm, content=LEDGER, original_name="辅助账.xlsx", actor=by
    ),
    CaseAction.DECIDE_LEDGER: lambda case, by: rd_ledger_decisions.decide_all_findings(
        firm=case.firm,
        code=LedgerFindingCode.NEGATIVE,
        decision=LedgerDecision.COUNTED,
        reason="冲销属实",
        actor=by,
    ),
    CaseAction.RECORD_SHEET: lambda case, by: expert_sheets.record_expert_sheet(
        case=case, sheet=finance_sheet("新"), actor=by
    ),
    CaseAction.WITHDRAW_SHEET: lambda case, by: expert_sheets.withdraw_expert_sheet(
        sheet=case.expert_sheets.get(), reason="回避", actor=by
    ),
    CaseAction.ASSESS: lambda case, by: assessments.assess_case(case=case, actor=by),
    CaseAction.RECORD_CHECK: lambda case, by: checks.record_check(
        case=case, kind=CheckKind.TRAINING, actor=by
    ),
    CaseAction.RESET_CHECK: lambda case, by: checks.reset_check(
        case=case, kind=CheckKind.TRAINING, reason="重新核对", actor=by
    ),
    CaseAction.DECIDE_MANUAL: lambda case, by: checks.decide_manual_check(
        case=case, passed=True, reason="经核实", actor=by
    ),
}


def _handed_in(case: CultivationCase) -> CaseDocument:
    return case.documents.get(kind=AttachmentKind.OTHER)


def _prepare(case: CultivationCase, action: CaseAction) -> None:
    """What the act needs beside the state, so that only state and role decide."""
    city = staff().caseworker
    if action is CaseAction.ACCREDIT and not case.firm.accreditations.exists():
        AccreditationFactory(firm=case.firm, determined=True)
    if action is CaseAction.DECIDE_LEDGER and case.state in TABLE[action]:
        rd_ledger.import_ledger(firm=case.firm, content=LEDGER, original_name="辅助账.xlsx", actor=city)
    if action in (CaseAction.CONFIRM_DOCUMENT, CaseAction.REJECT_DOCUMENT):
        attachment = store_attachment(content=PDF, original_name="说明.pdf", uploaded_by=city)
        CaseDocument.objects.create(
            case=case, kind=AttachmentKind.OTHER, attachment=attachment, added_by=city
        )
    if action is CaseAction.WITHDRAW_SHEET:
        written = technical_sheet()
        ExpertSheet.objects.create(
            case=case, expert=written.expert, kind=written.kind, scores=dict(written.scores), recorded_by=city
        )
    if case.state not in POOL:
        return
    standing = set(case.checks.filter(reset_at__isnull=True).values_list("kind", flat=True))
    if action in (CaseAction.START_EXPENSE_REVIEW, CaseAction.CLEAR, CaseAction.FILE, CaseAction.RESET_CHECK):
        for kind in CheckKind:
            if kind not in standing:
                pass_check(case, kind)
    if action is CaseAction.RECORD_CHECK:
        if CheckKind.TRAINING in standing:
            checks.reset_check(case=case, kind=CheckKind.TRAINING, reason="重新核对", actor=city)
        train(case)
    if action is CaseAction.DECIDE_MANUAL:
        if CheckKind.EXPENSES in standing:
            checks.reset_check(case=case, kind=CheckKind.EXPENSES, reason="重新核对", actor=city)
        give_facts(case, conversions=[1, 1, 0])
        assessments.assess_case(case=case, actor=city)


def _people(case: CultivationCase) -> dict[str, User]:
    """One of each role, and those who are close but not the right ones."""
    other_firm, other_county = FirmFactory(division=division("tiandong")), division("tiandong")
    everybody = {
        FIRM: UserFactory(role=Role.FIRM, firm=case.firm),
        COUNTY: UserFactory(role=Role.COUNTY, division=case.firm.division),
        CITY: UserFactory(role=Role.CASEWORKER),
        REVIEWER: UserFactory(role=Role.REVIEWER),
        "finance": UserFactory(role=Role.FINANCE),
        "auditor": UserFactory(role=Role.AUDITOR),
        "administrator": UserFactory(role=Role.ADMINISTRATOR),
        "another firm": UserFactory(role=Role.FIRM, firm=other_firm),
        "another county": UserFactory(role=Role.COUNTY, division=other_county),
        "a county without a division": UserFactory(role=Role.COUNTY),
        "a firm's person without the role": UserFactory(firm=case.firm),
        "a superuser without a role": UserFactory(is_superuser=True, is_staff=True),
        "a caseworker who has left": UserFactory(role=Role.CASEWORKER, is_active=False),
    }
    for person in everybody.values():
        assert person.roles is not None  # read the groups once, outside the attempts
    return everybody


def _snapshot(case: CultivationCase) -> tuple[Any, ...]:
    tables = (CaseEvent, CaseCheck, CaseDocument, Assessment, Determination, DisclosurePeriod, Attendance)
    return (
        CultivationCase.objects.values().get(pk=case.pk),
        [table.objects.count() for table in tables],
        list(CaseFacts.objects.values()),
        list(RdLedger.objects.values()),
        list(RdLedgerFinding.objects.order_by("pk").values()),
        list(ExpertSheet.objects.order_by("pk").values()),
        list(ExpenseYear.objects.order_by("pk").values()),
        list(CaseCheck.objects.order_by("pk").values("reset_at")),
    )


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_the_table_knows_every_act() -> None:
    # A case is reopened by the correction of its determination alone: test_determination_corrections.py.
    assert set(TABLE) == set(ACTS) == set(CaseAction) - {CaseAction.OPEN, CaseAction.REOPEN}
    assert set(TRANSITIONS) < set(TABLE)


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(CaseState))
def test_every_act_by_every_person(state: CaseState) -> None:
    case = case_at(state)
    people = _people(case)
    for action, act in ACTS.items():
        with _undone():
            _prepare(case, action)
            case.refresh_from_db(fields=["handler"])
            before = _snapshot(case)
            for who, person in people.items():
                with _undone():
                    _attempt(case, state, action, act, who, person, before)


def _attempt(
    case: CultivationCase,
    state: CaseState,
    action: CaseAction,
    act: Act,
    who: str,
    person: User,
    before: tuple[Any, ...],
) -> None:
    story = f"{who}: {action} in {state}"
    traces = RefusedAttempt.objects.count()
    refusal = _refusal(act, case, person)
    assert (refusal is None) == (who in TABLE[action].get(state, set())), f"{story}: {refusal}"
    if refusal is None:
        _assert_told(case, state, action, person, story)
        return
    assert _snapshot(case) == before, story
    assert RefusedAttempt.objects.count() == traces + 1, story
    trace = RefusedAttempt.objects.first()
    assert (trace.actor, trace.action, trace.code) == (person, action.value, refusal.code), story
    # Who may do it somewhere is told about the state, everybody else that it is not theirs to do.
    assert isinstance(refusal, NotAllowed) == (not may(person, action, case)), story
    assert isinstance(refusal, NotAllowed) or refusal.code == "wrong_state", story


def _refusal(act: Act, case: CultivationCase, person: User) -> Refused | None:
    try:
        act(case, person)
    except Refused as refusal:
        return refusal
    return None


def _assert_told(
    case: CultivationCase, state: CaseState, action: CaseAction, person: User, story: str
) -> None:
    """An event tells of the act."""
    if state in CLOSED_CASE_STATES:
        return
    told = CaseEvent.objects.filter(case=case, action=action).order_by("number").last()
    assert (told.actor, told.from_state) == (person, state), story
    assert told.to_state == CultivationCase.objects.get(pk=case.pk).state, story
    assert (told.to_state != state) == (action in TRANSITIONS), story


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(CaseState))
def test_pages_offer_exactly_what_the_table_allows(state: CaseState) -> None:
    case = case_at(state)
    on_checks = {CaseAction.RECORD_CHECK, CaseAction.RESET_CHECK, CaseAction.DECIDE_MANUAL}
    for who, person in _people(case).items():
        offered = {action.name for action in allowed_actions(case, person)}
        expected = {action for action, states in TABLE.items() if who in states.get(state, set())}
        if state in CLOSED_CASE_STATES:
            expected = set()
        assert offered - on_checks == expected - on_checks, who
        assert offered <= expected, who


@pytest.mark.django_db
def test_opening_belongs_to_the_firm_its_county_and_the_city() -> None:
    closed = case_at(CaseState.WITHDRAWN)
    for who, person in _people(closed).items():
        before = CultivationCase.objects.count()
        with _undone():
            if who in APPLICANTS:
                opened = case_flow.open_case(firm=closed.firm, actor=person)
                assert opened.state == CaseState.DRAFT
            else:
                with pytest.raises(NotAllowed):
                    case_flow.open_case(firm=closed.firm, actor=person)
                assert CultivationCase.objects.count() == before
                assert RefusedAttempt.objects.filter(actor=person, action="open").count() == 1
