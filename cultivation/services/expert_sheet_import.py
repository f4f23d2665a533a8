"""The workbook of a panel: a row an expert, every sheet or none."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused
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
from cultivation.enums import CaseAction, ExpertKind
from cultivation.models import CultivationCase, ExpertSheet, User
from cultivation.rules.rulesets import NEWEST
from cultivation.rules.score_ranges import ScoreRanges
from cultivation.rules.score_sheets import SheetProblem

from .expert_sheets import NewSheet, present_ranges, problems_of, save_sheet
from .refusals import recorded
from .steps import begin, require_in_pool

_MOST_EXPERTS = 100
_ITEMS = NEWEST.innovation.items
# Problems of the sheet as a whole stand at the expert's kind.
_COLUMN_OF_WHOLE = "kind"


def expert_sheet_columns() -> tuple[Column, ...]:
    """The table: who the expert is, then every item; an expert fills in those of his sheet."""
    kinds = {
        ExpertKind.TECHNICAL: ("技术专家", "技术"),
        ExpertKind.FINANCE: ("财务专家", "财务"),
        ExpertKind.OTHER: ("其他专家", "其他"),
    }
    return (
        Column("expert", "专家姓名", synonyms=("专家", "姓名"), max_length=60),
        Column(
            "kind",
            "专家类别",
            Kind.CHOICE,
            synonyms=("类别", "专家类型"),
            choices={text: kind for kind, texts in kinds.items() for text in texts},
            unknown="unknown_kind",
        ),
        Column("is_leader", "是否组长", Kind.BOOLEAN, synonyms=("组长",), required=False),
        *(
            Column(item.key, f"{item.name}（≤{item.most}分）", Kind.INTEGER, (item.name,), required=False)
            for item in _ITEMS
        ),
        Column("remark", "综合评价", synonyms=("备注", "评价"), required=False, max_length=500),
    )


def write_expert_sheet_template() -> bytes:
    """An empty table to fill in."""
    return write_template(expert_sheet_columns(), sheet="专家评价表")


@recorded(CaseAction.RECORD_SHEET)
def import_expert_sheets(
    *,
    case: CultivationCase,
    content: bytes,
    actor: User,
    dry_run: bool = False,
    headings: Headings | None = None,
) -> TableReport:
    """Record the sheets of a workbook or CSV file for a case in the pool.

    Refused: ``wrong_state``; what no table can be read from; ``rows_refused`` with every faulty cell;
    ``sheets_missing``.
    """
    case = begin(case=case, action=CaseAction.RECORD_SHEET, actor=actor)
    require_in_pool(case)
    table = read_any_table(content, expert_sheet_columns(), max_rows=_MOST_EXPERTS, headings=headings)
    sheets = _sheets(table, present_ranges(case=case), case)
    table.refuse_errors()
    if not sheets:
        raise Refused("sheets_missing", _("The table holds no sheet."))
    if not dry_run:
        for sheet in sheets:
            save_sheet(case=case, sheet=sheet, actor=actor)
    report = TableReport.of(table)
    report.created = len(sheets)
    return report


def _sheets(table: Table, ranges: ScoreRanges, case: CultivationCase) -> list[NewSheet]:
    """The sheets of the sound rows; the problems of the others go to the table."""
    standing: list[ExpertSheet | NewSheet] = list(
        ExpertSheet.objects.filter(case=case, withdrawn_at__isnull=True)
    )
    faulty = {error.row for error in table.errors}
    found = []
    for row in table.rows:
        if row.number in faulty:
            continue
        sheet = _sheet(row.values)
        for problem in problems_of(sheet=sheet, standing=standing, ranges=ranges):
            _refuse(table, row, problem)
        standing.append(sheet)
        found.append(sheet)
    return found


def _sheet(values: Mapping[str, Any]) -> NewSheet:
    return NewSheet(
        expert=values["expert"],
        kind=values["kind"],
        is_leader=bool(values.get("is_leader")),
        scores={item.key: values[item.key] for item in _ITEMS if values.get(item.key) is not None},
        remark=values.get("remark") or "",
    )


def _refuse(table: Table, row: Row, problem: SheetProblem) -> None:
    key = problem.item or _COLUMN_OF_WHOLE
    table.errors.append(table.error(row, key, problem.code, problem.message))
