"""What has to come back from a paid award, worked out from the records and never typed in."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from config.common.money import ZERO
from subsidies.enums import EntryKind
from subsidies.models import Award, LedgerEntry
from subsidies.rules.matching import NothingToMatch
from subsidies.rules.provenance import derive

from .regional_awards import latest_correction
from .revocations import describe_revocation, revocation_reaching


@dataclass(frozen=True, slots=True)
class Recovery:
    """``due``: the exact difference in yuan; ``recovered``: what came back so far; ``cause`` names the document."""

    due: Decimal
    recovered: Decimal
    cause: str

    @property
    def outstanding(self) -> Decimal:
        return max(self.due - self.recovered, ZERO)


def recovery_of(award: Award) -> Recovery:
    """The difference between what was paid and what is owed by now (edge cases 23 and 34).

    A revocation that reaches the accreditation, or its having been recorded wrongly, takes the whole amount; a later document of the region that cuts the
    grant takes the amount less the matching of the cut grant.
    """
    due, cause = ZERO, ""
    amount = award.amount or ZERO
    revocation = revocation_reaching(award)
    if revocation is not None:
        due = amount
        cause = describe_revocation(revocation)
    elif award.regional_award is not None:
        correction = latest_correction(award.regional_award)
        if correction is not None:
            owed = _matched(correction.amount, award)
            due = max(amount - owed, ZERO)
            cause = _("%(document)s changed the region's amount to %(amount)s yuan.") % {
                "document": correction.document.policy.document_number,
                "amount": f"{correction.amount:.2f}",
            }
    recovered = LedgerEntry.objects.filter(award=award, kind=EntryKind.RECOVERED).aggregate(sum=Sum("amount"))
    return Recovery(due, recovered["sum"] or ZERO, cause)


def _matched(regional: Decimal, award: Award) -> Decimal:
    """What the award would have been for another grant of the region, all else as it was calculated."""
    if award.calculation is None:
        return ZERO
    inputs = award.calculation.inputs
    try:
        granted = {**inputs["regional_award"], "amount": f"{regional:.2f}"}
        matched = derive({**inputs, "regional_award": granted, "override": None}).amount
    except NothingToMatch:
        return ZERO
    return min(matched, Decimal(inputs["override"]["amount"])) if inputs.get("override") else matched
