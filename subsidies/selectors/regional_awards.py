"""What the region granted for a certificate, and whether a later document says otherwise."""

from collections.abc import Iterable

from django.db.models import QuerySet

from subsidies.enums import Reconciliation
from subsidies.models import Award, RegionalAward


def matched_row(award: Award) -> RegionalAward | None:
    """The row of the region's first document about the award's certificate, or ``None``: it waits for one."""
    return _with_source(
        RegionalAward.objects.filter(
            accreditation_id=award.accreditation_id, outcome=Reconciliation.MATCHED
        ).order_by("document__policy__issued_on", "pk")
    ).first()


def latest_correction(row: RegionalAward) -> RegionalAward | None:
    """The last of the later rows that change ``row``'s amount, one after the other; ``None`` when it stands."""
    found, current = None, row
    while True:
        following = _with_source(
            RegionalAward.objects.filter(corrects=current, outcome=Reconciliation.AMOUNT_CHANGED)
        ).first()
        if following is None:
            return found
        found = current = following


def certificates_with_basis(accreditation_ids: Iterable[int]) -> set[int]:
    """Which of the certificates a regional document has matched; one query."""
    return set(
        RegionalAward.objects.filter(
            accreditation_id__in=accreditation_ids, outcome=Reconciliation.MATCHED
        ).values_list("accreditation_id", flat=True)
    )


def _with_source(rows: QuerySet[RegionalAward]) -> QuerySet[RegionalAward]:
    return rows.select_related("document__policy", "document__source_file")
