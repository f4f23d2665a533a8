"""A firm's R&D ledger taken over from its workbook: all of it or nothing, and one standing ledger a firm."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from config.common.clock import now, today
from config.common.overtaking import version_of
from config.common.workbooks import TableReport
from cultivation.enums import OPEN_CASE_STATES, CaseAction
from cultivation.models import (
    CultivationCase,
    Firm,
    RdLedger,
    RdLedgerFinding,
    RdLedgerLine,
    RdProject,
    RdStatedAmount,
    User,
)
from cultivation.permissions import require_for_firm
from cultivation.rules.rd_ledger import Line, LineFinding, excluded_lines, identity
from cultivation.rules.rd_ledger_findings import duplicate_at_another_firm, judge_ledger
from cultivation.selectors.rd_ledger import standing_ledger
from cultivation.selectors.strands import ledger_strands
from cultivation.workbooks import LedgerBook, read_ledger_workbook
from documents.api import store_attachment

from .refusals import recorded
from .steps import note_on_case, require_before_filing

# Lines made into rows together; the database takes them in smaller portions.
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class JudgedLedger:
    """A workbook as it was read, and what was found in it. ``seen``: how far ``ledger_strands`` had gone by then."""

    content: bytes
    book: LedgerBook
    findings: list[LineFinding]
    seen: str


@dataclass(kw_only=True)
class LedgerReport(TableReport):
    """Rows are ledger lines and stated amounts; they are ``unchanged`` where the standing ledger is of the very same file.

    Findings against the ledgers of other firms are made when it is taken over; only then is there a ``ledger``.
    """

    judged: JudgedLedger
    findings: int
    excluded: int
    ledger: RdLedger | None = None

    def as_json(self) -> dict[str, Any]:
        found = {"findings": self.findings, "excluded": self.excluded, "seen": self.judged.seen}
        return {**super().as_json(), **found}


@recorded(CaseAction.IMPORT_LEDGER, atomic=False)
def judge_ledger_file(*, firm: Firm, content: bytes, actor: User) -> LedgerReport:
    """What taking over the firm's ledger workbook would do; nothing is locked or written.

    Refused: ``RowsRefused`` with every fault, ``ledger_empty``, ``wrong_state`` while a file lies with the region,
    and what no safe workbook is.
    """
    require_for_firm(actor, CaseAction.IMPORT_LEDGER, firm)
    seen = version_of(ledger_strands(firm))
    _open_case(firm)
    book = read_ledger_workbook(content, first_year=firm.registered_on.year, last_year=today().year - 1)
    findings = judge_ledger(book.lines, book.projects.values(), book.stays, firm.credit_code)
    return _report(JudgedLedger(content, book, findings, seen), _same_file(firm, content))


@recorded(CaseAction.IMPORT_LEDGER)
def take_over_ledger(*, firm: Firm, judged: JudgedLedger, original_name: str, actor: User) -> LedgerReport:
    """Take over what was judged in place of the ledger that stands; decisions begin anew with it.

    Refused: ``wrong_state``, and what the attachment check refuses. The same bytes again change nothing.
    """
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    require_for_firm(actor, CaseAction.IMPORT_LEDGER, firm)
    case = _open_case(firm, lock=True)
    if (standing := _same_file(firm, judged.content)) is not None:
        return _report(judged, standing)
    book, findings = judged.book, judged.findings
    RdLedger.objects.filter(firm=firm, replaced_at__isnull=True).update(replaced_at=now())
    attachment = store_attachment(content=judged.content, original_name=original_name, uploaded_by=actor)
    ledger = RdLedger.objects.create(firm=firm, attachment=attachment, imported_by=actor)
    projects = _store_projects(ledger, book)
    _create(
        RdStatedAmount,
        (
            RdStatedAmount(ledger=ledger, year=year, project=projects[code], category=category, amount=amount)
            for year, code, category, amount in book.stated
        ),
    )
    _store_lines(ledger, book.lines, projects, findings, firm.credit_code)
    elsewhere = _store_duplicates_elsewhere(ledger, book.lines, excluded_lines(findings))
    if case is not None:
        reason = f"{attachment.original_name} {attachment.sha256[:12]}"
        note_on_case(case=case, action=CaseAction.IMPORT_LEDGER, actor=actor, reason=reason)
    report = _report(judged)
    report.ledger, report.findings = ledger, report.findings + elsewhere
    return report


def import_ledger(*, firm: Firm, content: bytes, original_name: str, actor: User) -> LedgerReport:
    """Take over a ledger workbook that nobody has to look at before; refused as by the two services."""
    judged = judge_ledger_file(firm=firm, content=content, actor=actor).judged
    return take_over_ledger(firm=firm, judged=judged, original_name=original_name, actor=actor)


def _report(judged: JudgedLedger, standing: RdLedger | None = None) -> LedgerReport:
    """``standing`` is the ledger of the very same file, if it stands."""
    rows = len(judged.book.lines) + len(judged.book.stated)
    return LedgerReport(
        rows=rows,
        created=0 if standing else rows,
        unchanged=rows if standing else 0,
        warnings=judged.book.warnings,
        shown=judged.book.shown,
        judged=judged,
        findings=len(judged.findings),
        excluded=len(excluded_lines(judged.findings)),
        ledger=standing,
    )


def _open_case(firm: Firm, *, lock: bool = False) -> CultivationCase | None:
    """The firm's open case; ``Refused("wrong_state")`` once its file has gone to the region."""
    cases = CultivationCase.objects.filter(firm=firm, state__in=OPEN_CASE_STATES)
    case = (cases.select_for_update(of=("self",)) if lock else cases).first()
    if case is not None:
        require_before_filing(case)
    return case


