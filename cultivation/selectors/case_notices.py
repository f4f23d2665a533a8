"""The letters that were issued about a case."""

from django.db.models import Q, QuerySet

from cultivation.enums import CaseAction
from cultivation.models import CaseEvent, CultivationCase
from documents.api import Notice, NoticeKind, NoticeState


def notices_on(case: CultivationCase) -> QuerySet[Notice]:
    """Standing notices on enrolment, returns and where the case stands, the newest first."""
    returns = CaseEvent.objects.filter(case=case, action=CaseAction.RETURN).values_list("pk", flat=True)
    about = (
        Q(kind=NoticeKind.ENROLMENT, subject=f"case:{case.pk}")
        | Q(kind=NoticeKind.RETURN, subject__in=[f"return:{pk}" for pk in returns])
        | Q(kind=NoticeKind.STATUS, subject__startswith=f"status:{case.pk}:")
    )
    return Notice.objects.filter(about, state=NoticeState.ISSUED).order_by("-issued_at", "-pk")
