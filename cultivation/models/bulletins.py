"""Bulletins (通报) and yearly reports: the figures of a period as they were put on record."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now

from .stock_records import StockRecord


class Bulletin(models.Model):
    """Everything a bulletin says, frozen: quarter 1 to 4, or 0 for the report of the whole year.

    Its stock is a version on record; page, PDF and official document are made of ``content`` alone.
    """

    append_only = True

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    number = models.PositiveSmallIntegerField(_("version"))
    stock = models.ForeignKey(StockRecord, models.PROTECT, related_name="bulletins", verbose_name=_("stock"))
    as_of = models.DateField(_("as of"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drawn up by")
    )
    drawn_up_at = models.DateTimeField(_("drawn up at"), default=now)

    if TYPE_CHECKING:
        stock_id: int
        drawn_up_by_id: int

    class Meta:
        ordering = ["year", "quarter", "number"]
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "quarter", "number"], name="bulletin_of_a_period_has_its_number"
            ),
            models.CheckConstraint(condition=Q(quarter__lte=4), name="bulletin_is_of_a_quarter_or_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.quarter or '-'} {self.number}"


class BulletinFile(models.Model):
    """The bulletin on paper: made once from its content, and the same bytes for whoever fetches it."""

    append_only = True

    bulletin = models.OneToOneField(
        Bulletin, models.PROTECT, related_name="paper", verbose_name=_("bulletin")
    )
    file = models.FileField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    made_at = models.DateTimeField(_("made at"), default=now)

    if TYPE_CHECKING:
        bulletin_id: int

    class Meta:
        ordering = ["bulletin"]
        verbose_name = _("file of a bulletin")
        verbose_name_plural = _("files of bulletins")

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.sha256[:12]}"
