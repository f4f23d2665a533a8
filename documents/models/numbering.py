"""The last number given out, per organ, series and year."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .organs import Organ


class NumberSeries(models.Model):
    """A row to lock: numbers run 1…``last`` without gap or repeat within organ, series (prefix) and year."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+", verbose_name=_("organ"))
    prefix = models.CharField(_("series"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering: ClassVar = ["organ", "prefix", "year"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="number_series_is_unique", fields=["organ", "prefix", "year"]),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.year}: {self.last}"


class NumberTicket(models.Model):
    """A place in the queue of a series: whoever renders for numbers from ``first`` on stores them in this order.

    It promises no number: what is stored gets the next one, whoever else came in between. A ticket that has run out
    (its worker was killed) holds nobody up.
    """

    series = models.ForeignKey(NumberSeries, on_delete=models.CASCADE, related_name="tickets")
    first = models.PositiveIntegerField(_("first number"))
    count = models.PositiveIntegerField(_("numbers"))
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("number ticket")
        verbose_name_plural = _("number tickets")
        ordering: ClassVar = ["series", "first", "pk"]

    def __str__(self) -> str:
        return f"{self.series} +{self.count}"
