"""The region's decisions as others pull them."""

from django.db.models import QuerySet

from cultivation.enums import DeterminationOutcome
from cultivation.models import Accreditation


def final_determinations() -> QuerySet[Accreditation]:
    """Certificates that rest on a recorded decision of the region; opening data is never matched again (edge 49).

    Revoked ones are among them: what becomes of their awards is for the puller to say (edge case 23).
    """
    return (
        Accreditation.objects.filter(is_opening=False, determination__outcome=DeterminationOutcome.ACCREDITED)
        .select_related("firm", "determination")
        .order_by("pk")
    )
