"""Files handed in by people: untrusted until someone says otherwise."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.enums import AttachmentState


class Attachment(models.Model):
    """An uploaded or imported file, stored under its hash, never under the name it came with."""

    file = models.FileField(_("file"), max_length=200)
    original_name = models.CharField(_("original name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=100)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    state = models.CharField(
        _("state"), max_length=12, choices=AttachmentState.choices, default=AttachmentState.QUARANTINED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("confirmed or rejected by"),
    )
    decided_at = models.DateTimeField(_("confirmed or rejected at"), null=True, blank=True)
    scanner = models.CharField(_("found clean by the scanner"), max_length=100, blank=True)
    reject_reason = models.TextField(_("reason of rejection"), blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attachment_state_names_who_decided",
                condition=Q(
                    state=AttachmentState.QUARANTINED,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    scanner="",
                    reject_reason="",
                )
                | Q(
                    state=AttachmentState.CLEAN,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    scanner="",
                    reject_reason="",
                )
                | (
                    Q(
                        state=AttachmentState.CLEAN,
                        decided_by__isnull=True,
                        decided_at__isnull=False,
                        reject_reason="",
                    )
                    & ~Q(scanner="")
                )
                | (
                    Q(
                        state=AttachmentState.REJECTED,
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        scanner="",
                    )
                    & ~Q(reject_reason="")
                ),
                violation_error_message=_("A checked attachment names who or what decided and when."),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name
