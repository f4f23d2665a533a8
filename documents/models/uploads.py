"""Lists handed in that wait for their sender's confirmation."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ListUpload(models.Model):
    """A table that somebody hands in: it waits for its owner alone, until it is taken over, discarded or expired.

    ``answers``: what was filled in beside the file, as typed; ``headings``: what was said about its headers.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=40)
    file = models.FileField(_("file"), max_length=200)
    original_name = models.CharField(_("original name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    headings = models.JSONField(_("headings"), default=dict, blank=True)
    created_at = models.DateTimeField(_("handed in at"))
    expires_at = models.DateTimeField(_("waits until"), db_index=True)

    class Meta:
        verbose_name = _("list handed in")
        verbose_name_plural = _("lists handed in")
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.original_name
