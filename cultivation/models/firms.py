"""Firms: identity by credit code; name and place over time; contacts; the account money goes to."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.common.clock import now
from config.common.money import MoneyField
from cultivation.enums import AccountState, FirmTier

from .divisions import Division, IndustryField, Zone
from .initials import InitialsField

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Firm(models.Model):
    """A legal person. ``name`` and ``division`` are the present ones; the history rows know the others."""

    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="firms",
        verbose_name=_("division"),
        help_text=_("Empty: outside Baise"),
    )
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, verbose_name=_("development zone"))
    industry_field = models.ForeignKey(
        IndustryField, models.PROTECT, null=True, blank=True, verbose_name=_("industry field")
    )
    registered_on = models.DateField(_("registered on"))
    tier = models.CharField(_("tier"), max_length=20, choices=FirmTier, default=FirmTier.NONE)
    tier_source = models.CharField(_("document behind the tier"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    registered_capital = MoneyField(_("registered capital in yuan"), null=True, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    is_demo = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(_("created at"), default=now, editable=False)

    history = HistoricalRecords()

    if TYPE_CHECKING:
        division_id: int | None
        names: RelatedManager["FirmName"]
        places: RelatedManager["FirmDivision"]
        contacts: RelatedManager["Contact"]
        accounts: RelatedManager["BankAccount"]

    class Meta:
        ordering = ["credit_code"]
        verbose_name = _("firm")
        verbose_name_plural = _("firms")
        constraints = [
            models.CheckConstraint(
                condition=Q(tier=FirmTier.NONE) | ~Q(tier_source=""), name="firm_tier_names_its_document"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def name_on(self, on: dt.date) -> str:
        """The name in force on a date (edge case 22); works on prefetched ``names``."""
        rows = [row for row in self.names.all() if row.valid_from <= on]
        return max(rows, key=lambda row: row.valid_from).name if rows else self.name


class FirmName(models.Model):
    """A name from a day on, until the next row's day; old names stay searchable."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="names")
    name = models.CharField(_("name"), max_length=120, db_index=True)
    initials = InitialsField(_("pinyin initials"), max_length=120, editable=False)
    valid_from = models.DateField(_("valid from"))
    document = models.CharField(_("document"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["valid_from"]
        # Whoever searches by initials reads this index from end to end, never the table.
        indexes = [models.Index(fields=["initials", "firm"], name="firm_name_by_initials")]
        constraints = [
            models.UniqueConstraint(fields=["firm", "valid_from"], name="firm_has_one_name_from_a_day"),
        ]

    def __str__(self) -> str:
        return self.name


class FirmDivision(models.Model):
    """Where a firm belongs from a day on, until the next row's day; no division: outside Baise."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="places")
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("valid from"))
    document = models.CharField(_("document"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["firm", "valid_from"], name="firm_is_in_one_place_from_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.division or '-'} {self.valid_from}"

    if TYPE_CHECKING:
        firm_id: int
        division_id: int | None


class Contact(models.Model):
    """A person at the firm; the phone is masked except to finance and the firm itself."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_primary = models.BooleanField(_("first contact"), default=True)

    class Meta:
        ordering = ["-is_primary", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=Q(is_primary=True), name="firm_has_one_first_contact"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BankAccount(models.Model):
    """An account of a firm; money goes only to the one that a second person has confirmed (edge case 36)."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="accounts")
    holder = models.CharField(_("account holder"), max_length=120)
    bank_name = models.CharField(_("bank"), max_length=120)
    clearing_code = models.CharField(_("clearing code"), max_length=12)
    number = models.CharField(_("account number"), max_length=40)
    state = models.CharField(_("state"), max_length=20, choices=AccountState, default=AccountState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    if TYPE_CHECKING:
        firm_id: int
        proposed_by_id: int
        decided_by_id: int | None

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"],
                condition=Q(state=AccountState.CONFIRMED),
                name="firm_has_one_confirmed_account",
            ),
            models.UniqueConstraint(
                fields=["firm"],
                condition=Q(state=AccountState.PROPOSED),
                name="firm_has_one_account_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state=AccountState.PROPOSED)
                | (Q(decided_by__isnull=False) & Q(decided_at__isnull=False)),
                name="account_decision_names_its_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="account_is_confirmed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} …{self.number[-4:]}"
