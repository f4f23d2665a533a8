"""Training hours of a firm since its enrolment."""

from django.db.models import Max

from cultivation.enums import ParameterKey
from cultivation.models import Attendance, CultivationCase

from .parameters import parameter


def training_minutes(case: CultivationCase) -> int:
    """Minutes of training since enrolment: for each session the longest presence of one person of the firm.

    Two people at one session do not make it longer. Before enrolment there is nothing to count.
    """
    if case.pooled_on is None:
        return 0
    longest = (
        Attendance.objects.filter(firm_id=case.firm_id, session__held_on__gte=case.pooled_on)
        .order_by()
        .values("session_id")
        .annotate(longest=Max("minutes"))
        .values_list("longest", flat=True)
    )
    return sum(longest)


def training_minutes_required(case: CultivationCase) -> int:
    """The parameter ``training_hours`` on the day of enrolment, in minutes."""
    if case.pooled_on is None:
        return 0
    return parameter(ParameterKey.TRAINING_HOURS, case.pooled_on) * 60
