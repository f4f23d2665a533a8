"""Reference geography and fields: counties as units across years, the high-tech zone, technical fields."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cultivation.enums import Verification

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Division(models.Model):
    """A county-level unit (or the city) that stays one unit through renamings and new codes (edge case 25)."""

    key = models.SlugField(
        _("key"), unique=True, help_text=_("Stable name of the unit in pinyin, such as tianyang")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    if TYPE_CHECKING:
        parent_id: int | None
        names: RelatedManager["DivisionName"]

    class Meta:
        ordering = ["order", "key"]
        verbose_name = _("division")
        verbose_name_plural = _("divisions")

    def __str__(self) -> str:
        return self.key

    def name_row_on(self, on: dt.date) -> "DivisionName":
        """The name and code in force on a date; works on prefetched ``names``. Raises ``LookupError``."""
        for row in self.names.all():
            if row.in_force_on(on):
                return row
        raise LookupError(f"division {self.key} has no name on {on}")

    def name_on(self, on: dt.date) -> str:
        return self.name_row_on(on).name

    def code_on(self, on: dt.date) -> str:
        return self.name_row_on(on).code


class DivisionName(models.Model):
    """Name and code of a division over a span of days: valid_from <= day < valid_to."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="names", verbose_name=_("division"))
    code = models.CharField(_("code"), max_length=6, help_text=_("GB/T 2260 code"))
    name = models.CharField(_("name"), max_length=40)
    synonyms = models.CharField(_("synonyms"), max_length=200, blank=True, help_text=_("Separated by commas"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until, exclusive"), null=True, blank=True)
    document = models.CharField(_("approval document"), max_length=60, blank=True)
    document_date = models.DateField(_("date of the document"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ["valid_from"]
        verbose_name = _("division name")
        verbose_name_plural = _("division names")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "valid_from"], name="division_has_one_name_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="division_name_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def in_force_on(self, on: dt.date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class Zone(models.Model):
    """A development zone: a second attribute of a firm, never a county (edge case 48)."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ["name"]
        verbose_name = _("development zone")
        verbose_name_plural = _("development zones")

    def __str__(self) -> str:
        return self.name


class TechnicalField(models.Model):
    """One of the eight fields of 国家重点支持的高新技术领域 (国科发火〔2016〕32号 附件)."""

    ordinal = models.CharField(_("ordinal"), max_length=2, unique=True, help_text=_("一 to 八"))
    name = models.CharField(_("name"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("order"))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ["order"]
        verbose_name = _("technical field")
        verbose_name_plural = _("technical fields")

    def __str__(self) -> str:
        return f"{self.ordinal}、{self.name}"


class IndustryField(models.Model):
    """One of the plan's seven industry fields; synonyms are other spellings in the plan itself."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    synonyms = models.CharField(_("synonyms"), max_length=200, blank=True, help_text=_("Separated by commas"))
    technical_fields = models.ManyToManyField(TechnicalField, blank=True, verbose_name=_("technical fields"))
    order = models.PositiveSmallIntegerField(_("order"))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ["order"]
        verbose_name = _("industry field")
        verbose_name_plural = _("industry fields")

    def __str__(self) -> str:
        return self.name


class Parameter(models.Model):
    """A figure of procedure with its span of validity, source and mark of verification."""

    key = models.CharField(_("parameter"), max_length=40)
    value = models.IntegerField(_("value"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until, exclusive"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    verification = models.CharField(_("verification"), max_length=20, choices=Verification)

    class Meta:
        ordering = ["key", "valid_from"]
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="parameter_has_one_value_from_a_day"),
            models.CheckConstraint(condition=Q(value__gte=0), name="parameter_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
