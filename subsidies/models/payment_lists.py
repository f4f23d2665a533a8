"""Payment lists: drafted by one, checked by another, released by a third; frozen at release."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from config.common.clock import now
from config.common.money import MoneyField
from subsidies.enums import ExportFormat, LineState, ListState

from .awards import Award
from .bank_formats import BankFormat
from .funding import FundingLine

if TYPE_CHECKING:
    from cultivation.api import User

_CHECKED = (ListState.CHECKED, ListState.RELEASED, ListState.SETTLED)
_RELEASED = (ListState.RELEASED, ListState.SETTLED)


class ListCounter(models.Model):
    """The last number of a year's payment lists; locked while a number is given."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class PaymentList(ConcurrentTransitionMixin, models.Model):
    """One list for the finance office over one funding line."""

    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("sequence"))
    number = models.CharField(_("number"), max_length=20, unique=True)
    funding_line = models.ForeignKey(FundingLine, models.PROTECT, related_name="payment_lists")
    purpose = models.CharField(_("purpose"), max_length=120)
    bank_format = models.ForeignKey(BankFormat, models.PROTECT, related_name="+")
    state = FSMField(_("state"), max_length=10, choices=ListState, default=ListState.DRAFT, protected=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"), default=now)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("checked at"), null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("released at"), null=True)
    content_sha256 = models.CharField(_("hash of the released content"), max_length=64, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=300, blank=True)

    if TYPE_CHECKING:
        funding_line_id: int
        bank_format_id: int
        drafted_by_id: int
        checked_by_id: int | None
        released_by_id: int | None

    class Meta:
        ordering = ["-year", "-sequence"]
        verbose_name = _("payment list")
        verbose_name_plural = _("payment lists")
        constraints = [
            models.UniqueConstraint(fields=["year", "sequence"], name="payment_lists_are_numbered_a_year"),
            models.CheckConstraint(
                condition=~Q(state__in=_CHECKED) | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="checked_list_names_its_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_RELEASED)
                | (Q(released_by__isnull=False, released_at__isnull=False) & ~Q(content_sha256="")),
                name="released_list_names_person_time_and_content",
            ),
            models.CheckConstraint(
                condition=~Q(state=ListState.SETTLED) | Q(settled_at__isnull=False),
                name="settled_list_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ListState.CANCELLED)
                | (Q(cancelled_by__isnull=False, cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="cancelled_list_names_person_time_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("drafted_by")),
                name="list_is_checked_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True)
                | (~Q(released_by=F("drafted_by")) & ~Q(released_by=F("checked_by"))),
                name="list_is_released_by_a_third_person",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=ListState.DRAFT, target=ListState.CHECKED)
    def check_off(self, *, by: "User") -> None:
        self.checked_by, self.checked_at = by, now()

    @transition(field=state, source=ListState.CHECKED, target=ListState.RELEASED)
    def release(self, *, by: "User", content_sha256: str) -> None:
        self.released_by, self.released_at = by, now()
        self.content_sha256 = content_sha256

    @transition(field=state, source=ListState.RELEASED, target=ListState.SETTLED)
    def settle(self) -> None:
        self.settled_at = now()

    @transition(field=state, source=[ListState.DRAFT, ListState.CHECKED], target=ListState.CANCELLED)
    def cancel(self, *, by: "User", reason: str) -> None:
        self.cancelled_by, self.cancelled_at = by, now()
        self.cancel_reason = reason


class PaymentLine(models.Model):
    """What is to be paid to whom, copied from firm, account and award when the list is drafted."""

    payment_list = models.ForeignKey(PaymentList, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(_("line"))
    award = models.ForeignKey(Award, models.PROTECT, related_name="payment_lines")
    payee_name = models.CharField(_("payee"), max_length=120)
    credit_code = models.CharField(_("unified social credit code"), max_length=18)
    bank_name = models.CharField(_("bank"), max_length=120)
    clearing_code = models.CharField(_("clearing code"), max_length=12)
    account_number = models.CharField(_("account number"), max_length=40)
    account = models.ForeignKey("cultivation.BankAccount", models.PROTECT, related_name="+")
    amount = MoneyField(_("amount"))
    purpose = models.CharField(_("purpose"), max_length=120)
    subjects = models.JSONField(_("budget subject codes"), default=dict)
    award_year = models.PositiveSmallIntegerField(_("year of the award"))
    # Whose work the amount is, beside who lets it go: so that one constraint keeps these people apart.
    calculated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(_("counts"), default=True, help_text=_("False once cancelled or failed"))
    state = models.CharField(_("state"), max_length=10, choices=LineState, default=LineState.OPEN)
    result_note = models.CharField(_("bank's note"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)

    if TYPE_CHECKING:
        payment_list_id: int
        award_id: int
        account_id: int

    class Meta:
        ordering = ["payment_list", "number"]
        verbose_name = _("payment line")
        verbose_name_plural = _("payment lines")
        constraints = [
            models.UniqueConstraint(fields=["payment_list", "number"], name="payment_lines_are_numbered"),
            models.UniqueConstraint(
                fields=["award"], condition=Q(is_active=True), name="award_is_on_one_live_payment_line"
            ),
            models.UniqueConstraint(
                fields=["payment_list", "credit_code", "award_year"], name="list_pays_a_firm_once_a_year"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(state=LineState.OPEN) | Q(answered_at__isnull=False),
                name="answered_line_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=LineState.FAILED) | Q(is_active=False), name="failed_line_no_longer_counts"
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True)
                | (
                    Q(calculated_by__isnull=False, approved_by__isnull=False)
                    & ~Q(released_by=F("calculated_by"))
                    & ~Q(released_by=F("approved_by"))
                ),
                name="payment_is_released_by_nobody_who_calculated_or_approved_it",
            ),
            models.CheckConstraint(
                condition=Q(state=LineState.OPEN) | Q(released_by__isnull=False),
                name="answered_line_was_released",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_list_id}/{self.number}"


class ReleasedFile(models.Model):
    """An export of a released list, stored as bytes: exporting again gives these very bytes."""

    append_only = True

    payment_list = models.ForeignKey(PaymentList, models.PROTECT, related_name="files")
    format = models.CharField(_("format"), max_length=10, choices=ExportFormat)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("hash"), max_length=64)

    class Meta:
        ordering = ["payment_list", "format"]
        constraints = [
            models.UniqueConstraint(fields=["payment_list", "format"], name="list_has_one_file_a_format"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_list_id}.{self.format}"

    if TYPE_CHECKING:
        payment_list_id: int
