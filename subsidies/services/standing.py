"""What has to hold for an award on every step towards payment: its certificate and its basis still stand."""

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import corrections_since
from subsidies.models import Award, FundingLine, SchemeVersion
from subsidies.selectors.claims import (
    describe_exclusion,
    describe_receipts,
    exclusion_of,
    receipts_differ,
    standing_receipts,
)
from subsidies.selectors.regional_awards import latest_correction
from subsidies.selectors.revocations import describe_revocation, revocation_reaching


def require_certificate(award: Award) -> None:
    """``Refused`` (certificate_revoked) where the accreditation, or one that reaches it, was revoked (edge case 23), or
    its own was recorded wrongly."""
    own = award.accreditation
    certificate = own if own.revoked_on is not None else revocation_reaching(award)
    if certificate is not None and certificate.is_recorded_wrongly:
        raise Refused("certificate_revoked", describe_revocation(certificate))
    if certificate is not None and certificate.revoked_on is not None:
        raise Refused(
            "certificate_revoked",
            _("The certificate %(number)s was revoked on %(date)s.")
            % {"number": certificate.certificate_number, "date": certificate.revoked_on.isoformat()},
        )


def require_current_basis(award: Award) -> None:
    """``Refused`` where what the award was calculated from was corrected since: basis_changed by a later document of
    the region, certificate_corrected by two people here (edge case 50), receipts_changed by money from elsewhere."""
    later = latest_correction(award.regional_award) if award.regional_award is not None else None
    if later is not None:
        raise Refused(
            "basis_changed",
            _("The region's document %(number)s changed the amount to %(amount)s yuan after the calculation.")
            % {"number": later.document.policy.document_number, "amount": f"{later.amount:.2f}"},
        )
    calculation = award.calculation
    if calculation is not None and corrections_since(award.accreditation, calculation.calculated_at).exists():
        raise Refused(
            "certificate_corrected",
            _("The certificate was corrected after the calculation; it is to be calculated afresh."),
        )
    if receipts_differ(award, standing_receipts(award)):
        raise Refused("receipts_changed", describe_receipts())


def require_not_excluded(award: Award, version: SchemeVersion | None) -> None:
    """``Refused`` (excluded) while an authority's finding that the scheme names stands against the firm."""
    exclusion = exclusion_of(award, version, today()) if version is not None and version.exclusions else None
    if exclusion is not None:
        raise Refused("excluded", describe_exclusion(exclusion))


def require_fund(award: Award, funding_line: FundingLine) -> None:
    """``Refused`` (other_fund) where the scheme is paid from another fund than the line's."""
    fund = award.version.fund if award.version is not None else ""
    if fund and fund != funding_line.fund:
        raise Refused(
            "other_fund",
            _("The scheme is paid from “%(fund)s”; the line belongs to “%(other)s”.")
            % {"fund": fund, "other": funding_line.fund},
        )
