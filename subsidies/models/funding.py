"""Funding lines: a fund's money of one fiscal year, with guard figures that cannot be overdrawn."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.money import ZERO, MoneyField


class FundingLine(models.Model):
    """The figures are the sums of the ledger, kept here so that a check constraint can guard them.

    Only ``services.ledger.post_entry`` changes them. ``subjects`` holds the budget subject codes as data
    (functional, government economic, departmental economic): none is ever hard-coded.
    """

    name = models.CharField(_("name"), max_length=120)
    fund = models.CharField(_("fund"), max_length=120)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    subjects = models.JSONField(_("budget subject codes"), default=dict, blank=True)
    subjects_source = models.CharField(_("source of the subject codes"), max_length=300, blank=True)
    appropriated = MoneyField(_("appropriated"), default=ZERO, editable=False)
    committed = MoneyField(_("committed"), default=ZERO, editable=False)
    paid = MoneyField(_("paid"), default=ZERO, editable=False)

    class Meta:
        ordering = ["-fiscal_year", "name"]
        verbose_name = _("funding line")
        verbose_name_plural = _("funding lines")
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "name", "fiscal_year"], name="funding_line_is_opened_once"
            ),
            models.CheckConstraint(
                condition=Q(appropriated__gte=0, committed__gte=0, paid__gte=0),
                name="funding_line_figures_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(appropriated__gte=F("committed") + F("paid")),
                name="funding_line_is_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.name}"
