"""The sections of a dossier about one case: steps, submissions, checks, assessments, experts' scores, messages."""

from collections.abc import Iterator

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cultivation.enums import CaseAction
from cultivation.models import Assessment, CultivationCase, ExpertSheet, User
from cultivation.rules.innovation import NAMES
from cultivation.rules.rulesets import rules_in_force
from cultivation.rules.score_sheets import indicator_points, items_for
from cultivation.selectors.acceptances import acceptances_of, documents_until
from cultivation.selectors.expert_sheets import as_rules_see
from documents.api import Section

from .dossier_firm import messages_section, moment, text
from .presenting import event_reason, finding_lines


def case_sections(case: CultivationCase, reader: User) -> Iterator[Section]:
    yield _about(case)
    yield _steps(case)
    yield _acceptances(case)
    yield _checks(case)
    for assessment in case.assessments.select_related("assessed_by").order_by("assessed_at", "pk"):
        yield _assessment(case, assessment, reader)
    yield _sheets(case)
    yield messages_section(_("%(number)s, messages") % {"number": case.number}, case, reader)


def _about(case: CultivationCase) -> Section:
    return Section(
        _("Case %(number)s") % {"number": case.number},
        [
            (_("Kind"), str(case.get_kind_display())),
            (_("State"), str(case.get_state_display())),
            (_("Opened on"), text(case.opened_on)),
            (_("Enrolled on"), text(case.pooled_on)),
            (_("Filed on"), text(case.filed_on)),
            (_("Handler"), text(case.handler)),
            (_("Certificate"), text(case.accreditation)),
        ],
    )


def _steps(case: CultivationCase) -> Section:
    rows = [
        (
            str(event.number),
            moment(event.at),
            str(event.actor),
            str(CaseAction(event.action).label),
            str(event.get_to_state_display()),
            event_reason(event),
        )
        for event in case.events.select_related("actor").order_by("number")
    ]
    headers = (_("No."), _("At"), _("Who"), _("Act"), _("State"), _("Reason"))
    return Section(_("%(number)s, steps") % {"number": case.number}, rows, headers)


def _acceptances(case: CultivationCase) -> Section:
    rows = [
        (
            acceptance.number,
            moment(acceptance.event.at),
            str(CaseAction(acceptance.event.action).label),
            str(acceptance.event.actor),
            _("; ").join(
                f"{document.get_kind_display()} {document.attachment.original_name}"
                for document in documents_until(acceptance)
            ),
        )
        for acceptance in acceptances_of(case).order_by("pk")
    ]
    headers = (_("Acceptance number"), _("At"), _("Act"), _("Who"), _("Documents with it"))
    return Section(_("%(number)s, submissions") % {"number": case.number}, rows, headers)


def _checks(case: CultivationCase) -> Section:
    rows = [
        (
            str(check.get_kind_display()),
            _("Passed") if check.passed else _("Not passed"),
            moment(check.recorded_at),
            str(check.recorded_by),
            _("Reset: %(reason)s") % {"reason": check.reset_reason} if check.reset_at else check.note,
        )
        for check in case.checks.select_related("recorded_by").order_by("recorded_at", "pk")
    ]
    headers = (_("Check"), _("Outcome"), _("Recorded on"), _("Recorded by"), _("Note"))
    return Section(_("%(number)s, checks") % {"number": case.number}, rows, headers)


def _assessment(case: CultivationCase, assessment: Assessment, reader: User) -> Section:
    title = _("%(number)s, assessment of %(day)s: %(verdict)s") % {
        "number": case.number,
        "day": localdate(assessment.assessed_at).isoformat(),
        "verdict": assessment.get_verdict_display(),
    }
    rows = [
        (line.label, line.status, text(line.measured), text(line.limit), text(line.source))
        for line in finding_lines(assessment, reader)
    ]
    return Section(title, rows, (_("Condition"), _("Status"), _("Measured"), _("Limit"), _("Source")))


def _sheets(case: CultivationCase) -> Section:
    """Every expert's sheet, the withdrawn ones with the reason. Whoever may have a dossier sees who judged."""
    rows = [
        _sheet(sheet)
        for sheet in case.expert_sheets.select_related("recorded_by", "withdrawn_by").order_by("pk")
    ]
    headers = (_("Expert"), _("Points by item"), _("Points by indicator"), _("Recorded"), _("Remark"))
    return Section(_("%(number)s, experts' score sheets") % {"number": case.number}, rows, headers)


def _sheet(sheet: ExpertSheet) -> list[str]:
    rules = rules_in_force(localdate(sheet.recorded_at)).innovation
    items = items_for(sheet.kind, rules.items)
    points = indicator_points(as_rules_see(sheet), rules.items, rules.ip_most)
    withdrawn = {"who": sheet.withdrawn_by, "reason": sheet.withdrawn_reason}
    return [
        f"{sheet.expert} {sheet.get_kind_display()}" + (f" {_('Leader')}" if sheet.is_leader else ""),
        _("; ").join(f"{item.name} {sheet.scores.get(item.key, '—')}" for item in items),
        _("; ").join(f"{NAMES[key]} {value}" for key, value in points.items()),
        f"{sheet.recorded_by} {moment(sheet.recorded_at)}",
        _("Withdrawn by %(who)s: %(reason)s") % withdrawn if sheet.withdrawn_at else sheet.remark,
    ]
