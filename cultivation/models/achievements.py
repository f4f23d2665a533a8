"""What has come about of the programme's other counts, one by one, each with its document."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import RECORDED_MEASURES, TargetMeasure

from .divisions import Division


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def standing(self) -> "AchievementQuerySet":
        """What counts: the last entry of every chain of corrections, unless it was struck."""
        return self.filter(corrected_by__isnull=True, is_struck=False)


class Achievement(models.Model):
    """A technology, platform, talent or team, or a conversion, achieved on a day by a document.

    A wrong entry stays and is followed by one that ``corrects`` it, by a second person and with a reason; the last of
    such a chain counts, unless it is struck. No division: the whole city.
    """

    append_only = True

    measure = models.CharField(
        _("measure"), max_length=20, choices=[(m.value, m.label) for m in RECORDED_MEASURES]
    )
    title = models.CharField(_("name of the achievement"), max_length=200)
    organisation = models.CharField(_("organisation behind it"), max_length=120, blank=True)
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    achieved_on = models.DateField(_("achieved on"))
    document = models.CharField(_("document"), max_length=120)
    evidence = models.ForeignKey(
        "documents.Attachment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("evidence"),
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    is_struck = models.BooleanField(_("struck"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    objects = AchievementQuerySet.as_manager()

    if TYPE_CHECKING:
        division_id: int | None
        evidence_id: int | None
        corrects_id: int | None
        recorded_by_id: int

    class Meta:
        ordering = ["measure", "achieved_on", "pk"]
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        indexes = [models.Index(fields=["measure", "achieved_on"], name="achievement_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(document=""), name="achievement_names_its_document"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=[m.value for m in RECORDED_MEASURES]),
                name="firms_are_counted_not_entered",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, is_struck=False)
                | (Q(corrects__isnull=False) & ~Q(reason="")),
                name="corrected_achievement_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{TargetMeasure(self.measure).label} {self.title}"
