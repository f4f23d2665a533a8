"""One door from the pages to the services: an act is done only on the case as the person saw it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import CaseAction
from cultivation.models import CaseEvent, CultivationCase, ExpenseYear, Firm, User

from . import assessments, case_flow, checks, corrections, expenses, filing
from .refusals import recorded


def _record_expenses(
    *, case: CultivationCase, year: int, figures: Mapping[str, Decimal], actor: User
) -> ExpenseYear:
    return expenses.record_expense_year(firm=case.firm, year=year, figures=figures, actor=actor)


# An accreditation comes only with the region's list, a case is opened for a firm, facts are declared as a whole;
# documents, the ledger and the experts' sheets have pages of their own.
SERVICES: Mapping[CaseAction, Callable[..., object]] = {
    CaseAction.SUBMIT: case_flow.submit_case,
    CaseAction.RECOMMEND: case_flow.recommend_case,
    CaseAction.ENROL: case_flow.enrol_case,
    CaseAction.START_TRAINING: case_flow.start_training,
    CaseAction.START_EXPENSE_REVIEW: case_flow.start_expense_review,
    CaseAction.CLEAR: case_flow.clear_case,
    CaseAction.WITHDRAW: case_flow.withdraw_case,
    CaseAction.REMOVE: case_flow.remove_case,
    CaseAction.ASSIGN: case_flow.assign_handler,
    CaseAction.RETURN: corrections.return_case,
    CaseAction.RESUBMIT: corrections.resubmit_case,
    CaseAction.FILE: filing.file_case,
    CaseAction.DISCLOSE: filing.disclose_case,
    CaseAction.DECLINE: filing.decline_case,
    CaseAction.RETURN_TO_POOL: filing.return_case_to_pool,
    CaseAction.RECORD_EXPENSES: _record_expenses,
    CaseAction.ASSESS: assessments.assess_case,
    CaseAction.RECORD_CHECK: checks.record_check,
    CaseAction.DECIDE_MANUAL: checks.decide_manual_check,
    CaseAction.RESET_CHECK: checks.reset_check,
}


def act_on_case(*, case: CultivationCase, action: CaseAction, actor: User, seen: int, **answers: Any) -> None:
    """Do ``action`` if the case's last event is still number ``seen``, the one the person's page showed.

    Refused: ``changed_meanwhile`` where somebody else was quicker, and whatever the act itself refuses.
    """

    @recorded(action)
    def act(*, case: CultivationCase, actor: User) -> None:
        # The firm before its case, as imports and figures of a year lock them: nobody waits for the other.
        Firm.objects.select_for_update().get(pk=case.firm_id)
        locked = (
            CultivationCase.objects.select_for_update(of=("self",)).select_related("firm").get(pk=case.pk)
        )
        last = CaseEvent.objects.filter(case=locked).order_by("-number").values_list("number", flat=True)
        if last.first() != seen:
            raise Refused(
                "changed_meanwhile",
                _("The case has changed since you opened this page; nothing was done. Look at what is new."),
            )
        SERVICES[action](case=locked, actor=actor, **answers)

    act(case=case, actor=actor)