def _same_file(firm: Firm, content: bytes) -> RdLedger | None:
    standing = standing_ledger(firm.pk)
    same = standing is not None and standing.attachment.sha256 == sha256(content).hexdigest()
    return standing if same else None


def _store_projects(ledger: RdLedger, book: LedgerBook) -> dict[str, RdProject]:
    rows = [
        RdProject(
            ledger=ledger, code=code, name=project.name, starts_on=project.starts_on, ends_on=project.ends_on
        )
        for code, project in sorted(book.projects.items())
    ]
    _create(RdProject, rows)
    return {row.code: row for row in rows}


def _store_lines(
    ledger: RdLedger,
    lines: Iterable[Line],
    projects: dict[str, RdProject],
    findings: Iterable[LineFinding],
    firm: str,
) -> None:
    """Lines and their findings in batches, so that memory does not grow with both at once."""
    of_line: dict[tuple[int, str, int], list[LineFinding]] = {}
    for finding in findings:
        of_line.setdefault(finding.line.order, []).append(finding)
    remaining = iter(lines)
    while batch := list(islice(remaining, _BATCH)):
        rows = [_row(ledger, line, projects, firm) for line in batch]
        _create(RdLedgerLine, rows)
        _create(
            RdLedgerFinding,
            (
                _finding(ledger, row, finding)
                for line, row in zip(batch, rows, strict=True)
                for finding in of_line.get(line.order, ())
            ),
        )


def _row(ledger: RdLedger, line: Line, projects: dict[str, RdProject], firm: str) -> RdLedgerLine:
    return RdLedgerLine(
        ledger=ledger,
        project=projects.get(line.project),
        year=line.year,
        sheet=line.sheet,
        row=line.row,
        booked_on=line.booked_on,
        voucher=line.voucher,
        invoice=line.invoice,
        summary=line.summary,
        category=line.category,
        category_text=line.category_text,
        amount=line.amount,
        payee=line.payee,
        is_related_party=line.is_related_party,
        person=line.person,
        month=line.month or None,
        asset=line.asset,
        identity=identity(line, firm),
    )


def _finding(ledger: RdLedger, row: RdLedgerLine, finding: LineFinding) -> RdLedgerFinding:
    return RdLedgerFinding(
        ledger=ledger, line=row, code=finding.code.value, excludes=finding.excludes, note=finding.note
    )


def _store_duplicates_elsewhere(
    ledger: RdLedger, lines: Iterable[Line], excluded: frozenset[tuple[int, str, int]]
) -> int:
    """The same invoices in other firms' standing ledgers, found by one query."""
    twins = RdLedgerLine.objects.filter(
        identity=OuterRef("identity"), ledger__replaced_at__isnull=True, amount__gte=0
    ).exclude(ledger__firm_id=ledger.firm_id)
    found = RdLedgerLine.objects.filter(Exists(twins), ledger=ledger, amount__gte=0).exclude(invoice="")
    rows = {(row.year, row.sheet, row.row): row for row in found}
    findings = [
        _finding(ledger, rows[line.order], duplicate_at_another_firm(line))
        for line in lines
        if line.order in rows and line.order not in excluded
    ]
    _create(RdLedgerFinding, findings)
    return len(findings)


def _create(model: type[models.Model], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=1_000)
