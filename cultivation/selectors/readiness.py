"""What still stands between a case and its next step; services refuse by it, pages show it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from cultivation.enums import (
    CLOSED_CASE_STATES,
    POOL_CASE_STATES,
    REQUIRED_ATTACHMENT_KINDS,
    AttachmentKind,
    CaseAction,
    CaseState,
    CheckKind,
)
from cultivation.models import Accreditation, Assessment, CaseCheck, CaseDocument, Contact, CultivationCase
from documents.api import AttachmentState

from .facts import gather_facts, is_current, planned_filing, years_before
from .ip_uses import class_used, counted_items, taken_meanwhile
from .rd_ledger import ledger_objections


@dataclass(frozen=True, slots=True)
class Blocker:
    code: str
    message: str


def blockers(case: CultivationCase, action: CaseAction, on: dt.date) -> list[Blocker]:
    """Why ``action`` is not possible on ``on`` although the state would allow it; empty where it is."""
    find = _FINDERS.get(action)
    return find(case, on) if find else []


def standing_checks(case: CultivationCase) -> dict[str, CaseCheck]:
    """The outcome that counts for each kind of check (one query)."""
    checks = CaseCheck.objects.filter(case_id=case.pk, reset_at__isnull=True)
    return {check.kind: check for check in checks.select_related("assessment", "recorded_by")}


def missing_attachments(case: CultivationCase) -> list[AttachmentKind]:
    """Required kinds of which no confirmed file is there."""
    present = set(
        CaseDocument.objects.filter(case_id=case.pk, attachment__state=AttachmentState.CLEAN).values_list(
            "kind", flat=True
        )
    )
    return [kind for kind in REQUIRED_ATTACHMENT_KINDS if kind not in present]


def revoked_in(firm_id: int, year: int) -> Accreditation | None:
    """A certificate of the firm whose revocation was decided in that calendar year (edge case 23)."""
    return Accreditation.objects.rightly_recorded().filter(firm_id=firm_id, revoked_on__year=year).first()


def _for_submission(case: CultivationCase, on: dt.date) -> list[Blocker]:
    reachable = Contact.objects.filter(~Q(phone="") | ~Q(email=""), firm_id=case.firm_id)
    if reachable.exists():
        return []
    return [
        Blocker("contact_missing", _("The firm has no contact with a phone number or an e-mail address."))
    ]


def _check_missing(kind: CheckKind, check: CaseCheck | None) -> Blocker | None:
    if check is None:
        return Blocker(
            "check_missing", _("The check “%(kind)s” has not been recorded.") % {"kind": kind.label}
        )
    if not check.passed:
        return Blocker("check_missing", _("The check “%(kind)s” was not passed.") % {"kind": kind.label})
    return None


def _for_expense_review(case: CultivationCase, on: dt.date) -> list[Blocker]:
    blocker = _check_missing(CheckKind.TRAINING, standing_checks(case).get(CheckKind.TRAINING))
    return [blocker] if blocker else []


def _for_clearance(case: CultivationCase, on: dt.date) -> list[Blocker]:
    """All three checks passed, the expenses one on the facts as they still are, for a filing this year."""
    checks = standing_checks(case)
    found = [blocker for kind in CheckKind if (blocker := _check_missing(kind, checks.get(kind)))]
    expenses = checks.get(CheckKind.EXPENSES)
    if expenses is not None and expenses.passed and expenses.assessment is not None:
        found += _taken_property(case, expenses.assessment, on)
        years = years_before(planned_filing(expenses.assessment))
        found += [Blocker(*objection) for objection in ledger_objections(case.firm_id, years)]
        if not is_current(expenses.assessment, case):
            found.append(
                Blocker(
                    "facts_changed",
                    _("The figures have changed since the assessment; it has to be made again."),
                )
            )
        elif (planned := planned_filing(expenses.assessment).year) != on.year:
            found.append(
                Blocker(
                    "assessment_outdated",
                    _("The assessment was made for a filing in %(planned)s; in %(year)s other years count.")
                    % {"planned": planned, "year": on.year},
                )
            )
    return found


def _taken_property(case: CultivationCase, assessment: Assessment, on: dt.date) -> list[Blocker]:
    """Property that the assessment counted and another firm has used since (国科发火〔2016〕195号 三（二）4 and 5).

    For the bureau's eyes: it names the firm.
    """
    return [
        Blocker(
            "property_taken",
            _("%(number)s is taken: %(firm)s used it in its filing of %(date)s.")
            % {
                "number": found.number,
                "firm": found.against.row.firm.name,
                "date": found.against.row.filed_on.isoformat(),
            },
        )
        for found in taken_meanwhile(case, assessment.facts.get("ip") or [], on)
        if found.against is not None
    ]


def _property_without_class(case: CultivationCase, on: dt.date) -> list[Blocker]:
    """What the ledger of uses cannot take up (195号 附件2 二 asks for the class of every item)."""
    return [
        Blocker("property_without_class", _("The class of %(number)s is not declared.") % {"number": number})
        for number, item in counted_items(gather_facts(case, on).get("ip") or [])
        if class_used(item) is None
    ]


def _for_filing(case: CultivationCase, on: dt.date) -> list[Blocker]:
    found = [*_for_clearance(case, on), *_property_without_class(case, on)]
    if revoked := revoked_in(case.firm_id, on.year):
        found.append(
            Blocker(
                "revoked_this_year",
                _("Certificate %(number)s was revoked on %(date)s; the firm cannot file again in %(year)s.")
                % {
                    "number": revoked.certificate_number,
                    "date": revoked.revoked_on.isoformat() if revoked.revoked_on else "",
                    "year": on.year,
                },
            )
        )
    return found


_FINDERS: Mapping[CaseAction, Callable[[CultivationCase, dt.date], list[Blocker]]] = {
    CaseAction.SUBMIT: _for_submission,
    CaseAction.START_EXPENSE_REVIEW: _for_expense_review,
    CaseAction.CLEAR: _for_clearance,
    CaseAction.FILE: _for_filing,
}


def is_in_pool(case: CultivationCase) -> bool:
    """Whether checks may be recorded and reset: from enrolment until filing, not while returned."""
    return case.state in POOL_CASE_STATES


# Once it has gone to the region or is closed, nobody works on the file of a case.
FILE_AT_REST_STATES = (CaseState.FILED, CaseState.DISCLOSED, CaseState.DECLINED, *CLOSED_CASE_STATES)


def is_before_filing(case: CultivationCase) -> bool:
    """Whether the file may still be worked on: not once it has gone to the region or the case is closed."""
    return case.state not in FILE_AT_REST_STATES
