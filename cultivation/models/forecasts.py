"""What a forecast starts from, and every forecast that was made, as it was made."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import Verification

from .divisions import Division


class ForecastPrior(models.Model):
    """What is thought of one figure before the history speaks, worth ``weight`` observed firms or years.

    ``value`` is a share, a number a year, firms or days, as its key says (``forecasting.priors``). A figure that
    changes gets an end and a new row, so that an earlier forecast can be made again.
    """

    key = models.SlugField(_("key"), max_length=40)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=6)
    weight = models.DecimalField(_("weight"), max_digits=12, decimal_places=4)
    lead_days = models.PositiveSmallIntegerField(_("days needed to the certificate"), default=0)
    meaning = models.CharField(_("meaning"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until, exclusive"), null=True, blank=True)
    verification = models.CharField(_("verification"), max_length=20, choices=Verification)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ["key", "valid_from"]
        verbose_name = _("prior of the forecast")
        verbose_name_plural = _("priors of the forecast")
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="prior_has_one_value_from_a_day"),
            models.CheckConstraint(condition=Q(value__gte=0, weight__gt=0), name="prior_is_worth_something"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="prior_holds_for_a_time",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="prior_names_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class ForecastSnapshot(models.Model):
    """One forecast as it was made: what it started from, the priors, and the answer; ``sha256`` covers all three."""

    append_only = True

    year = models.PositiveSmallIntegerField(_("year"))
    as_of = models.DateField(_("as of"))
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    inputs = models.JSONField(_("inputs"))
    priors = models.JSONField(_("priors of the forecast"))
    result = models.JSONField(_("result"))
    sha256 = models.CharField(_("hash of inputs, priors and result"), max_length=64)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    if TYPE_CHECKING:
        division_id: int | None

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("recorded forecast")
        verbose_name_plural = _("recorded forecasts")
        constraints = [
            models.CheckConstraint(
                condition=Q(year__gte=F("as_of__year")), name="forecast_looks_ahead_of_its_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} / {self.as_of}"


class BacktestRecord(models.Model):
    """How good the forecasts of past days would have been, as it was reckoned once; ``content`` says it all."""

    append_only = True

    until = models.DateField(_("as of"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("recorded back-test")
        verbose_name_plural = _("recorded back-tests")

    def __str__(self) -> str:
        return f"{self.until}"
