"""Bank formats: which versions there are, and which are in force on a day."""

import datetime as dt
from decimal import Decimal

from django.db.models import QuerySet

from subsidies.enums import AmountUnit, LineEnd
from subsidies.exports import BankColumn, BankLayout, ContentLine, ListContent, build_bank
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


def sample_of(version: BankFormat) -> str:
    """The file of a made-up list of two payments, to be held against the bank's document."""
    layout = layout_of(version)
    return build_bank(_SAMPLE, layout).decode(layout.encoding)


def _sample_line(number: int, payee: str, amount: str) -> ContentLine:
    return ContentLine(
        number=number,
        payee_name=payee,
        credit_code="91990000MA5K00017Y",
        bank_name="演示银行百色支行",
        clearing_code="012345678901",
        account_number=f"001234567890123456{number}",
        amount=Decimal(amount),
        purpose="演示奖励性补助",
        subjects={"functional": "2060404", "economic": "50701"},
        award_year=2018,
        award_number=f"JL-{number:05d}",
    )


_SAMPLE = ListContent(
    number="ZF2019-001",
    fund="演示资金",
    fiscal_year=2019,
    purpose="演示奖励性补助",
    lines=(
        _sample_line(1, "演示甲科技有限公司", "80000.00"),
        _sample_line(2, "演示乙科技（百色）有限公司", "50000.50"),
    ),
    drafted_by="演示甲",
    checked_by="演示乙",
    released_by="演示丙",
    released_on=dt.date(2019, 6, 30),
)
