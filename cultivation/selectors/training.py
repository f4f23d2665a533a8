"""Training: the sessions, who came to them, and the hours of a firm since its enrolment."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from cultivation.enums import OPEN_CASE_STATES, ParameterKey, Role, SignInState
from cultivation.models import Attendance, CultivationCase, SignIn, TrainingSession, User
from cultivation.permissions import visible_firms

from .parameters import parameter


def training_minutes(case: CultivationCase) -> int:
    """Minutes of training since enrolment: for each session the longest presence of one person of the firm.

    Two people at one session do not make it longer. Before enrolment there is nothing to count.
    """
    if case.pooled_on is None:
        return 0
    longest = (
        Attendance.objects.filter(
            firm_id=case.firm_id, session__held_on__gte=case.pooled_on, struck_at__isnull=True
        )
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


def standing_attendance(session: TrainingSession) -> QuerySet[Attendance]:
    """The lines that count: everything that has not been struck out."""
    return Attendance.objects.filter(session=session, struck_at__isnull=True)


def sessions_of(year: int) -> QuerySet[TrainingSession]:
    """The sessions of a year, the latest first, each with ``people`` and ``firms`` that came and ``waiting`` sign-ins."""
    standing = Q(attendances__struck_at__isnull=True)
    return (
        TrainingSession.objects.filter(held_on__year=year)
        .annotate(
            people=Count("attendances", filter=standing, distinct=True),
            firms=Count("attendances__firm", filter=standing, distinct=True),
            waiting=Count("sign_ins", filter=Q(sign_ins__state=SignInState.WAITING), distinct=True),
        )
        .order_by("-held_on", "-pk")
    )


def years_of_sessions(present: int) -> list[int]:
    """The years that have sessions, and the present one, the latest first."""
    years = set(TrainingSession.objects.order_by().values_list("held_on__year", flat=True).distinct())
    return sorted(years | {present}, reverse=True)


def attendance_for(user: User, session: TrainingSession) -> QuerySet[Attendance]:
    """Who came, of the firms that the person may see; struck lines are for the city's people alone."""
    rows = Attendance.objects.filter(session=session, firm__in=visible_firms(user))
    if not user.has_role(Role.CASEWORKER, Role.REVIEWER, Role.AUDITOR):
        rows = rows.filter(struck_at__isnull=True)
    return rows.select_related("firm", "recorded_by", "struck_by").order_by("firm__name", "attendee", "pk")


@dataclass(frozen=True, slots=True)
class SignInLine:
    """A sign-in that waits; ``enrolled``: whether the firm's hours count since it is in the pool."""

    sign_in: SignIn
    enrolled: bool


def waiting_sign_ins(session: TrainingSession) -> Sequence[SignInLine]:
    """What people said themselves and nobody has confirmed (two queries)."""
    rows = list(session.sign_ins.filter(state=SignInState.WAITING).select_related("firm", "account"))
    enrolled = set(
        CultivationCase.objects.filter(
            firm_id__in=[row.firm_id for row in rows],
            state__in=OPEN_CASE_STATES,
            pooled_on__lte=session.held_on,
        ).values_list("firm_id", flat=True)
    )
    return [SignInLine(row, row.firm_id in enrolled) for row in rows]


def sessions_ahead(on: dt.date) -> QuerySet[TrainingSession]:
    """The sessions that are still to be held, the nearest first; a handful, as a bureau plans them."""
    return TrainingSession.objects.filter(held_on__gte=on).order_by("held_on", "pk")[:10]
