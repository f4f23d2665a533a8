"""What happened to a case, and what was tried and refused; both tables only grow."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import CaseState

from .cases import CultivationCase


class CaseEvent(models.Model):
    """One step of a case, numbered 1…n without gap; ``from_state`` equals the previous ``to_state``."""

    append_only = True

    case = models.ForeignKey(CultivationCase, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("at"), default=now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(_("action"), max_length=40)
    from_state = models.CharField(_("from"), max_length=20, choices=CaseState, blank=True)
    to_state = models.CharField(_("to"), max_length=20, choices=CaseState)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["case", "number"]
        verbose_name = _("case event")
        verbose_name_plural = _("case events")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="case_events_are_numbered"),
            models.CheckConstraint(
                condition=(Q(number=1) & Q(from_state="")) | (Q(number__gt=1) & ~Q(from_state="")),
                name="only_the_first_case_event_comes_from_nowhere",
            ),
            models.CheckConstraint(
                condition=~Q(to_state__in=[CaseState.RETURNED, CaseState.REMOVED, CaseState.DECLINED])
                | Q(to_state=F("from_state"))
                | ~Q(reason=""),
                name="case_event_against_the_firm_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.action}"

    if TYPE_CHECKING:
        case_id: int


class RefusedAttempt(models.Model):
    """An act that was refused, written after the rollback in a transaction of its own.

    ``subject`` is the record it was about (``award:12``), ``subject_name`` what that record was called then.
    """

    append_only = True

    at = models.DateTimeField(_("at"), default=now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=80)
    subject_name = models.CharField(_("name of the subject"), max_length=200, blank=True, default="")
    code = models.CharField(_("code"), max_length=60)
    message = models.TextField(_("message"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("refused attempt")
        verbose_name_plural = _("refused attempts")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}: {self.code}"
