"""What a caseworker decides about the lines of a ledger, and the ledger's totals taken over as the firm's figures."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from cultivation.enums import OPEN_CASE_STATES, CaseAction, LedgerDecision, LedgerFindingCode
from cultivation.models import (
    RD_CATEGORIES,
    CultivationCase,
    ExpenseYear,
    Firm,
    RdLedger,
    RdLedgerFinding,
    User,
)
from cultivation.permissions import require_for_firm
from cultivation.selectors.rd_ledger import is_adopted, ledger_tables, open_findings

from .expenses import STATED, record_expense_year
from .refusals import recorded
from .steps import note_on_case, require_before_filing

_LONGEST_REASON = 300


@recorded(CaseAction.DECIDE_LEDGER)
def decide_findings(
    *, firm: Firm, findings: Collection[int], decision: LedgerDecision, reason: str, actor: User
) -> int:
    """Count or strike the lines of these findings, by primary key; one that was decided may be decided anew.

    Refused: ``reason_missing``, ``reason_too_long``, ``wrong_state``, ``ledger_missing``, ``finding_gone`` where one is
    not of the standing ledger, ``finding_excluded`` where a rule leaves nothing to decide.
    """
    ledger, case = _begin(firm, actor, reason)
    wanted = set(findings)
    found = RdLedgerFinding.objects.select_for_update().filter(ledger=ledger, pk__in=wanted).order_by("pk")
    rows = list(found)
    if not wanted or len(rows) != len(wanted):
        raise Refused(
            "finding_gone",
            _("Some of these findings are not of the ledger that stands now; nothing was decided."),
        )
    if any(row.excludes for row in rows):
        raise Refused(
            "finding_excluded",
            _("A line that a rule excludes is cured by a corrected ledger, not by a decision."),
        )
    return _decide(found, {row.code for row in rows}, decision, reason, actor, case)


@recorded(CaseAction.DECIDE_LEDGER)
def decide_all_findings(
    *, firm: Firm, code: LedgerFindingCode, decision: LedgerDecision, reason: str, actor: User
) -> int:
    """Decide every finding of one kind that still waits. Refused as :func:`decide_findings`, and ``nothing_waits``."""
    ledger, case = _begin(firm, actor, reason)
    waiting = open_findings(ledger).filter(code=code)
    if not waiting.exists():
        raise Refused("nothing_waits", _("No finding of this kind waits any more."))
    return _decide(waiting, {code.value}, decision, reason, actor, case)


def _begin(firm: Firm, actor: User, reason: str) -> tuple[RdLedger, CultivationCase | None]:
    """The locked standing ledger and open case of the firm, once the actor may decide and has given a reason."""
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    require_for_firm(actor, CaseAction.DECIDE_LEDGER, firm)
    if not reason.strip():
        message = _("A reason is needed: “%(action)s”.") % {"action": CaseAction.DECIDE_LEDGER.label}
        raise Refused("reason_missing", message)
    if len(reason.strip()) > _LONGEST_REASON:
        raise Refused(
            "reason_too_long", _("The reason is longer than %(most)s characters.") % {"most": _LONGEST_REASON}
        )
    cases = CultivationCase.objects.select_for_update(of=("self",))
    case = cases.filter(firm=firm, state__in=OPEN_CASE_STATES).first()
    if case is not None:
        require_before_filing(case)
    return _standing(firm), case


def _standing(firm: Firm) -> RdLedger:
    ledger = RdLedger.objects.select_for_update().filter(firm=firm, replaced_at__isnull=True).first()
    if ledger is None:
        raise Refused("ledger_missing", _("The firm has handed in no R&D ledger."))
    return ledger


def _decide(
    findings: QuerySet[RdLedgerFinding],
    codes: Collection[str],
    decision: LedgerDecision,
    reason: str,
    actor: User,
    case: CultivationCase | None,
) -> int:
    count = findings.order_by().update(
        decision=decision, reason=reason.strip(), decided_by=actor, decided_at=now()
    )
    if case is not None:
        told = f"{', '.join(sorted(codes))}: {decision.value} {count} {reason.strip()}"
        note_on_case(case=case, action=CaseAction.DECIDE_LEDGER, actor=actor, reason=told[:500])
    return count


@recorded("adopt_ledger")
def adopt_ledger(*, firm: Firm, actor: User) -> list[int]:
    """Write the ledger's counted totals into the R&D categories of its years; answers the years that changed.

    What the firm states beside them (sales, income, net assets) stays. Refused: ``ledger_missing``,
    ``ledger_without_lines``, ``year_missing`` (``details["year"]``) where a year has not been recorded, and what
    the record of a year refuses.
    """
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    require_for_firm(actor, CaseAction.RECORD_EXPENSES, firm)
    tables = ledger_tables(_standing(firm)).counted
    if not tables:
        raise Refused(
            "ledger_without_lines",
            _("The ledger states totals without lines behind them; there is nothing to adopt."),
        )
    rows = {row.year: row for row in ExpenseYear.objects.filter(firm=firm, year__in=tables)}
    for year in tables:
        if year not in rows:
            raise Refused(
                "year_missing",
                _(
                    "The figures of %(year)s have not been recorded; record sales, income and net assets first."
                )
                % {"year": year},
                year=year,
            )
    changed = [year for year, table in tables.items() if not is_adopted(rows[year], table)]
    for year in changed:
        figures = {name: getattr(rows[year], name) for name in STATED}
        figures |= {category: tables[year].of_category(category) for category in RD_CATEGORIES}
        record_expense_year(firm=firm, year=year, figures=figures, actor=actor)
    return changed
