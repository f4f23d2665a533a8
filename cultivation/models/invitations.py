"""Invitations: how a person of a firm comes by an account where there is no e-mail."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now

from .firms import Firm


class Invitation(models.Model):
    """A code for one firm that works once, until it expires or is withdrawn. Only its hash is kept."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="invitations", verbose_name=_("firm"))
    code_hash = models.CharField(_("hash of the code"), max_length=64, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), default=now, db_index=True)
    expires_at = models.DateTimeField(_("expires at"))
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(_("used at"), null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    if TYPE_CHECKING:
        firm_id: int
        used_by_id: int | None

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["firm"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="firm_has_one_open_invitation",
            ),
            models.CheckConstraint(
                condition=Q(used_by__isnull=True, used_at__isnull=True)
                | Q(used_by__isnull=False, used_at__isnull=False),
                name="used_invitation_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="withdrawn_invitation_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="used_invitation_is_not_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="invitation_lasts_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.issued_at:%Y-%m-%d}"
