"""The checks of a case, side by side: the three that are recorded, and what the office looks at beside them."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cultivation.enums import CheckKind, Verdict
from cultivation.models import CultivationCase, SelfCheck
from cultivation.rules.findings import Code
from cultivation.selectors.cases import CaseDetail, CheckLine

from .finding_words import measured_text
from .presenting import FINDING_LABELS
from .self_check_showing import STATE_CLASSES, state_name


@dataclass(frozen=True, slots=True)
class CheckCard:
    """How one check stands, since when, what was found, and the page with the rest; ``css`` colours the state."""

    label: str
    state: str
    css: str
    day: dt.date | None
    note: str
    url: str


def recorded_checks(detail: CaseDetail, *, outsider: bool) -> list[CheckCard]:
    """The three checks that gate the filing; notes of the office stay with the office."""
    return [_recorded(line, detail, outsider) for line in detail.checks]


def case_checks(detail: CaseDetail, newest: SelfCheck | None) -> list[CheckCard]:
    """For the office: the recorded checks, then property, the nine conditions and the newest self-check."""
    firm_pk = detail.case.firm_id
    return [
        *recorded_checks(detail, outsider=False),
        _property(detail, reverse("cultivation:ip_uses", args=[firm_pk])),
        _conditions(detail),
        _self_check(newest, reverse("cultivation:self_check", args=[firm_pk])),
    ]


def _recorded(line: CheckLine, detail: CaseDetail, outsider: bool) -> CheckCard:
    check, note = line.check, ""
    if line.kind == CheckKind.TRAINING:
        note = _("%(minutes)s of %(required)s minutes") % {
            "minutes": detail.training_minutes,
            "required": detail.training_minutes_required,
        }
    if check is not None and not outsider:
        note = check.note or note
    return CheckCard(
        label=line.label,
        state=_("Not recorded") if check is None else _("Passed") if check.passed else _("Not passed"),
        css="state-quiet" if check is None else "state-good" if check.passed else "state-bad",
        day=localdate(check.recorded_at) if check else None,
        note=note,
        url=_page_of(line.kind, detail.case),
    )


def _page_of(kind: CheckKind, case: CultivationCase) -> str:
    match kind:
        case CheckKind.EXPENSES:
            return reverse("cultivation:ledger", args=[case.firm_id])
        case CheckKind.ATTACHMENTS:
            return reverse("cultivation:case_documents", args=[case.pk])
    return reverse("cultivation:training")


def _property(detail: CaseDetail, url: str) -> CheckCard:
    assessment, label = detail.assessment, FINDING_LABELS[Code.CORE_IP]
    if assessment is None:
        return _nothing_yet(label, url)
    row = next(row for row in assessment.result["findings"] if row["code"] == Code.CORE_IP)
    day = localdate(assessment.assessed_at)
    return _judged(label, Verdict(row["status"]), day, measured_text(row), url)


def _conditions(detail: CaseDetail) -> CheckCard:
    assessment, label = detail.assessment, _("Conditions of accreditation")
    if assessment is None:
        return _nothing_yet(label, "#next-steps")
    statuses = [row["status"] for row in assessment.result["findings"]]
    note = _("%(met)s of %(all)s met") % {"met": statuses.count(Verdict.PASS), "all": len(statuses)}
    return _judged(label, Verdict(assessment.verdict), localdate(assessment.assessed_at), note, "#assessment")


def _self_check(newest: SelfCheck | None, url: str) -> CheckCard:
    label = _("Self-check")
    if newest is None:
        return _nothing_yet(label, url)
    return _judged(label, Verdict(newest.verdict), localdate(newest.made_at), str(newest.made_by), url)


def _judged(label: str, verdict: Verdict, day: dt.date, note: str, url: str) -> CheckCard:
    return CheckCard(label, state_name(verdict), STATE_CLASSES[verdict], day, note, url)


def _nothing_yet(label: str, url: str) -> CheckCard:
    return CheckCard(label, _("None yet"), "state-quiet", None, "", url)
