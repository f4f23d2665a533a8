"""Bank formats: which versions there are, and which are in force on a day."""

import datetime as dt

from django.db.models import QuerySet

from subsidies.enums import AmountUnit, LineEnd
from subsidies.exports import BankColumn, BankLayout
from subsidies.models import BankFormat

_LINE_ENDS = {LineEnd.CRLF: "\r\n", LineEnd.LF: "\n"}


def bank_formats() -> QuerySet[BankFormat]:
    """Every version, the newest of each key first, with its people."""
    return BankFormat.objects.select_related("drafted_by", "published_by").order_by("key", "-number")


def formats_in_force(on: dt.date) -> dict[str, BankFormat]:
    """By key, the published version with the highest number whose first day has come; one query."""
    found: dict[str, BankFormat] = {}
    for version in bank_formats().filter(published_at__isnull=False, valid_from__lte=on):
        found.setdefault(version.key, version)
    return found


def layout_of(version: BankFormat) -> BankLayout:
    """The version as the builder of the file wants it."""
    return BankLayout(
        columns=tuple(BankColumn(header, field) for header, field in version.columns),
        delimiter=version.delimiter,
        encoding=version.encoding,
        line_end=_LINE_ENDS[LineEnd(version.line_end)],
        has_headers=version.has_headers,
        has_control=version.has_control,
        in_fen=version.amount_unit == AmountUnit.FEN,
    )
