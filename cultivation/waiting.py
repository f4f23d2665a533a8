"""Who is waited for in which state of a case, and which parameter limits the wait."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cultivation.enums import CaseState, ParameterKey


class WaitingFor(TextChoices):
    """Whose clock runs: who has to do the next thing about a case."""

    FIRM = "firm", _("Firm")
    COUNTY = "county", _("County")
    CITY = "city", _("City")
    REGION = "region", _("Region")


# Whose clock runs in which state; a closed case waits for nobody.
WAITING: Mapping[str, WaitingFor] = {
    CaseState.DRAFT: WaitingFor.FIRM,
    CaseState.SUBMITTED: WaitingFor.COUNTY,
    CaseState.RETURNED: WaitingFor.FIRM,
    CaseState.RECOMMENDED: WaitingFor.CITY,
    CaseState.POOLED: WaitingFor.CITY,
    CaseState.TRAINING: WaitingFor.FIRM,
    CaseState.EXPENSE_REVIEW: WaitingFor.CITY,
    CaseState.READY: WaitingFor.CITY,
    CaseState.FILED: WaitingFor.REGION,
    CaseState.DISCLOSED: WaitingFor.REGION,
    CaseState.DECLINED: WaitingFor.CITY,
}

# Limits of the stages; a stage without one has no service standard (the region's time is not the bureau's to set).
STAGE_LIMITS: Mapping[str, ParameterKey] = {
    CaseState.SUBMITTED: ParameterKey.DAYS_SUBMITTED,
    CaseState.RETURNED: ParameterKey.DAYS_RETURNED,
    CaseState.RECOMMENDED: ParameterKey.DAYS_RECOMMENDED,
    CaseState.POOLED: ParameterKey.DAYS_POOLED,
    CaseState.EXPENSE_REVIEW: ParameterKey.DAYS_EXPENSE_REVIEW,
    CaseState.READY: ParameterKey.DAYS_READY,
    CaseState.DECLINED: ParameterKey.DAYS_DECLINED,
}
