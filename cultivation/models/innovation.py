"""What the innovation score rests on: intellectual property used in filings, and the experts' score sheets."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import ExpertKind

from .cases import CultivationCase
from .firms import Firm


class IpUse(models.Model):
    """An item of intellectual property used in a filing; it decides what may be used again (195号 三（二）4).

    ``case`` is empty for filings before this system, which a document proves. Never changed, never deleted.
    """

    append_only = True

    number = models.CharField(_("registration number"), max_length=60, db_index=True)
    ip_class = models.PositiveSmallIntegerField(_("class"))
    kind = models.CharField(_("kind"), max_length=40)
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="ip_uses")
    case = models.ForeignKey(CultivationCase, models.PROTECT, null=True, related_name="ip_uses")
    filed_on = models.DateField(_("filed on"))
    document = models.CharField(_("document"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    if TYPE_CHECKING:
        firm_id: int
        case_id: int | None

    class Meta:
        ordering = ["number", "filed_on", "pk"]
        verbose_name = _("use of intellectual property")
        verbose_name_plural = _("uses of intellectual property")
        constraints = [
            models.UniqueConstraint(
                fields=["number", "firm", "filed_on"], name="property_is_used_once_in_a_filing"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | ~Q(document=""), name="earlier_use_names_its_document"
            ),
            models.CheckConstraint(condition=Q(ip_class__in=[1, 2]), name="property_is_of_class_one_or_two"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.filed_on}"


class ExpertSheet(models.Model):
    """One expert's scores for a case, item by item (195号 附件3 and 附件4); withdrawn with a reason, never edited."""

    case = models.ForeignKey(CultivationCase, models.PROTECT, related_name="expert_sheets")
    expert = models.CharField(_("expert"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=ExpertKind)
    is_leader = models.BooleanField(_("leader of the panel"), default=False)
    scores = models.JSONField(_("scores"))
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=500, blank=True)

    if TYPE_CHECKING:
        case_id: int

    class Meta:
        ordering = ["case", "pk"]
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "expert"],
                condition=Q(withdrawn_at__isnull=True),
                name="expert_scores_a_case_once",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(withdrawn_at__isnull=True, is_leader=True),
                name="panel_has_one_leader",
            ),
            models.CheckConstraint(
                condition=Q(is_leader=False) | Q(kind=ExpertKind.TECHNICAL),
                name="leader_is_a_technical_expert",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="withdrawn_sheet_names_its_person_time_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.expert}"
