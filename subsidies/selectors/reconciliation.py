"""What is known here of the firms a regional document names: in a fixed number of queries a batch."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from config.common.text import fold
from cultivation.api import Accreditation, Firm
from subsidies.enums import Reconciliation
from subsidies.models import RegionalAward
from subsidies.rules.reconciliation import Known, Standing


@dataclass(frozen=True, slots=True)
class FirmFile:
    """A firm, the certificate a row can mean, and the row that stands for this certificate already."""

    firm: Firm
    certificate: Accreditation | None
    standing: RegionalAward | None
    known: Known
    only_opening: bool = False


def firm_files(wanted: Mapping[str, str], on: dt.date) -> dict[str, FirmFile]:
    """The files of the firms by credit code; ``wanted`` maps codes to the certificate the row names ("" for none).

    Without a name the row means the firm's latest certificate issued up to ``on``, the date of the document.
    Opening data is never meant (edge case 49), nor what was recorded wrongly (edge case 50). Four queries.
    """
    firms = list(Firm.objects.filter(credit_code__in=wanted).prefetch_related("names").order_by("pk"))
    certificates: dict[int, list[Accreditation]] = defaultdict(list)
    issued = Accreditation.objects.rightly_recorded().filter(firm__in=firms, issued_on__lte=on)
    for row in issued.order_by("issued_on", "pk"):
        certificates[row.firm_id].append(row)
    chosen = {firm.pk: _choose(certificates[firm.pk], wanted[firm.credit_code]) for firm in firms}
    standing = _standing_rows([row.pk for row in chosen.values() if row is not None])
    return {
        firm.credit_code: _file(firm, chosen[firm.pk], certificates[firm.pk], standing, on) for firm in firms
    }


def _choose(certificates: list[Accreditation], number: str) -> Accreditation | None:
    open_ones = [row for row in certificates if not row.is_opening]
    if number:
        open_ones = [row for row in open_ones if row.certificate_number == number]
    return open_ones[-1] if open_ones else None


def _standing_rows(accreditation_ids: list[int]) -> dict[int, RegionalAward]:
    rows = RegionalAward.objects.filter(
        accreditation_id__in=accreditation_ids,
        outcome__in=[Reconciliation.MATCHED, Reconciliation.AMOUNT_CHANGED],
        corrected_by__isnull=True,
    ).select_related("document__policy")
    return {row.accreditation_id: row for row in rows if row.accreditation_id is not None}


def _file(
    firm: Firm,
    certificate: Accreditation | None,
    all_certificates: list[Accreditation],
    standing_rows: Mapping[int, RegionalAward],
    on: dt.date,
) -> FirmFile:
    standing = standing_rows.get(certificate.pk) if certificate else None
    names = {firm.name, firm.name_on(on), *(row.name_on_certificate for row in all_certificates)}
    return FirmFile(
        firm=firm,
        certificate=certificate,
        standing=standing,
        known=Known(
            names=frozenset(fold(name) for name in names),
            has_certificate=certificate is not None,
            is_revoked=certificate is not None and certificate.revoked_on is not None,
            standing=_standing(standing, on) if standing else None,
        ),
        only_opening=bool(all_certificates) and certificate is None,
    )


def _standing(row: RegionalAward, on: dt.date) -> Standing:
    dated = row.document.policy.issued_on
    return Standing(amount=row.amount, is_later=dated is not None and dated > on)
