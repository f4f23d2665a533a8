"""The three checks: from the records, by hand only where the rules say so, reset with a reason."""

import pytest
from django.db import IntegrityError, transaction

from config.common.errors import NotAllowed, Refused
from cultivation.enums import AttachmentKind, CaseState, CheckKind, Role
from cultivation.models import CaseCheck, CaseDocument, CaseEvent
from cultivation.services import case_documents
from cultivation.services.assessments import assess_case
from cultivation.services.checks import decide_manual_check, record_check, reset_check
from cultivation.services.expenses import record_expense_year
from documents.api import confirm_attachment, reject_attachment
from tests.factories import FIGURES, UserFactory, attach_required, case_at, give_facts, pass_check, staff

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _record(case, kind: CheckKind) -> CaseCheck:
    return record_check(case=case, kind=kind, actor=staff().caseworker)


class TestExpenses:
    def test_need_an_assessment(self) -> None:
        with pytest.raises(Refused) as refusal:
            _record(case_at(CaseState.POOLED), CheckKind.EXPENSES)
        assert refusal.value.code == "assessment_missing"

    def test_follow_the_latest_verdict(self) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case, technical_average="1")
        assess_case(case=case, actor=staff().caseworker)
        give_facts(case, technical_average="15")
        latest = assess_case(case=case, actor=staff().caseworker)
        check = _record(case, CheckKind.EXPENSES)
        assert (check.passed, check.assessment) == (True, latest)

    def test_a_failed_outcome_is_kept_as_such(self) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case, technical_average="1")
        assess_case(case=case, actor=staff().caseworker)
        assert not _record(case, CheckKind.EXPENSES).passed

    def test_are_not_recorded_on_figures_that_changed_since(self) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case)
        assess_case(case=case, actor=staff().caseworker)
        record_expense_year(firm=case.firm, year=2018, figures=FIGURES, actor=staff().caseworker)
        with pytest.raises(Refused) as refusal:
            _record(case, CheckKind.EXPENSES)
        assert refusal.value.code == "facts_changed"


class TestManualVerdicts:
    @pytest.fixture
    def undecided(self):
        case = case_at(CaseState.POOLED)
        give_facts(case, conversions=[1, 1, 0])
        assess_case(case=case, actor=staff().caseworker)
        return case

    def test_are_not_for_the_caseworker(self, undecided) -> None:
        with pytest.raises(Refused) as refusal:
            _record(undecided, CheckKind.EXPENSES)
        assert refusal.value.code == "verdict_manual"
        with pytest.raises(NotAllowed):
            decide_manual_check(case=undecided, passed=True, reason="经核实", actor=staff().caseworker)

    @pytest.mark.parametrize("passed", [True, False])
    def test_are_decided_by_a_reviewer_with_a_reason(self, undecided, passed: bool) -> None:
        with pytest.raises(Refused) as refusal:
            decide_manual_check(case=undecided, passed=passed, reason=" ", actor=staff().reviewer)
        assert refusal.value.code == "reason_missing"
        check = decide_manual_check(
            case=undecided, passed=passed, reason="两项转化均已核实", actor=staff().reviewer
        )
        assert (check.passed, check.note, check.recorded_by) == (
            passed,
            "两项转化均已核实",
            staff().reviewer,
        )

    def test_are_not_decided_by_whoever_assessed(self) -> None:
        case = case_at(CaseState.POOLED)
        both = UserFactory(role=Role.CASEWORKER)
        both.groups.add(*staff().reviewer.groups.all())
        give_facts(case, conversions=[1, 1, 0])
        assess_case(case=case, actor=both)
        with pytest.raises(NotAllowed) as refusal:
            decide_manual_check(case=case, passed=True, reason="经核实", actor=both)
        assert refusal.value.code == "second_person"

    def test_a_verdict_of_the_rules_is_not_overruled(self) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case, technical_average="1")
        assess_case(case=case, actor=staff().caseworker)
        with pytest.raises(Refused) as refusal:
            decide_manual_check(case=case, passed=True, reason="经核实", actor=staff().reviewer)
        assert refusal.value.code == "verdict_not_manual"


