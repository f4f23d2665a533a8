"""Training sessions and who came: hours are counted a firm, in minutes."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now

from .firms import Firm


class TrainingSession(models.Model):
    """One session on accreditation and R&D expense aggregation (plan, annex 4, 二（一）)."""

    title = models.CharField(_("title"), max_length=120)
    held_on = models.DateField(_("held on"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=now)

    if TYPE_CHECKING:
        attendances: models.Manager["Attendance"]

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="training_session_takes_time")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One person of a firm at a session, with the minutes present."""

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="attendances")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="attendances")
    attendee = models.CharField(_("attendee"), max_length=60)
    minutes = models.PositiveSmallIntegerField(_("minutes present"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    class Meta:
        ordering = ["session", "firm", "attendee"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "firm", "attendee"], name="person_attends_a_session_once"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="attendance_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.attendee}"

    if TYPE_CHECKING:
        session_id: int
        firm_id: int
