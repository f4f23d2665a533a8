"""How a bank wants its batch file: versions of a format as data, published by a second person and then fixed."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from subsidies.enums import AmountUnit, Delimiter, LineEnd, TextEncoding

GENERAL = "general"
_SPECIFIC = Q(drafted_by__isnull=False) & (
    Q(published_by__isnull=True, published_at__isnull=True)
    | Q(published_by__isnull=False, published_at__isnull=False)
)
# The version every installation begins with: nobody here has drafted it, and its source says so.
_DELIVERED = Q(
    key=GENERAL, number=1, drafted_by__isnull=True, published_by__isnull=True, published_at__isnull=False
)


class BankFormat(models.Model):
    """One version of one bank's format. A list takes the version in force when it is drafted, and keeps it.

    ``columns`` are pairs of header and :class:`~subsidies.enums.BankField`, in order.
    """

    key = models.SlugField(_("key"))
    number = models.PositiveSmallIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=60)
    columns = models.JSONField(_("columns"))
    delimiter = models.CharField(_("delimiter"), max_length=1, choices=Delimiter)
    encoding = models.CharField(_("encoding"), max_length=10, choices=TextEncoding)
    line_end = models.CharField(_("line end"), max_length=4, choices=LineEnd)
    has_headers = models.BooleanField(_("with a record of headers"))
    has_control = models.BooleanField(_("with a record of the control figures"))
    amount_unit = models.CharField(_("amounts in"), max_length=4, choices=AmountUnit)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("The bank's document that asks for this form.")
    )
    valid_from = models.DateField(_("valid from"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted at"), default=now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published at"), null=True)

    if TYPE_CHECKING:
        drafted_by_id: int | None
        published_by_id: int | None

    class Meta:
        ordering = ["key", "-number"]
        verbose_name = _("bank format")
        verbose_name_plural = _("bank formats")
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="bank_formats_are_numbered"),
            models.CheckConstraint(
                condition=_SPECIFIC | _DELIVERED, name="bank_format_names_its_people_and_time"
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("drafted_by")),
                name="bank_format_is_published_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(source=""), name="bank_format_has_name_and_source"
            ),
            models.CheckConstraint(
                condition=Q(delimiter__in=Delimiter.values)
                & Q(encoding__in=TextEncoding.values)
                & Q(line_end__in=LineEnd.values)
                & Q(amount_unit__in=AmountUnit.values),
                name="bank_format_chooses_from_the_closed_lists",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"
