"""Official letters about a case: enrolment in the pool, return for correction, and where the case stands."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import POOL_CASE_STATES, CaseAction, CaseKind, CaseState, Role
from cultivation.models import CaseEvent, CultivationCase, User
from cultivation.permissions import require_role
from cultivation.selectors.acceptances import acceptance_number
from documents.api import Notice, NoticeFacts, NoticeKind, Organ, PolicyDocument, issue_notice

from .refusals import recorded

# The words of official documents; Chinese in place, and nothing of the office's inner workings.
_KINDS: Mapping[str, str] = {CaseKind.FIRST: "首次认定", CaseKind.RENEWAL: "重新认定"}
_STAGES: Mapping[str, tuple[str, str]] = {
    CaseState.SUBMITTED: ("材料已提交，正在审核", "审核结果将通过系统告知，请留意。"),
    CaseState.RETURNED: ("材料已退回，待你公司补正", "请按退回时列明的内容补正后重新提交。"),
    CaseState.RECOMMENDED: ("已由县（市、区）推荐，待入库审核", "审核通过后纳入培育后备库。"),
    CaseState.POOLED: ("已纳入培育后备库", "请按通知参加培训，并规范归集研发费用。"),
    CaseState.TRAINING: ("正在参加培训", "培训学时达到要求后进入研发费用核查。"),
    CaseState.EXPENSE_REVIEW: ("正在核查研发费用", "核查中如需补充材料，将另行告知。"),
    CaseState.READY: ("各项核查已完成，待申报", "请按自治区当年申报通知的时间准备申报材料。"),
    CaseState.FILED: ("已向自治区申报认定", "认定结果以认定机构公布的为准。"),
    CaseState.DISCLOSED: ("认定结果公示中", "公示结束后以认定机构的公告为准。"),
    CaseState.ACCREDITED: ("已认定为高新技术企业", "请按规定按时填报年度发展情况报表。"),
    CaseState.DECLINED: ("本次未通过认定", "可继续留在培育后备库，完善条件后再次申报。"),
    CaseState.WITHDRAWN: ("申请已由你公司撤回", "如需再次申请，请重新提交。"),
    CaseState.REMOVED: ("已移出培育后备库", "符合条件后可以重新申请。"),
}
_LETTER_ROLES = (Role.CASEWORKER, Role.REVIEWER)


def _firm_facts(case: CultivationCase, on: dt.date) -> dict[str, object]:
    return {
        "firm_name": case.firm.name_on(on),
        "credit_code": case.firm.credit_code,
        "case_number": acceptance_number(case),
    }


def enrolment_facts(case: CultivationCase, *, bases: Sequence[PolicyDocument], on: dt.date) -> NoticeFacts:
    """That the firm is in the reserve pool since a day. ``Refused``: not_enrolled."""
    if case.pooled_on is None or case.state not in POOL_CASE_STATES:
        raise Refused(
            "not_enrolled",
            _("The case is not in the reserve pool; it is “%(state)s”.")
            % {"state": case.get_state_display()},
            state=case.state,
        )
    facts = _firm_facts(case, on) | {"pooled_on": case.pooled_on, "case_kind": _KINDS[case.kind]}
    return NoticeFacts(recipient=str(facts["firm_name"]), context=facts, bases=bases)


def last_return(case: CultivationCase) -> CaseEvent:
    """The event by which the case was returned to the firm. ``Refused``: not_returned where it is not with the firm."""
    event = None
    if case.state == CaseState.RETURNED:
        event = case.events.filter(action=CaseAction.RETURN).order_by("-number").first()
    if event is None:
        raise Refused("not_returned", _("The case has not been returned to the firm."))
    return event


def return_facts(case: CultivationCase, *, bases: Sequence[PolicyDocument], on: dt.date) -> NoticeFacts:
    """What the firm has to correct, as it was said when the case was returned. ``Refused``: not_returned."""
    event = last_return(case)
    facts = _firm_facts(case, on) | {
        "returned_on": localdate(event.at),
        "reasons": _as_sentence(event.reason),
    }
    return NoticeFacts(recipient=str(facts["firm_name"]), context=facts, bases=bases)


def _as_sentence(text: str) -> str:
    """Lines as one sentence of an official document, closed by a full stop."""
    lines = (line.strip().rstrip("。；;") for line in text.splitlines())
    return "；".join(line for line in lines if line) + "。"


def status_facts(case: CultivationCase, *, bases: Sequence[PolicyDocument], on: dt.date) -> NoticeFacts:
    """Where the firm's case stands, in plain words. ``Refused``: not_submitted for a draft."""
    if case.state not in _STAGES:
        raise Refused("not_submitted", _("The case has not been submitted yet."))
    stage, next_step = _STAGES[case.state]
    facts = _firm_facts(case, on) | {
        "case_kind": _KINDS[case.kind],
        "stage": stage,
        "since": localdate(case.state_since),
        "next_step": next_step,
    }
    return NoticeFacts(recipient=str(facts["firm_name"]), context=facts, bases=bases)


_FACTS = {
    NoticeKind.ENROLMENT: enrolment_facts,
    NoticeKind.RETURN: return_facts,
    NoticeKind.STATUS: status_facts,
}


def letter_facts(
    case: CultivationCase, *, kind: NoticeKind, bases: Sequence[PolicyDocument], on: dt.date
) -> NoticeFacts:
    """What a letter of this kind says about the case on a day; see the function of each kind."""
    return _FACTS[kind](case, bases=bases, on=on)


def letter_subject(case: CultivationCase, kind: NoticeKind, on: dt.date) -> str:
    """What a letter is about: one enrolment a case, one letter a return, one status letter a day."""
    if kind == NoticeKind.RETURN:
        return f"return:{last_return(case).pk}"
    return f"case:{case.pk}" if kind == NoticeKind.ENROLMENT else f"status:{case.pk}:{on.isoformat()}"


@recorded("issue letter")
def issue_letter(
    *,
    case: CultivationCase,
    kind: NoticeKind,
    bases: Sequence[PolicyDocument],
    organ: Organ,
    actor: User,
    issued_on: dt.date | None = None,
    replace_reason: str = "",
) -> Notice:
    """Issue an enrolment notice, a return notice or a status letter (``kind``); with a reason in place of the standing one.

    ``Refused``: not_enrolled, not_returned, not_submitted and those of ``documents.api.issue_notice``.
    """
    require_role(actor, *_LETTER_ROLES)
    case = CultivationCase.objects.select_for_update(of=("self",)).select_related("firm").get(pk=case.pk)
    day = issued_on or today()
    facts = letter_facts(case, kind=kind, bases=bases, on=day)
    return issue_notice(
        kind=kind,
        organ=organ,
        subject=letter_subject(case, kind, day),
        recipient=facts.recipient,
        context=facts.context,
        bases=facts.bases,
        issued_by=actor,
        issued_on=day,
        replace_reason=replace_reason,
    )
