"""Files made in the background for the person who asked: large tables, dossiers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.enums import PreparedState


class PreparedFile(models.Model):
    """One wish for a file, how far it is, and the file until it expires. ``leased_until``: a worker has it until then."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=40)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    name = models.CharField(_("file name"), max_length=200)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=12, choices=PreparedState, default=PreparedState.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), default=0)
    leased_until = models.DateTimeField(_("with a worker until"), null=True, blank=True)
    file = models.FileField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    error = models.TextField(_("error"), blank=True)
    asked_at = models.DateTimeField(_("asked for at"))
    expires_at = models.DateTimeField(_("kept until"), db_index=True)

    class Meta:
        verbose_name = _("prepared file")
        verbose_name_plural = _("prepared files")
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["owner", "-asked_at"], name="prepared_files_of_a_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="prepared_file_is_there_failed_or_waiting",
                condition=(Q(state=PreparedState.WAITING, file="", error=""))
                | (
                    Q(state=PreparedState.DONE, error="", leased_until__isnull=True)
                    & ~Q(file="")
                    & ~Q(sha256="")
                )
                | (Q(state=PreparedState.FAILED, file="", leased_until__isnull=True) & ~Q(error="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
