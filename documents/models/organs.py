"""Organs that issue notices, and their names over time."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Organ(models.Model):
    """An issuing organ as a unit across its renamings."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    is_demo = models.BooleanField(_("invented for the demonstration"), default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("issuing organ")
        verbose_name_plural = _("issuing organs")
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key


class OrganName(models.Model):
    """A name of an organ with its number prefix, in force from ``valid_from`` until the day before ``valid_to``."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="names", verbose_name=_("organ"))
    name = models.CharField(_("name in signatures"), max_length=60)
    mark_name = models.CharField(
        _("name on the red head"), max_length=60, help_text=_("Full or standard short name, without 文件.")
    )
    number_prefix = models.CharField(
        _("prefix of document numbers"), max_length=20, help_text=_("For example 百科字.")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until before"), null=True, blank=True)
    source = models.TextField(
        _("source"), help_text=_("The document that gives the name, or that it is unverified.")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("name of an organ")
        verbose_name_plural = _("names of organs")
        ordering: ClassVar = ["organ", "valid_from", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organ_name_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("A name ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
