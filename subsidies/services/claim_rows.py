"""What the imports of exclusions and of past awards share: columns, the firms behind the rows, the report."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.text import fold
from config.common.workbooks import Column, Kind, Row, Table
from cultivation.api import Firm

# Keys asked for together: below the 999 parameters of a statement on SQLite.
BATCH = 500

T = TypeVar("T")


def not_ahead(date: dt.date) -> tuple[str, str] | None:
    """The check of a column of dates that have passed."""
    return ("date_in_future", _("The date lies in the future.")) if date > today() else None


NAME = Column(
    "name", "企业名称", synonyms=("单位名称", "公司名称", "企业全称"), required=False, max_length=120
)
CREDIT_CODE = Column(
    "credit_code", "统一社会信用代码", Kind.CREDIT_CODE, synonyms=("信用代码", "社会信用代码", "统一信用代码")
)
DOCUMENT_NUMBER = Column(
    "document_number", "文号", synonyms=("文件号", "发文字号", "依据文号"), max_length=60
)
DOCUMENT_DATE = Column(
    "document_date", "文件日期", Kind.DATE, synonyms=("发文日期", "成文日期"), check=not_ahead
)


def batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))


def sound_rows(table: Table) -> list[Row]:
    """The rows in which every cell could be read; the others have their fault already."""
    faulty = {error.row for error in table.errors}
    return [row for row in table.rows if row.number not in faulty]


def locked_firms(table: Table, rows: Sequence[Row]) -> dict[str, Firm]:
    """The firms of the rows by credit code, locked in the order of their keys; unknown ones are errors."""
    codes = sorted({row.get("credit_code") for row in rows})
    keys = sorted(
        key
        for batch in batches(codes)
        for key in Firm.objects.filter(credit_code__in=batch).values_list("pk", flat=True)
    )
    firms: dict[str, Firm] = {}
    for batch in batches(keys):
        locked = Firm.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk")
        firms.update((firm.credit_code, firm) for firm in locked.prefetch_related("names"))
    for row in rows:
        firm = firms.get(row.get("credit_code"))
        if firm is None:
            message = _("No firm with this credit code is recorded here; import the roster first.")
            table.errors.append(table.error(row, "credit_code", "unknown_firm", message))
        else:
            _warn_of_name(table, row, firm)
    return firms


def _warn_of_name(table: Table, row: Row, firm: Firm) -> None:
    name = row.get("name")
    if name and fold(name) not in {fold(firm.name), *(fold(old.name) for old in firm.names.all())}:
        message = _("The firm is recorded as %(name)s.") % {"name": firm.name}
        table.warnings.append(table.error(row, "name", "name_differs", message))
