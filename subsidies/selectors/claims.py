"""What else bears on a firm's award: exclusions in force, and money received elsewhere or before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from subsidies.enums import ReceiptKind
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
    return list(
        OtherReceipt.objects.filter(
            accreditation_id=award.accreditation_id,
            kind=ReceiptKind.OTHER_SOURCE,
            withdrawn_at__isnull=True,
        ).order_by("pk")
    )


def past_awards(scheme_id: int, firm_ids: Iterable[int]) -> dict[int, list[str]]:
    """Awards of the scheme before this system, by firm: the numbers of their documents, oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = OtherReceipt.objects.filter(
        kind=ReceiptKind.PAST_AWARD,
        scheme_id=scheme_id,
        firm_id__in=firm_ids,
        confirmed_at__isnull=False,
        withdrawn_at__isnull=True,
    )
    for firm_id, number in rows.order_by("document_date", "pk").values_list("firm_id", "document_number"):
        found[firm_id].append(number)
    return found
