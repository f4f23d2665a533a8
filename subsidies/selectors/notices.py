"""Awards and their grant notices."""

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from documents.api import Notice, NoticeKind, NoticeState
from subsidies.enums import AwardState
from subsidies.models import Award

NOTICE_STATES = (AwardState.APPROVED, AwardState.LISTED, AwardState.PAID)


def awards_without_notice() -> QuerySet[Award]:
    """Awards that may have a grant notice and have none that stands, by county and firm."""
    standing = Notice.objects.filter(
        kind=NoticeKind.GRANT,
        state=NoticeState.ISSUED,
        subject=Concat(Value("award:"), Cast(OuterRef("pk"), CharField())),
    )
    return (
        Award.objects.filter(~Exists(standing), state__in=NOTICE_STATES)
        .select_related("firm__division", "accreditation")
        .prefetch_related("firm__division__names")
        .order_by("firm__division__key", "firm__name", "pk")
    )
