"""What a certificate says and said: confirmed corrections taken back to a moment."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Max, OuterRef, QuerySet

from cultivation.enums import AccreditationKind, CorrectionState
from cultivation.models import Accreditation, AccreditationCorrection

CORRECTABLE: Mapping[str, Callable[[str], object]] = {
    "certificate_number": str,
    "name_on_certificate": str,
    "kind": str,
    "issued_on": dt.date.fromisoformat,
    "document_number": str,
    "document_date": dt.date.fromisoformat,
}
"""The fields a correction may change, each with what makes its value of the text on record."""


def recorded_values(certificate: Accreditation) -> dict[str, str]:
    """The correctable fields as text; dates ISO."""
    values = ((name, getattr(certificate, name)) for name in CORRECTABLE)
    return {name: value.isoformat() if isinstance(value, dt.date) else str(value) for name, value in values}


def values_at(certificate: Accreditation, at: dt.datetime) -> dict[str, str]:
    """What the certificate said at a moment."""
    values = recorded_values(certificate)
    for correction in corrections_since(certificate, at).order_by("-decided_at", "-pk"):
        values |= correction.before
    return values


def corrections_since(
    certificate: Accreditation | OuterRef, at: dt.datetime | OuterRef
) -> QuerySet[AccreditationCorrection]:
    """The corrections confirmed after a moment; of a query's own rows where they are ``OuterRef``."""
    return AccreditationCorrection.objects.filter(
        accreditation=certificate, state=CorrectionState.CONFIRMED, decided_at__gt=at
    )


def last_corrections(accreditation_ids: Iterable[int]) -> dict[int, dt.datetime]:
    """When each certificate that was corrected was corrected last, by its key; one query."""
    confirmed = AccreditationCorrection.objects.filter(
        accreditation_id__in=accreditation_ids, state=CorrectionState.CONFIRMED
    )
    return dict(
        confirmed.order_by()
        .values_list("accreditation_id")
        .annotate(last=Max("decided_at"))
        .values_list("accreditation_id", "last")
    )


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One field of a correction with both versions, in words."""

    label: str
    before: str
    after: str


def changed_values(correction: AccreditationCorrection) -> list[ChangedValue]:
    """The fields of a correction in the order of the certificate."""
    return [
        ChangedValue(
            label=str(Accreditation._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
            before=_in_words(name, correction.before.get(name, "")),
            after=_in_words(name, correction.after[name]),
        )
        for name in CORRECTABLE
        if name in correction.after
    ]


def corrections_of(certificate: Accreditation) -> list[AccreditationCorrection]:
    """Every correction of a certificate, the newest first, with its people; one query."""
    found = AccreditationCorrection.objects.filter(accreditation=certificate)
    return list(found.select_related("proposed_by", "decided_by").order_by("-pk"))


def _in_words(name: str, value: str) -> str:
    if name == "kind" and value in AccreditationKind.values:
        return str(AccreditationKind(value).label)
    return value
