"""A list of authorities' findings as a workbook: checked as a whole, then taken over as a whole."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.common.workbooks import (
    Column,
    Headings,
    Kind,
    Row,
    Table,
    TableReport,
    read_any_table,
    write_template,
)
from cultivation.api import Firm, User, recorded, require_role
from subsidies.enums import ExclusionKind
from subsidies.models import Exclusion

from .claim_rows import (
    CREDIT_CODE,
    DOCUMENT_DATE,
    DOCUMENT_NUMBER,
    NAME,
    batches,
    locked_firms,
    sound_rows,
)
from .claims import EXCLUSION_KEEPERS

_Key = tuple[int, str, str, str]


def exclusion_columns() -> tuple[Column, ...]:
    """Code, kind, authority, document and first day are needed."""
    kinds = {
        ExclusionKind.DISHONESTY: ("严重失信", "失信", "严重失信行为"),
        ExclusionKind.SAFETY: ("安全", "重大安全事故", "安全事故"),
        ExclusionKind.QUALITY: ("质量", "重大质量事故", "质量事故"),
        ExclusionKind.ENVIRONMENT: ("环境", "严重环境违法", "环境违法", "环保"),
    }
    return (
        NAME,
        CREDIT_CODE,
        Column(
            "kind",
            "情形",
            Kind.CHOICE,
            synonyms=("不予奖补情形", "类别", "类型"),
            choices={text: kind for kind, texts in kinds.items() for text in texts},
            unknown="unknown_kind",
        ),
        Column("authority", "认定机关", synonyms=("作出机关", "处罚机关", "主管部门"), max_length=120),
        DOCUMENT_NUMBER,
        DOCUMENT_DATE,
        Column("effective_from", "生效日期", Kind.DATE, synonyms=("起始日期", "开始日期")),
        Column("effective_until", "终止日期", Kind.DATE, synonyms=("截止日期", "结束日期"), required=False),
        Column("remark", "备注", required=False, max_length=300),
    )


def write_exclusion_template() -> bytes:
    """An empty list to fill in."""
    return write_template(exclusion_columns(), sheet="不予奖补情形")


@recorded("import exclusions")
def import_exclusions(
    *, content: bytes, actor: User, dry_run: bool = False, headings: Headings | None = None
) -> TableReport:
    """Take over a list of findings, all rows or none; the same list again changes nothing.

    The end of a finding is exclusive: the first day on which it counts no more. Raises ``RowsRefused``.
    """
    require_role(actor, *EXCLUSION_KEEPERS)
    table = read_any_table(content, exclusion_columns(), headings=headings)
    report = TableReport.of(table)
    found = _judge(table, report, actor)
    table.refuse_errors()
    if not dry_run:
        Exclusion.objects.bulk_create(found, batch_size=500)
    return report


def _judge(table: Table, report: TableReport, actor: User) -> list[Exclusion]:
    rows = sound_rows(table)
    firms = locked_firms(table, rows)
    first_rows: dict[_Key, int] = {}
    found: list[Exclusion] = []
    for batch in batches(rows):
        known = _known([firms[code] for row in batch if (code := row.get("credit_code")) in firms])
        for row in batch:
            firm = firms.get(row.get("credit_code"))
            if firm is None or not _has_span(table, row) or _is_repeated(table, row, firm, first_rows):
                continue
            before = known.get(_key(row, firm))
            if before is None:
                found.append(_exclusion(row, firm, actor))
                report.created += 1
            elif _says_the_same(before, row):
                report.unchanged += 1
            else:
                _refuse_other_days(table, row, before)
    return found


def _key(row: Row, firm: Firm) -> _Key:
    return firm.pk, row.get("kind"), row.get("authority"), row.get("document_number")


def _known(firms: Sequence[Firm]) -> dict[_Key, Exclusion]:
    rows = Exclusion.objects.filter(firm__in=firms)
    return {(row.firm_id, row.kind, row.authority, row.document_number): row for row in rows}


def _has_span(table: Table, row: Row) -> bool:
    until: dt.date | None = row.get("effective_until")
    if until is None or until > row.get("effective_from"):
        return True
    message = _("An exclusion ends after it begins.")
    table.errors.append(table.error(row, "effective_until", "span_empty", message))
    return False


def _is_repeated(table: Table, row: Row, firm: Firm, first_rows: dict[_Key, int]) -> bool:
    first = first_rows.setdefault(_key(row, firm), row.number)
    if first == row.number:
        return False
    message = _("The same finding stands in row %(row)s already.") % {"row": first}
    table.errors.append(table.error(row, "document_number", "duplicate_row", message))
    return True


def _says_the_same(before: Exclusion, row: Row) -> bool:
    """One that a second person has ended since keeps that end."""
    if before.effective_from != row.get("effective_from") or before.document_date != row.get("document_date"):
        return False
    return before.ended_at is not None or before.effective_until == row.get("effective_until")


def _refuse_other_days(table: Table, row: Row, before: Exclusion) -> None:
    message = _(
        "This finding is recorded with other days: document of %(date)s, from %(first)s until before %(end)s."
    ) % {
        "date": before.document_date.isoformat(),
        "first": before.effective_from.isoformat(),
        "end": before.effective_until.isoformat() if before.effective_until else "—",
    }
    table.errors.append(table.error(row, "document_number", "exclusion_differs", message))


def _exclusion(row: Row, firm: Firm, actor: User) -> Exclusion:
    return Exclusion(
        firm=firm,
        kind=row.get("kind"),
        authority=row.get("authority"),
        document_number=row.get("document_number"),
        document_date=row.get("document_date"),
        effective_from=row.get("effective_from"),
        effective_until=row.get("effective_until"),
        remark=row.get("remark") or "",
        recorded_by=actor,
    )
