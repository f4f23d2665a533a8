"""What a certificate says and said: confirmed corrections taken back to a moment."""

import datetime as dt
from collections.abc import Callable, Mapping

from django.db.models import QuerySet

from cultivation.enums import CorrectionState
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


def corrections_since(certificate: Accreditation, at: dt.datetime) -> QuerySet[AccreditationCorrection]:
    """The corrections confirmed after a moment."""
    return AccreditationCorrection.objects.filter(
        accreditation=certificate, state=CorrectionState.CONFIRMED, decided_at__gt=at
    )
