"""An accreditation against the scheme version that governs it, with the earlier awards of its firm."""

from django.utils.translation import gettext as _

from cultivation.api import AccreditationKind
from subsidies.models import Award, SchemeVersion
from subsidies.rules.eligibility import Eligibility, Reason, eligibility
from subsidies.selectors.claims import past_awards
from subsidies.selectors.revocations import awards_that_settle
from subsidies.selectors.schemes import switches_of


def judge(award: Award, version: SchemeVersion) -> Eligibility:
    """Whether the award's accreditation qualifies under ``version`` (two queries)."""
    earlier = (
        awards_that_settle()
        .filter(scheme_id=award.scheme_id, firm_id=award.firm_id, pk__lt=award.pk)
        .order_by("pk")
    )
    before = past_awards(award.scheme_id, [award.firm_id])[award.firm_id]
    matched = [past.number for past in before if past.accreditation_id == award.accreditation_id]
    return eligibility(
        award.accreditation.kind,
        switches_of(version),
        [*(past.number for past in before), *(row.number for row in earlier)],
        matched[0] if matched else "",
    )


def explain(found: Eligibility, kind: str) -> str:
    """Why it does not, or not yet, qualify; for people."""
    names = {"kind": AccreditationKind(kind).label, "earlier": found.earlier}
    messages = {
        Reason.QUALIFIES: _("It qualifies."),
        Reason.KIND_EXCLUDED: _("The scheme excludes this kind of accreditation: %(kind)s."),
        Reason.KIND_UNDECIDED: _("The scheme has not decided whether this kind qualifies: %(kind)s."),
        Reason.ALREADY_AWARDED: _("The scheme pays once a firm; the firm has the award %(earlier)s."),
        Reason.ALREADY_MATCHED: _(
            "This accreditation was awarded before, by %(earlier)s; it is not matched again."
        ),
        Reason.ONCE_UNDECIDED: _(
            "The scheme has not decided whether it pays once a firm; the firm has the award %(earlier)s."
        ),
    }
    return messages[found.reason] % names
