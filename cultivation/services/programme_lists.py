"""Lists of targets and of achievements: checked as a whole, then taken over as a whole; again, they change nothing."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.text import fold, normalise
from config.common.workbooks import Headings, Row, Table, TableReport, read_any_table
from cultivation.enums import Origin, Role
from cultivation.models import Achievement, AnnualTarget, User
from cultivation.permissions import require_role
from cultivation.workbooks import achievement_columns, target_columns

from .achievements import one_at_a_time
from .refusals import recorded


@recorded("import_targets")
def import_targets(
    *, content: bytes, actor: User, dry_run: bool = False, headings: Headings | None = None
) -> TableReport:
    """Take over a list of targets (指标, 县（市、区）, 年度, 目标数, 来源); an empty county is the whole city.

    Raises ``RowsRefused`` with every faulty row; a target recorded with another figure is one.
    """
    require_role(actor, Role.CASEWORKER)
    table = read_any_table(content, target_columns(), headings=headings)
    one_at_a_time()
    report = TableReport.of(table)
    known = {(row.measure, row.division_id, row.year): row for row in AnnualTarget.objects.all()}
    seen: dict[tuple[Any, ...], int] = {}
    new = []
    for row in _whole(table, ("measure", "year", "value", "source")):
        county = row.get("county")
        key = (row.get("measure"), county.pk if county else None, row.get("year"))
        if _is_repeated(table, row, key, seen):
            continue
        standing = known.get(key)
        if standing is None:
            report.created += 1
            new.append(
                AnnualTarget(
                    measure=row.get("measure"),
                    division=county,
                    year=row.get("year"),
                    value=row.get("value"),
                    source=row.get("source"),
                    origin=Origin.ENTERED,
                    entered_by=actor,
                )
            )
        elif standing.value == row.get("value"):
            report.unchanged += 1
        else:
            message = _("The target is recorded as %(value)s; correct it on its page with a reason.")
            table.errors.append(
                table.error(row, "value", "target_differs", message % {"value": standing.value})
            )
    table.refuse_errors()
    if not dry_run:
        for target in new:
            target._history_user, target._history_date = actor, now()  # type: ignore[attr-defined]
            target.save()
    return report


@recorded("import_achievements")
def import_achievements(
    *, content: bytes, actor: User, dry_run: bool = False, headings: Headings | None = None
) -> TableReport:
    """Take over a list of achievements (指标, 名称, 单位, 县（市、区）, 取得日期, 依据文件).

    Raises ``RowsRefused`` with every faulty row; one recorded with another day, county or document is one.
    """
    require_role(actor, Role.CASEWORKER)
    table = read_any_table(content, achievement_columns(), headings=headings)
    one_at_a_time()
    report = TableReport.of(table)
    known = {(row.measure, fold(row.title)): row for row in Achievement.objects.standing()}
    seen: dict[tuple[Any, ...], int] = {}
    new = []
    for row in _whole(table, ("measure", "title", "achieved_on", "document")):
        key = (row.get("measure"), fold(row.get("title")))
        if _is_repeated(table, row, key, seen):
            continue
        wanted = Achievement(
            measure=row.get("measure"),
            title=normalise(row.get("title")),
            organisation=normalise(row.get("organisation") or ""),
            division=row.get("county"),
            achieved_on=row.get("achieved_on"),
            document=row.get("document"),
            recorded_by=actor,
        )
        standing = known.get(key)
        if standing is None:
            report.created += 1
            new.append(wanted)
        elif _same(standing, wanted):
            report.unchanged += 1
        else:
            message = _(
                "This is recorded with another day, county or document; a second person can correct it."
            )
            table.errors.append(table.error(row, "title", "achievement_differs", message))
    table.refuse_errors()
    if not dry_run:
        Achievement.objects.bulk_create(new)
    return report


def _whole(table: Table, keys: Sequence[str]) -> list[Row]:
    """Rows without a fault and with every cell that is needed; the reader has named the others."""
    faulty = {error.row for error in table.errors}
    return [
        row
        for row in table.rows
        if row.number not in faulty and all(row.get(key) is not None for key in keys)
    ]


def _is_repeated(table: Table, row: Row, key: tuple[Any, ...], seen: dict[tuple[Any, ...], int]) -> bool:
    first = seen.setdefault(key, row.number)
    if first == row.number:
        return False
    message = _("This stands in row %(row)s already.") % {"row": first}
    table.errors.append(table.error(row, "measure", "duplicate_row", message))
    return True


def _same(standing: Achievement, wanted: Achievement) -> bool:
    keys = ("division_id", "achieved_on", "document")
    return all(getattr(standing, key) == getattr(wanted, key) for key in keys)
