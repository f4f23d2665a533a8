"""A firm's home and its view of a case: plain words, nothing of the office's workings, nobody's name but its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from config.common.clock import today
from config.common.downloads import download
from cultivation.enums import CaseAction, CaseState, Role
from cultivation.models import CaseDocument, CaseEvent, CultivationCase, Firm, User
from cultivation.permissions import visible_cases
from cultivation.rules.after_accreditation import IN_FORCE
from cultivation.selectors.acceptances import acceptances_of
from cultivation.selectors.case_notices import notices_on
from cultivation.selectors.cases import CaseDetail, case_detail
from cultivation.selectors.certificates import certificate_lines, visible_certificates, with_standing
from cultivation.selectors.clocks import correction_deadline
from cultivation.selectors.firms import confirmed_account
from cultivation.selectors.messages import Thread, unread_in
from cultivation.selectors.training import sessions_ahead
from documents.api import AttachmentState, note_download, read_notice

from .act_forms import BoundAct, acts_with_forms
from .case_checks import recorded_checks
from .portal_tasks import tasks_of
from .portal_words import STATE_WORDS, firm_timeline, ladder
from .presenting import EventLine, division_name, finding_lines, private_figures
from .readers import reader

_FILE_WORDS: dict[str, str | Promise] = {
    AttachmentState.QUARANTINED: _("being looked at"),
    AttachmentState.CLEAN: _("accepted"),
    AttachmentState.REJECTED: _("not accepted, please hand in another"),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as its firm sees it: what became of it in plain words, and why it was not accepted."""

    document: CaseDocument
    may_read: bool
    words: str
    reason: str


@require_GET
def portal(request: HttpRequest) -> HttpResponse:
    """Where a firm comes in: its open case, else the last one there was, else the way to open one."""
    user = cast(User, request.user)
    if not user.has_role(Role.FIRM) or user.firm_id is None:
        raise PermissionDenied
    cases = list(visible_cases(user).filter(firm_id=user.firm_id).order_by("-pk"))
    case = next((case for case in cases if case.is_open), cases[0] if cases else None)
    return render_portal(request, user, case.pk if case else None)


@require_GET
def case_notice(request: HttpRequest, pk: int, notice: int) -> HttpResponse:
    """The stored PDF of a letter about a case; that a firm took it is recorded."""
    user = reader(request)
    case = visible_cases(user).filter(pk=pk).first()
    found = notices_on(case).filter(pk=notice).first() if case else None
    if case is None or found is None:
        raise Http404
    if user.firm_id == case.firm_id and user.has_role(Role.FIRM):
        note_download(notice=found, actor=user)
    return download(read_notice(found), name=f"{found.number}.pdf", content_type="application/pdf")


def render_portal(
    request: HttpRequest,
    user: User,
    case_pk: int | None,
    *,
    bound: BoundAct | None = None,
    seen: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The firm's page about a case, or without one; ``bound`` is a form that was sent and has to be shown again."""
    firm = cast(Firm, user.firm)
    on = today()
    try:
        detail = case_detail(case_pk, user) if case_pk is not None else None
    except CultivationCase.DoesNotExist as error:
        raise Http404 from error
    returned = detail is not None and detail.case.state == CaseState.RETURNED
    deadline = correction_deadline(detail.case, on) if detail and returned else None
    threads: list[Thread] = [detail.case, firm] if detail else [firm]
    certificates = certificate_lines(
        list(with_standing(visible_certificates(user).filter(firm=firm), on)), on
    )
    current = [line for line in certificates if line.standing in IN_FORCE]
    account = confirmed_account(firm)
    context = {
        "firm": firm,
        "detail": detail,
        "certificates": certificates,
        "tasks": tasks_of(
            firm,
            detail=detail,
            deadline=deadline,
            certificates=current,
            unread=[(thread, unread_in(thread, user)) for thread in threads],
            has_account=account is not None,
            on=on,
        ),
        "sessions": sessions_ahead(on),
        "deadline": deadline,
        **(_case_context(detail, user, bound, seen) if detail else {"case": None}),
    }
    return render(request, "cultivation/portal.html", context, status=status)


def _case_context(detail: CaseDetail, user: User, bound: BoundAct | None, seen: int) -> dict[str, Any]:
    case = detail.case
    actions = acts_with_forms(detail.actions, bound)
    shown = {action.name for action, _form in actions}
    events = firm_timeline(detail.events, case)
    return {
        "case": case,
        "words": STATE_WORDS[CaseState(case.state)],
        "ladder": ladder(case),
        "correction": _correction(detail.events, case) if case.state == CaseState.RETURNED else None,
        "resubmit": next((pair for pair in actions if pair[0].name == CaseAction.RESUBMIT), None),
        "actions": [pair for pair in actions if pair[0].name != CaseAction.RESUBMIT],
        "stray": bound if bound and bound[0] not in shown else None,
        "events": events,
        "last_event": detail.events[-1].number,
        "meanwhile": [event for event in events if seen and event.number > seen],
        "checks": recorded_checks(detail, outsider=True),
        "findings": finding_lines(detail.assessment, user),
        "files": [
            FileLine(
                line.document,
                line.may_read,
                str(_FILE_WORDS[line.document.attachment.state]),
                line.document.attachment.reject_reason,
            )
            for line in detail.documents
        ],
        "adds_documents": any(action.name is CaseAction.ADD_DOCUMENT for action in detail.actions),
        "acceptances": acceptances_of(case),
        "notices": notices_on(case),
        "division_name": division_name(case.firm),
        **private_figures(detail, user),
    }


def _correction(events: Sequence[CaseEvent], case: CultivationCase) -> EventLine:
    """What was asked back: the last return, which a returned case always has."""
    returned = [event for event in events if event.action == CaseAction.RETURN]
    return firm_timeline(returned, case)[0]
