"""The region's award document: read, reconciled row by row, and kept with its source file."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from config.common.errors import Refused
from config.common.text import fold
from config.common.workbooks import Column, Kind, Row, Table, TableReport, read_any_table, write_template
from cultivation.api import Firm, Role, User, recorded, require_role
from documents.api import Attachment, PolicyDocument, SourceMark, confirm_attachment, store_attachment
from subsidies.enums import Reconciliation
from subsidies.models import RegionalAward, RegionalAwardDocument
from subsidies.rules.reconciliation import OPEN_OUTCOMES, Known, Outcome, reconcile
from subsidies.selectors.reconciliation import FirmFile, firm_files

COLUMNS = (
    Column("name", "企业名称", max_length=120, synonyms=("单位名称", "企业全称", "公司名称", "获奖企业")),
    Column(
        "credit_code",
        "统一社会信用代码",
        Kind.CREDIT_CODE,
        synonyms=("信用代码", "社会信用代码", "统一信用代码"),
    ),
    Column(
        "amount",
        "奖励金额",
        Kind.MONEY,
        synonyms=("奖励资金", "奖补金额", "奖励额", "自治区奖励金额", "下达金额", "金额"),
    ),
    Column("certificate", "证书编号", required=False, max_length=20, synonyms=("高新技术企业证书编号",)),
)
# Printed in 《》 only once somebody has given the real title: until then the document is unverified.
_UNTITLED = "自治区奖励资金文件"
_ISSUER = "广西壮族自治区科学技术厅"
_BATCH = 1000

T = TypeVar("T")


def write_regional_template() -> bytes:
    """An empty list to fill in; the unit stands in the header of the amounts."""
    columns = [
        replace(column, name=f"{column.name}（元）") if column.key == "amount" else column
        for column in COLUMNS
    ]
    return write_template(columns, sheet="自治区奖励名单")


@dataclass
class RegionalReport(TableReport):
    """The categories of the reconciliation are findings, not errors."""

    updated: int = 0
    reconciliation: Counter[str] = field(default_factory=Counter)
    found: list[RegionalAward] = field(default_factory=list)
    """Every row with its finding in the order of the file: the stored one, or the one that is to be stored."""

    @property
    def digest(self) -> str:
        """Hash over all findings: whoever agreed to a preview agreed to these."""
        said = [
            f"{row.credit_code}|{row.amount}|{row.outcome}|{row.accreditation_id}|{row.corrects_id}"
            for row in self.found
        ]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        found = {outcome.value: self.reconciliation[outcome.value] for outcome in Reconciliation}
        return {**super().as_json(), "updated": self.updated, "reconciliation": found}


@recorded("import regional awards")
def import_regional_awards(
    *,
    content: bytes,
    original_name: str,
    document_number: str,
    document_date: dt.date,
    actor: User,
    document_title: str = "",
    issuer: str = "",
    demo: bool = False,
    dry_run: bool = False,
    agreed: str = "",
    source: Attachment | None = None,
) -> RegionalReport:
    """Take over what the region's document grants, row by row; with any malformed cell nothing at all.

    The same document again creates nothing; rows whose firm or certificate was not known then are judged again.
    ``agreed`` is the digest of a preview: where the findings are others by now, nothing is taken over. ``source``
    is the file where it was stored for the preview already.
    Raises ``RowsRefused`` for malformed cells and ``Refused``: document_missing, document_differs (the number was
    imported with other rows), document_date_differs, findings_changed.
    """
    require_role(actor, Role.CASEWORKER)
    number = document_number.strip()
    if not number:
        raise Refused("document_missing", _("Name the number of the region's document."))
    table = _read(content)
    _lock_firms(table)
    issuer = issuer.strip() or _ISSUER
    policy = PolicyDocument.objects.filter(issuer=issuer, document_number=number).first()
    if policy is not None and policy.issued_on not in (None, document_date):
        raise Refused(
            "document_date_differs",
            _("%(number)s is recorded with the date %(date)s.")
            % {"number": number, "date": policy.issued_on},
        )
    document = RegionalAwardDocument.objects.filter(policy=policy).first() if policy else None
    stored = _stored_rows(document)
    if document is not None:
        _require_same(document, table, stored)
    rows, report = _judge_rows(table, stored, document_date)
    if agreed and agreed != report.digest:
        raise Refused(
            "findings_changed",
            _("Since the preview something was recorded that changes what the rows mean; look at it again."),
        )
    if dry_run or not rows:
        return report
    if document is None:
        policy = policy or _policy(
            number, document_date, document_title.strip(), issuer, original_name, demo=demo
        )
        document = _document(policy, source or _stored(content, original_name, actor), actor)
    for row in rows:
        row.document = document
    RegionalAward.objects.bulk_create(rows, batch_size=_BATCH)
    return report


def _read(content: bytes) -> Table:
    table = read_any_table(content, COLUMNS)
    table.refuse_duplicates("credit_code")
    table.refuse_errors()
    return table


def _lock_firms(table: Table) -> None:
    """Two documents about one firm are imported one after the other, so that only one of them grants it."""
    codes = [row.get("credit_code") for row in table.rows]
    keys = sorted(
        key
        for batch in _batches(codes)
        for key in Firm.objects.filter(credit_code__in=batch).values_list("pk", flat=True)
    )
    for batch in _batches(keys):
        firms = Firm.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=batch)
        list(firms.order_by("pk").values_list("pk"))


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))


def _stored_rows(document: RegionalAwardDocument | None) -> dict[str, RegionalAward]:
    """The last finding for each credit code of a document that was imported before."""
    if document is None:
        return {}
    rows = RegionalAward.objects.filter(document=document).select_related("firm", "accreditation")
    rows = rows.order_by("attempt", "pk")
    return {row.credit_code: row for row in rows}


def differing_codes(table: Table, stored: Iterable[RegionalAward]) -> list[str]:
    """Credit codes about which a file and the rows that were stored say something else."""
    said = {row.get("credit_code"): (fold(row.get("name")), row.get("amount")) for row in table.rows}
    missing, different = set(said), set[str]()
    for row in stored:
        missing.discard(row.credit_code)
        if said.get(row.credit_code) != (fold(row.firm_name), row.amount):
            different.add(row.credit_code)
    return sorted(missing | different)


def _require_same(document: RegionalAwardDocument, table: Table, stored: Mapping[str, RegionalAward]) -> None:
    """A document is what it was: another file of the same number has to say the same."""
    different = differing_codes(table, stored.values())
    if different:
        raise Refused(
            "document_differs",
            _("%(number)s was imported before and says something else about %(code)s.")
            % {"number": document.policy.document_number, "code": different[0]},
            credit_codes=different,
        )


def _judge_rows(
    table: Table, stored: Mapping[str, RegionalAward], document_date: dt.date
) -> tuple[list[RegionalAward], RegionalReport]:
    """The rows to be stored, and the report about all of them."""
    report = RegionalReport.of(table)
    found: list[RegionalAward] = []
    for batch in _batches(table.rows):
        files = firm_files(_wanted(batch), document_date)
        for row in batch:
            before = stored.get(row.get("credit_code"))
            if before is not None and before.outcome not in OPEN_OUTCOMES:
                _count_unchanged(report, before)
                report.found.append(before)
                continue
            judged = _judge(row, files.get(row.get("credit_code")))
            report.reconciliation[judged.outcome] += 1
            if before is None:
                report.created += 1
            elif before.outcome == judged.outcome:
                report.unchanged += 1
                report.found.append(before)
                continue
            else:
                report.updated += 1
                judged.attempt, judged.row = before.attempt + 1, before.row
            found.append(judged)
            report.found.append(judged)
    return found, report


def _wanted(batch: Sequence[Row]) -> dict[str, str]:
    """Credit codes with the certificate the row names, if it does."""
    return {row.get("credit_code"): row.get("certificate") or "" for row in batch}


def _count_unchanged(report: RegionalReport, before: RegionalAward) -> None:
    report.unchanged += 1
    matched = before.outcome == Reconciliation.MATCHED
    report.reconciliation[Reconciliation.ALREADY_MATCHED if matched else before.outcome] += 1


def _judge(row: Row, file: FirmFile | None) -> RegionalAward:
    name, amount = row.get("name"), row.get("amount")
    known = _known(file)
    outcome = reconcile(fold(name), amount, known)
    standing = file.standing if file else None
    return RegionalAward(
        row=row.number,
        firm_name=name,
        credit_code=row.get("credit_code"),
        amount=amount,
        firm=file.firm if file else None,
        accreditation=file.certificate if file else None,
        outcome=Reconciliation(outcome.value),
        corrects=standing if outcome is Outcome.AMOUNT_CHANGED else None,
        note=_note(outcome, file, amount),
    )


def _known(file: FirmFile | None) -> Known | None:
    return file.known if file else None


def _note(outcome: Outcome, file: FirmFile | None, amount: Decimal) -> str:
    """What a person needs to see beside the category."""
    if file is None:
        return ""
    if outcome is Outcome.NAME_DIFFERS:
        return _("Here: %(name)s") % {"name": file.firm.name}
    if outcome is Outcome.NO_ACCREDITATION and file.only_opening:
        return _("Only opening data, which is never matched again.")
    if outcome in (Outcome.AMOUNT_CHANGED, Outcome.ALREADY_MATCHED) and file.standing is not None:
        return _("%(number)s grants %(amount)s yuan.") % {
            "number": file.standing.document.policy.document_number,
            "amount": f"{file.standing.amount:.2f}",
        }
    return ""


def _policy(
    number: str, date: dt.date, title: str, issuer: str, original_name: str, *, demo: bool
) -> PolicyDocument:
    return PolicyDocument.objects.create(
        title=title or _UNTITLED,
        issuer=issuer,
        document_number=number,
        issued_on=date,
        is_formal=True,
        source=_("Award list of the region, imported from the file %(name)s.") % {"name": original_name},
        mark=SourceMark.READ if title or demo else SourceMark.UNVERIFIED,
        is_demo=demo,
    )


def _stored(content: bytes, original_name: str, actor: User) -> Attachment:
    return store_attachment(content=content, original_name=original_name, uploaded_by=actor)


def _document(policy: PolicyDocument, source: Attachment, actor: User) -> RegionalAwardDocument:
    return RegionalAwardDocument.objects.create(
        policy=policy,
        source_file=confirm_attachment(attachment=source, actor=actor),
        sha256=source.sha256,
        imported_by=actor,
    )