class TestAttachments:
    def test_are_named_as_long_as_they_are_missing_or_unconfirmed(self) -> None:
        case, actor = case_at(CaseState.POOLED), staff().caseworker
        with pytest.raises(Refused) as refusal:
            _record(case, CheckKind.ATTACHMENTS)
        assert refusal.value.details["missing"] == ["application", "audit_report", "rd_ledger"]
        kinds = (AttachmentKind.APPLICATION, AttachmentKind.AUDIT_REPORT, AttachmentKind.RD_LEDGER)
        documents = [
            case_documents.add_case_document(
                case=case, kind=kind, content=PDF, original_name=f"{kind}.pdf", actor=actor
            )
            for kind in kinds
        ]
        confirm_attachment(attachment=documents[0].attachment, actor=actor)
        reject_attachment(attachment=documents[1].attachment, actor=actor, reason="缺签章")
        with pytest.raises(Refused) as refusal:
            _record(case, CheckKind.ATTACHMENTS)
        assert refusal.value.details["missing"] == ["audit_report", "rd_ledger"]

    def test_pass_with_a_confirmed_file_of_each_kind(self) -> None:
        case = case_at(CaseState.POOLED)
        attach_required(case)
        assert _record(case, CheckKind.ATTACHMENTS).passed

    def test_a_file_is_not_added_once_the_case_has_gone_to_the_region(self) -> None:
        case = case_at(CaseState.FILED)
        before = CaseDocument.objects.count()
        with pytest.raises(Refused) as refusal:
            case_documents.add_case_document(
                case=case,
                kind=AttachmentKind.OTHER,
                content=PDF,
                original_name="a.pdf",
                actor=staff().caseworker,
            )
        assert refusal.value.code == "wrong_state"
        assert CaseDocument.objects.count() == before


class TestResetting:
    def test_keeps_the_old_outcome_with_person_time_and_reason(self) -> None:
        case = case_at(CaseState.POOLED)
        pass_check(case, CheckKind.TRAINING)
        closed = reset_check(case=case, kind=CheckKind.TRAINING, reason="签到表有误", actor=staff().reviewer)
        assert (closed.reset_by, closed.reset_reason) == (staff().reviewer, "签到表有误")
        assert closed.reset_at is not None
        again = _record(case, CheckKind.TRAINING)
        assert CaseCheck.objects.filter(case=case).count() == 2
        assert again.reset_at is None

    def test_moves_nothing_else(self) -> None:
        case = case_at(CaseState.READY)
        reset_check(case=case, kind=CheckKind.EXPENSES, reason="复核", actor=staff().reviewer)
        case.refresh_from_db(fields=["handler"])
        assert CaseEvent.objects.filter(case=case).order_by("number").last().to_state == CaseState.READY
        standing = CaseCheck.objects.filter(case=case, reset_at__isnull=True)
        assert {check.kind for check in standing} == {CheckKind.TRAINING, CheckKind.ATTACHMENTS}

    def test_needs_something_to_reset(self) -> None:
        with pytest.raises(Refused) as refusal:
            reset_check(
                case=case_at(CaseState.POOLED),
                kind=CheckKind.TRAINING,
                reason="复核",
                actor=staff().reviewer,
            )
        assert refusal.value.code == "check_missing"


def test_an_outcome_stands_until_it_is_reset() -> None:
    case = case_at(CaseState.POOLED)
    pass_check(case, CheckKind.TRAINING)
    with pytest.raises(Refused) as refusal:
        _record(case, CheckKind.TRAINING)
    assert refusal.value.code == "check_stands"


def test_the_database_holds_one_standing_outcome_a_kind() -> None:
    case = case_at(CaseState.POOLED)
    pass_check(case, CheckKind.TRAINING)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseCheck.objects.create(
            case=case, kind=CheckKind.TRAINING, passed=True, recorded_by=staff().caseworker
        )
