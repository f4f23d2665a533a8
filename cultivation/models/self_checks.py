"""A saved self-check: figures the firm or the bureau tried out, with what the rules said of them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import Verdict

from .firms import Firm


class SelfCheck(models.Model):
    """Kept as it was made; it decides nothing. The case's own judgement is an ``Assessment``."""

    append_only = True

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="self_checks")
    rule_set = models.CharField(_("rule set"), max_length=40)
    other_cap = models.CharField(_("reading of the cap on other expenses"), max_length=20)
    facts = models.JSONField(_("facts"))
    result = models.JSONField(_("result"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    inputs_sha256 = models.CharField(_("hash of the inputs"), max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"), default=now)

    if TYPE_CHECKING:
        firm_id: int

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("self-check")
        verbose_name_plural = _("self-checks")

    def __str__(self) -> str:
        return f"{self.firm_id} {self.verdict}"
