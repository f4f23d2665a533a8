"""Messages between office and firm, on a case or apart from any, and notes of the office; what was written stays as it is."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import MessageKind

from .cases import CultivationCase
from .firms import Firm

# A thread is that of a case, or that of a firm apart from its cases.
_ON_ONE_THREAD = Q(case__isnull=False, firm__isnull=True) | Q(case__isnull=True, firm__isnull=False)


class Message(models.Model):
    """One message or note; the table only grows."""

    append_only = True

    case = models.ForeignKey(CultivationCase, models.PROTECT, null=True, blank=True, related_name="messages")
    firm = models.ForeignKey(Firm, models.PROTECT, null=True, blank=True, related_name="messages")
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind)
    text = models.CharField(_("text"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("message between office and firm")
        verbose_name_plural = _("messages between office and firm")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="message_kind_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            models.CheckConstraint(condition=_ON_ONE_THREAD, name="message_is_on_a_case_or_a_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class MessageMark(models.Model):
    """Up to which message a person has read a thread."""

    case = models.ForeignKey(
        CultivationCase, models.CASCADE, null=True, blank=True, related_name="message_marks"
    )
    firm = models.ForeignKey(Firm, models.CASCADE, null=True, blank=True, related_name="message_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    last = models.ForeignKey(Message, models.CASCADE, related_name="+")

    if TYPE_CHECKING:
        user_id: int
        last_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "case"], name="person_has_one_mark_a_thread"),
            models.UniqueConstraint(fields=["user", "firm"], name="person_has_one_mark_a_firm"),
            models.CheckConstraint(condition=_ON_ONE_THREAD, name="mark_is_of_a_case_or_a_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.last_id}"
