"""Exclusions and other receipts as people look through them."""

import datetime as dt

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from cultivation.api import FirmName
from subsidies.models import Exclusion, OtherReceipt


class ExclusionFilter(TextChoices):
    STANDING = "standing", _("In force")
    COMING = "coming", _("Not yet in force")
    OVER = "over", _("Over")
    ALL = "all", _("All")


class ReceiptFilter(TextChoices):
    WAITING = "waiting", _("To be confirmed")
    STANDING = "standing", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ALL = "all", _("All")


def exclusions(
    *, on: dt.date, shown: ExclusionFilter = ExclusionFilter.ALL, kind: str = "", text: str = ""
) -> QuerySet[Exclusion]:
    """Exclusions with firm and people, by what they are on a day; without an order."""
    rows = Exclusion.objects.select_related("firm", "recorded_by", "ended_by").order_by()
    over = Q(effective_until__isnull=False, effective_until__lte=on)
    if shown == ExclusionFilter.STANDING:
        rows = rows.filter(~over, effective_from__lte=on)
    elif shown == ExclusionFilter.COMING:
        rows = rows.filter(~over, effective_from__gt=on)
    elif shown == ExclusionFilter.OVER:
        rows = rows.filter(over)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(_about(text) | Q(authority__icontains=text) | Q(document_number__icontains=text))
    return rows


def receipts(
    *, shown: ReceiptFilter = ReceiptFilter.ALL, kind: str = "", text: str = ""
) -> QuerySet[OtherReceipt]:
    """Receipts with firm, certificate, scheme and people; without an order."""
    rows = OtherReceipt.objects.select_related(
        "firm",
        "accreditation",
        "scheme",
        "source_file",
        "recorded_by",
        "confirmed_by",
        "withdrawn_by",
    ).order_by()
    if shown == ReceiptFilter.WAITING:
        rows = rows.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True)
    elif shown == ReceiptFilter.STANDING:
        rows = rows.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True)
    elif shown == ReceiptFilter.WITHDRAWN:
        rows = rows.filter(withdrawn_at__isnull=False)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(
            _about(text)
            | Q(accreditation__certificate_number__istartswith=text)
            | Q(payer__icontains=text)
            | Q(document_number__icontains=text)
        )
    return rows


def _about(text: str) -> Q:
    """Firms by code, present name and old ones (edge case 22)."""
    named = FirmName.objects.filter(name__icontains=text).values("firm_id")
    return (
        Q(firm__credit_code__startswith=text.upper()) | Q(firm__name__icontains=text) | Q(firm_id__in=named)
    )
