"""Issued notices: numbered, frozen, hashed, stored."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from documents.enums import NoticeKind, NoticeState

from .basis import PolicyDocument
from .organs import Organ
from .templates import NoticeTemplate


class Notice(ConcurrentTransitionMixin, models.Model):
    """An official notice. Its file is written once, at issue, and never rendered again.

    ``subject`` names what it is about across apps (``award:12``); at most one notice of a kind stands for a subject.
    ``series`` is the number prefix, ``context`` what the template was filled with, ``short_hash`` the code for typing in.
    """

    number = models.CharField(_("document number"), max_length=60, unique=True)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+", verbose_name=_("organ"))
    organ_name = models.CharField(_("name of the organ on the date"), max_length=60)
    series = models.CharField(_("series"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("sequence"))

    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind.choices)
    template = models.ForeignKey(
        NoticeTemplate, on_delete=models.PROTECT, related_name="+", verbose_name=_("template")
    )
    bases = models.ManyToManyField(PolicyDocument, related_name="+", verbose_name=_("legal bases"))
    subject = models.CharField(_("subject"), max_length=60, db_index=True)
    recipient = models.CharField(_("addressee"), max_length=200)
    context = models.JSONField(_("frozen context"))
    html_sha256 = models.CharField(_("SHA-256 of the HTML"), max_length=64)
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64, unique=True)
    short_hash = models.CharField(_("verification code"), max_length=12)
    file = models.FileField(_("file"), max_length=200)
    is_demo = models.BooleanField(_("demonstration"), default=False)

    state = FSMField(
        _("state"), max_length=12, choices=NoticeState.choices, default=NoticeState.ISSUED, protected=True
    )
    issued_on = models.DateField(_("date of issue"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("superseded or voided by"),
    )
    ended_at = models.DateTimeField(_("superseded or voided at"), null=True, blank=True)
    end_reason = models.TextField(_("reason"), blank=True)
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="superseded_by",
        null=True,
        blank=True,
        verbose_name=_("supersedes"),
    )

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar = ["organ", "series", "year", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="notice_number_is_unique", fields=["organ", "series", "year", "sequence"]
            ),
            models.UniqueConstraint(
                name="one_standing_notice_per_kind_and_subject",
                fields=["kind", "subject"],
                condition=Q(state=NoticeState.ISSUED),
            ),
            models.CheckConstraint(name="notice_sequence_begins_at_one", condition=Q(sequence__gte=1)),
            models.CheckConstraint(
                name="notice_state_names_actor_time_and_reason",
                condition=Q(
                    state=NoticeState.ISSUED, ended_by__isnull=True, ended_at__isnull=True, end_reason=""
                )
                | (
                    Q(state__in=[NoticeState.VOID, NoticeState.SUPERSEDED])
                    & Q(ended_by__isnull=False, ended_at__isnull=False)
                    & ~Q(end_reason="")
                ),
                violation_error_message=_("A notice that no longer stands names who ended it, when and why."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=NoticeState.ISSUED, target=NoticeState.VOID)
    def void(self, *, actor: Any, at: Any, reason: str) -> None:
        self._end(actor=actor, at=at, reason=reason)

    @transition(field=state, source=NoticeState.ISSUED, target=NoticeState.SUPERSEDED)
    def supersede(self, *, actor: Any, at: Any, reason: str) -> None:
        """The successor points back by ``supersedes``; it is issued in the same transaction."""
        self._end(actor=actor, at=at, reason=reason)

    def _end(self, *, actor: Any, at: Any, reason: str) -> None:
        self.ended_by, self.ended_at, self.end_reason = actor, at, reason
