"""What else bears on a firm's award: exclusions in force, and money received elsewhere or before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from subsidies.enums import OncePer, ReceiptKind, Stacking
from subsidies.models import Award, Exclusion, OtherReceipt, SchemeVersion


def exclusions_in_force(firm_ids: Iterable[int], on: dt.date) -> QuerySet[Exclusion]:
    """What excludes the firms on a day, the latest first."""
    return Exclusion.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=on),
        firm_id__in=firm_ids,
        effective_from__lte=on,
    ).order_by("firm_id", "-effective_from", "-pk")


def exclusion_of(award: Award, version: SchemeVersion, on: dt.date) -> Exclusion | None:
    """What keeps the award's firm from it under a version, on a day; one query."""
    return exclusions_in_force([award.firm_id], on).filter(kind__in=version.exclusions).first()


def describe_exclusion(exclusion: Exclusion) -> str:
    return _("Excluded: %(kind)s by %(authority)s, document %(number)s of %(date)s.") % {
        "kind": exclusion.get_kind_display(),
        "authority": exclusion.authority,
        "number": exclusion.document_number,
        "date": exclusion.document_date.isoformat(),
    }


def standing_receipts(award: Award) -> list[OtherReceipt]:
    """Money from elsewhere for the award's accreditation that was not withdrawn, confirmed or not."""
    return receipts_of([award.accreditation_id])[award.accreditation_id]


def receipts_of(accreditation_ids: Iterable[int]) -> dict[int, list[OtherReceipt]]:
    """As :func:`standing_receipts`, by accreditation; still one query."""
    found: dict[int, list[OtherReceipt]] = defaultdict(list)
    rows = OtherReceipt.objects.filter(
        accreditation_id__in=accreditation_ids, kind=ReceiptKind.OTHER_SOURCE, withdrawn_at__isnull=True
    )
    for row in rows.order_by("pk"):
        found[row.accreditation_id].append(row)
    return found


def receipt_input(receipt: OtherReceipt) -> dict[str, str]:
    """A receipt as the inputs of a calculation name it."""
    return {
        "payer": receipt.payer,
        "amount": f"{receipt.amount:.2f}",
        "document_number": receipt.document_number,
        "document_date": receipt.document_date.isoformat(),
    }


def receipts_differ(award: Award, standing: Iterable[OtherReceipt]) -> bool:
    """Whether money from elsewhere was recorded or withdrawn since the award was calculated (从高不重复)."""
    if award.calculation is None or award.version is None or award.version.stacking == Stacking.NONE:
        return False
    received: list[dict[str, str]] = award.calculation.inputs.get("received", [])
    return [receipt_input(receipt) for receipt in standing] != received


def describe_receipts() -> str:
    return _(
        "Money from elsewhere was recorded or withdrawn after the calculation; the award is to be calculated afresh."
    )


@dataclass(frozen=True, slots=True)
class PastAward:
    """A city award before this system: for which certificate, and the number of its document."""

    accreditation_id: int
    number: str


def past_awards(scheme_id: int, firm_ids: Iterable[int]) -> dict[int, list[PastAward]]:
    """Confirmed awards of the scheme before this system, by firm, oldest first."""
    found: dict[int, list[PastAward]] = defaultdict(list)
    rows = _past_awards(scheme_id).filter(firm_id__in=firm_ids, confirmed_at__isnull=False)
    for row in rows.order_by("document_date", "pk").only("firm_id", "accreditation_id", "document_number"):
        found[row.firm_id].append(PastAward(row.accreditation_id, row.document_number))
    return found


def unconfirmed_past_award(award: Award, version: SchemeVersion) -> OtherReceipt | None:
    """A past award that nobody has confirmed yet and that would decide about this one (one query)."""
    rows = _past_awards(award.scheme_id).filter(firm_id=award.firm_id, confirmed_at__isnull=True)
    if version.once_per == OncePer.ACCREDITATION:
        rows = rows.filter(accreditation_id=award.accreditation_id)
    return rows.order_by("pk").first()


def _past_awards(scheme_id: int) -> QuerySet[OtherReceipt]:
    return OtherReceipt.objects.filter(
        kind=ReceiptKind.PAST_AWARD, scheme_id=scheme_id, withdrawn_at__isnull=True
    )
