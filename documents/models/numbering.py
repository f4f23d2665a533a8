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
