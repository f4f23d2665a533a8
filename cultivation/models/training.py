"""Training sessions and who came: hours are counted a firm, in minutes."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.common.clock import now
from cultivation.enums import SignInState

from .firms import Firm

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class TrainingSession(models.Model):
    """One session on accreditation and R&D expense aggregation (plan, annex 4, 二（一）)."""

    title = models.CharField(_("title"), max_length=120)
    held_on = models.DateField(_("held on"))
    begins_at = models.TimeField(_("begins at"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    code_version = models.PositiveSmallIntegerField(_("number of the sign-in code"), default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=now)
    history = HistoricalRecords()

    if TYPE_CHECKING:
        attendances: RelatedManager["Attendance"]
        sign_ins: RelatedManager["SignIn"]

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="training_session_takes_time")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One person of a firm at a session, with the minutes present; a wrong line is struck out and kept."""

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="attendances")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="attendances")
    attendee = models.CharField(_("attendee"), max_length=60)
    minutes = models.PositiveSmallIntegerField(_("minutes present"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    struck_at = models.DateTimeField(_("struck out at"), null=True, blank=True)
    struck_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["session", "firm", "attendee"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "firm", "attendee"],
                condition=Q(struck_at__isnull=True),
                name="person_attends_a_session_once",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="attendance_takes_time"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_reason="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_reason="")),
                name="struck_attendance_names_person_time_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.attendee}"

    if TYPE_CHECKING:
        session_id: int
        firm_id: int


class SignIn(models.Model):
    """A person's own word, given by the code shown in the room; only a caseworker makes an attendance of it.

    ``firm`` is empty where no firm here has the credit code; ``account`` is set where a firm's user was logged in.
    """

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="sign_ins")
    credit_code = models.CharField(_("unified social credit code"), max_length=18)
    firm = models.ForeignKey(Firm, models.PROTECT, null=True, blank=True, related_name="+")
    attendee = models.CharField(_("attendee"), max_length=60)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed in at"), default=now)
    state = models.CharField(_("state"), max_length=12, choices=SignInState, default=SignInState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "credit_code", "attendee"], name="person_signs_in_at_a_session_once"
            ),
            models.CheckConstraint(
                condition=Q(state=SignInState.WAITING, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=SignInState.WAITING) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="sign_in_decision_names_its_person_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.attendee}"

    if TYPE_CHECKING:
        session_id: int
        firm_id: int | None
