"""What is asked of a firm, and by when: gathered from its case, its certificates and its messages."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cultivation.enums import CaseAction, CaseState
from cultivation.models import Firm
from cultivation.rules.after_accreditation import Duty
from cultivation.selectors.case_documents import required_kinds
from cultivation.selectors.cases import CaseDetail
from cultivation.selectors.certificates import CertificateLine
from cultivation.selectors.clocks import Deadline
from cultivation.selectors.messages import Thread

from .messages import address_of


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, where it is done, and its last day where there is one."""

    text: str
    url: str
    due: dt.date | None = None
    overdue: bool = False


def tasks_of(
    firm: Firm,
    *,
    detail: CaseDetail | None,
    deadline: Deadline | None,
    certificates: Sequence[CertificateLine],
    unread: Sequence[tuple[Thread, int]],
    has_account: bool,
    on: dt.date,
) -> list[Task]:
    """What has a last day comes first, the nearest first; then the case; then the rest.

    ``deadline`` is that of the correction the case was returned for; ``unread`` the firm's threads, each with
    the number of its new messages.
    """
    found = [
        *_for_certificates(certificates, on),
        *(_for_case(detail, deadline, on) if detail else ()),
        *_for_messages(unread),
    ]
    if certificates and not has_account:
        found.append(
            Task(
                _("Tell the bureau the account for awards."),
                reverse("cultivation:firm_accounts", args=[firm.pk]),
            )
        )
    return sorted(found, key=lambda task: (task.due is None, task.due or on))


def _for_certificates(lines: Sequence[CertificateLine], on: dt.date) -> Iterator[Task]:
    for line in lines:
        page = reverse("cultivation:certificate", args=[line.certificate.pk])
        if line.unprepared:
            yield Task(
                _("Certificate %(number)s ends: open a case for its renewal.")
                % {"number": line.certificate.certificate_number},
                reverse("cultivation:case_new"),
                line.certificate.last_day,
            )
        for report in line.reports:
            # A year is reported on once it is over.
            if report.duty in (Duty.PENDING, Duty.MISSING) and report.year < on.year:
                yield Task(
                    _("File the annual report for %(year)s on the national platform.")
                    % {"year": report.year},
                    page,
                    report.due_on,
                    overdue=report.due_on < on,
                )


def _for_case(detail: CaseDetail, deadline: Deadline | None, on: dt.date) -> Iterator[Task]:
    case = detail.case
    offered = {action.name: action for action in detail.actions}
    if CaseAction.RESUBMIT in offered:
        due = deadline.last_day if deadline else None
        yield Task(
            _("Correct what is named below and submit again."),
            "#correction",
            due,
            overdue=due is not None and due < on,
        )
    if CaseAction.ADD_DOCUMENT in offered:
        files = reverse("cultivation:case_documents", args=[case.pk])
        for wanted in required_kinds(detail.documents):
            if wanted.state == "missing":
                yield Task(_("Hand in: %(kind)s.") % {"kind": wanted.kind.label}, files)
    if CaseAction.SUBMIT in offered:
        blocked = offered[CaseAction.SUBMIT].blocked_by
        yield Task(" ".join(blocked) or _("Hand in the application."), "#act-submit")
    missing = detail.training_minutes_required - detail.training_minutes
    if case.state in (CaseState.POOLED, CaseState.TRAINING) and missing > 0:
        yield Task(_("Training: %(minutes)s minutes are still missing.") % {"minutes": missing}, "#training")


def _for_messages(unread: Sequence[tuple[Thread, int]]) -> Iterator[Task]:
    for thread, number in unread:
        if not number:
            continue
        if isinstance(thread, Firm):
            words = ngettext(
                "Read %(number)s new message apart from cases.",
                "Read %(number)s new messages apart from cases.",
                number,
            )
            yield Task(words % {"number": number}, address_of(thread))
        else:
            words = ngettext(
                "Read %(number)s new message on case %(case)s.",
                "Read %(number)s new messages on case %(case)s.",
                number,
            )
            yield Task(words % {"number": number, "case": thread.number}, address_of(thread))
