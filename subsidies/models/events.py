"""What happened to an award or a payment list, and the daily seal over all events."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from subsidies.enums import AwardState, ListState

from .awards import Award
from .payment_lists import PaymentList


class AwardEvent(models.Model):
    """One step of an award, numbered 1…n without gap; ``from_state`` equals the previous ``to_state``."""

    append_only = True

    award = models.ForeignKey(Award, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("at"), default=now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(_("action"), max_length=40)
    from_state = models.CharField(_("from"), max_length=20, choices=AwardState, blank=True)
    to_state = models.CharField(_("to"), max_length=20, choices=AwardState)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["award", "number"]
        verbose_name = _("award event")
        verbose_name_plural = _("award events")
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="award_events_are_numbered"),
            models.CheckConstraint(
                condition=(Q(number=1) & Q(from_state="")) | (Q(number__gt=1) & ~Q(from_state="")),
                name="only_the_first_award_event_comes_from_nowhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}/{self.number} {self.action}"

    if TYPE_CHECKING:
        award_id: int


class ListEvent(models.Model):
    """One step of a payment list."""

    append_only = True

    payment_list = models.ForeignKey(PaymentList, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("at"), default=now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(_("action"), max_length=40)
    from_state = models.CharField(_("from"), max_length=20, choices=ListState, blank=True)
    to_state = models.CharField(_("to"), max_length=20, choices=ListState)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["payment_list", "number"]
        verbose_name = _("list event")
        verbose_name_plural = _("list events")
        constraints = [
            models.UniqueConstraint(fields=["payment_list", "number"], name="list_events_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_list_id}/{self.number} {self.action}"

    if TYPE_CHECKING:
        payment_list_id: int


class DailySeal(models.Model):
    """SHA-256 over a day's events and ledger entries onto the previous seal: a later change shows."""

    append_only = True

    day = models.DateField(_("day"), unique=True)
    events = models.PositiveIntegerField(_("events"))
    previous = models.CharField(_("previous seal"), max_length=64, blank=True)
    sha256 = models.CharField(_("seal"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), default=now)

    class Meta:
        ordering = ["day"]
        verbose_name = _("daily seal")
        verbose_name_plural = _("daily seals")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.sha256[:12]}"
