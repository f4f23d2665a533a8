"""One firm with its names, places, certificates and changes over time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from cultivation.models import (
    Accreditation,
    CultivationCase,
    Firm,
    FirmDivision,
    FirmName,
    InboundRelocation,
    MaterialChange,
    User,
)
from cultivation.permissions import visible_firms
from cultivation.rules.after_accreditation import change_flag, holds_on

from .certificates import CertificateLine, certificate_lines, with_standing


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A reported change; ``flag`` (Chinese) where it was reported late while a certificate was in force."""

    change: MaterialChange
    flag: str


@dataclass(frozen=True, slots=True)
class FirmDetail:
    """What the page of a firm shows; the newest first, except names and places, which run as they came."""

    firm: Firm
    names: Sequence[FirmName]
    places: Sequence[FirmDivision]
    arrivals: Sequence[InboundRelocation]
    certificates: Sequence[CertificateLine]
    cases: Sequence[CultivationCase]
    changes: Sequence[ChangeLine]


def firm_detail(firm_id: int, user: User | AnonymousUser, on: dt.date) -> FirmDetail:
    """Everything about a firm, in a fixed number of queries.

    Raises ``Firm.DoesNotExist`` for a firm the person may not see.
    """
    firm = (
        visible_firms(user)
        .select_related("division", "zone", "industry_field")
        .prefetch_related("division__names", "names")
        .get(pk=firm_id)
    )
    held = Accreditation.objects.filter(firm=firm).select_related("firm").order_by("-issued_on", "-pk")
    certificates = list(with_standing(held, on))
    changes = MaterialChange.objects.filter(firm=firm).order_by("-happened_on", "-pk")
    return FirmDetail(
        firm=firm,
        names=list(firm.names.all()),
        places=list(
            FirmDivision.objects.filter(firm=firm)
            .select_related("division")
            .prefetch_related("division__names")
            .order_by("valid_from")
        ),
        arrivals=list(
            InboundRelocation.objects.filter(firm=firm)
            .select_related("accreditation")
            .order_by("-moved_on", "-pk")
        ),
        certificates=certificate_lines(certificates, on),
        cases=list(CultivationCase.objects.filter(firm=firm).order_by("-opened_on", "-pk")),
        changes=[ChangeLine(change, _flag(change, certificates)) for change in changes],
    )


def _flag(change: MaterialChange, certificates: Sequence[Accreditation]) -> str:
    """The duty to report is an accredited firm's; without a certificate on the day nothing was late."""
    held = (
        holds_on(change.happened_on, certificate.issued_on, certificate.last_day, certificate.revoked_on)
        for certificate in certificates
    )
    return change_flag(change.happened_on, change.reported_on, change.due_on) if any(held) else ""
