"""Public disclosure periods (公示): of the region's accreditations and of proposed awards."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import DisclosureKind


class DisclosurePeriod(models.Model):
    """Published on one day, closed at the end of ``last_day``; the next step is open from the day after."""

    kind = models.CharField(_("kind"), max_length=20, choices=DisclosureKind)
    published_on = models.DateField(_("published on"))
    last_day = models.DateField(_("last day"), help_text=_("The last counted working day"))
    working_days = models.PositiveSmallIntegerField(_("working days"))
    place = models.CharField(_("where published"), max_length=200)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"), default=now)

    class Meta:
        ordering = ["-published_on", "-pk"]
        verbose_name = _("disclosure period")
        verbose_name_plural = _("disclosure periods")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("published_on")), name="disclosure_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(working_days__gt=0), name="disclosure_has_working_days"),
            models.UniqueConstraint(
                fields=["kind", "published_on", "place", "working_days", "last_day"],
                name="the_same_disclosure_is_opened_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.published_on:%Y-%m-%d}..{self.last_day:%Y-%m-%d}"
