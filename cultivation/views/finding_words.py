"""The measured value and the limit of a finding as text: shares as percentages, counts with their units."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cultivation.enums import Verdict
from cultivation.rules.display import percent_text
from cultivation.rules.findings import Code

_RATIO_CODES = (
    Code.TECHNICAL_STAFF_SHARE,
    Code.RD_INTENSITY,
    Code.RD_DOMESTIC_SHARE,
    Code.HIGH_TECH_INCOME_SHARE,
)
_RATIO = re.compile(r"\d+\.\d+")


def measured_text(row: Mapping[str, Any]) -> str:
    """What was reached, of a finding as it is stored; empty where nothing could be computed."""
    value = row["measured"]
    if value is None:
        return ""
    if row["code"] in _RATIO_CODES:
        return _percent(value, row["limit"], row["status"])
    return _with_unit(row["code"], value)


def limit_text(row: Mapping[str, Any]) -> str:
    """What is required, of a finding as it is stored."""
    code, limit = row["code"], row["limit"]
    if code in _RATIO_CODES:
        return _("at least %(limit)s") % {
            "limit": _RATIO.sub(lambda ratio: percent_text(Decimal(ratio[0])), limit)
        }
    if code in (Code.REGISTERED_365_DAYS, Code.CORE_IP):
        return _("at least %(limit)s") % {"limit": _with_unit(code, limit)}
    if code == Code.INNOVATION_SCORE:
        return _("more than %(limit)s") % {"limit": _with_unit(code, limit)}
    return _with_unit(code, limit) if code == Code.NO_INCIDENT else limit


def _percent(value: str, limit: str, status: str) -> str:
    """Two decimals; all of them where rounding would make a miss look like a hit."""
    exact = percent_text(Decimal(value))
    short = f"{(Decimal(value) * 100).quantize(Decimal('0.01')).normalize():f}%"
    misleading = status == Verdict.FAIL and _RATIO.fullmatch(limit) and short == percent_text(Decimal(limit))
    return exact if misleading else short


def _with_unit(code: str, value: str) -> str:
    units = {
        Code.REGISTERED_365_DAYS: _("%(number)s days"),
        Code.CORE_IP: _("%(number)s items"),
        Code.INNOVATION_SCORE: _("%(number)s points"),
        Code.NO_INCIDENT: _("%(number)s incidents"),
    }
    return units[Code(code)] % {"number": value} if code in units else value
