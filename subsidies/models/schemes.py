"""Award schemes as dated versions; a version is published by a second person and then fixed."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import MoneyField
from subsidies.enums import Decision, OncePer, Rounding, SchemeState, Stacking


class Scheme(models.Model):
    """One promise of money, such as the one-off matching reward for new accreditations."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_demo = models.BooleanField(_("made up for the demonstration"), default=False)

    class Meta:
        ordering = ["key"]
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")

    def __str__(self) -> str:
        return self.name


class SchemeVersion(models.Model):
    """The terms of a scheme from a day on (plan, annex 4, 二（三）: 按自治区奖励 1:1 的比例给予一次性奖励补助)."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    basis = models.ForeignKey(
        "documents.PolicyDocument", models.PROTECT, related_name="+", verbose_name=_("basis")
    )
    ratio_numerator = models.PositiveIntegerField(_("city's share"), default=1)
    ratio_denominator = models.PositiveIntegerField(_("region's share"), default=1)
    first_eligible = models.CharField(
        _("first accreditation"), max_length=10, choices=Decision, default=Decision.YES
    )
    renewal_eligible = models.CharField(
        _("renewal"), max_length=10, choices=Decision, default=Decision.UNDECIDED
    )
    inbound_eligible = models.CharField(
        _("moved in"), max_length=10, choices=Decision, default=Decision.UNDECIDED
    )
    once_per = models.CharField(_("once per"), max_length=15, choices=OncePer, default=OncePer.UNDECIDED)
    cap = MoneyField(_("cap an award"), null=True, blank=True)
    rounding = models.CharField(_("rounding"), max_length=15, choices=Rounding, default=Rounding.FEN_HALF_UP)
    stacking = models.CharField(
        _("awards from elsewhere"), max_length=10, choices=Stacking, default=Stacking.UNDECIDED
    )
    exclusions = models.JSONField(_("what excludes a firm"), default=list, blank=True)
    fund = models.CharField(_("fund"), max_length=120, blank=True, help_text=_("Empty: any fund"))
    window_opens_on = models.DateField(_("applications from"), null=True, blank=True)
    window_closes_on = models.DateField(_("applications until"), null=True, blank=True)
    disclosure_required = models.BooleanField(_("disclosed before approval"), default=True)
    disclosure_source = models.CharField(_("source of the disclosure rule"), max_length=300, blank=True)
    recovery_returns_to_line = models.BooleanField(
        _("recovered money returns to the funding line"), default=False
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until, exclusive"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SchemeState, default=SchemeState.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"), default=now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True)

    if TYPE_CHECKING:
        scheme_id: int
        drafted_by_id: int
        published_by_id: int | None

    class Meta:
        ordering = ["scheme", "number"]
        verbose_name = _("scheme version")
        verbose_name_plural = _("scheme versions")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(ratio_numerator__gt=0, ratio_denominator__gt=0), name="scheme_ratio_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(cap__gt=0), name="scheme_cap_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(disclosure_required=True) | ~Q(disclosure_source=""),
                name="scheme_without_disclosure_names_its_source",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="scheme_version_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(window_opens_on__isnull=True, window_closes_on__isnull=True)
                | Q(window_opens_on__isnull=False, window_closes_on__gte=F("window_opens_on")),
                name="scheme_window_has_both_ends_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state=SchemeState.DRAFT, published_by__isnull=True, published_at__isnull=True)
                | Q(state=SchemeState.PUBLISHED, published_by__isnull=False, published_at__isnull=False),
                name="published_scheme_names_its_publisher_and_time",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("drafted_by")),
                name="scheme_is_published_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id} v{self.number}"
