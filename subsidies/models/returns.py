"""Bank returns: the file as it came, and what each of its rows did."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import MoneyField
from subsidies.enums import ReturnOutcome

from .payment_lists import PaymentLine, PaymentList


class BankReturn(models.Model):
    """One load of a return file; the same file may be loaded again and then changes nothing."""

    append_only = True

    payment_list = models.ForeignKey(PaymentList, models.PROTECT, related_name="returns")
    source_file = models.ForeignKey("documents.Attachment", models.PROTECT, related_name="+")
    sha256 = models.CharField(_("hash of the file"), max_length=64)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(_("loaded at"), default=now)

    class Meta:
        ordering = ["payment_list", "pk"]
        verbose_name = _("bank return")
        verbose_name_plural = _("bank returns")

    def __str__(self) -> str:
        return f"{self.payment_list_id} {self.sha256[:12]}"

    if TYPE_CHECKING:
        payment_list_id: int


class BankReturnRow(models.Model):
    """One row of a return file and its effect."""

    append_only = True

    bank_return = models.ForeignKey(BankReturn, models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField(_("row"))
    line = models.ForeignKey(PaymentLine, models.PROTECT, null=True, related_name="return_rows")
    amount = MoneyField(_("amount"), null=True)
    result = models.CharField(_("result as the bank says it"), max_length=120)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ReturnOutcome)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["bank_return", "row"]
        constraints = [
            models.UniqueConstraint(fields=["bank_return", "row"], name="return_row_is_recorded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bank_return_id}/{self.row} {self.outcome}"

    if TYPE_CHECKING:
        bank_return_id: int
        line_id: int | None


class ReturnRowSettlement(models.Model):
    """What a person found out and did about a row that fitted no line; until then the row stays listed."""

    append_only = True

    row = models.OneToOneField(BankReturnRow, models.PROTECT, related_name="settlement")
    note = models.CharField(_("note"), max_length=300)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), default=now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("settled return row")
        verbose_name_plural = _("settled return rows")
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="settled_return_row_says_what_was_done"),
        ]

    def __str__(self) -> str:
        return str(self.row)
