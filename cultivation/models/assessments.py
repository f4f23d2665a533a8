"""What was judged, on which facts, under which rules; and the three checks of a case."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import CheckKind, Verdict

from .cases import CultivationCase


class CaseFacts(models.Model):
    """What the firm declares beside its years, in the shape of the ``assess`` facts (see docs/rules.md).

    ``declared`` holds employees_average, technical_average, ip, field_code, core_ip_owned, conversions,
    expert_scores, incidents and experts, as far as they are known.
    """

    case = models.OneToOneField(CultivationCase, models.PROTECT, related_name="facts")
    declared = models.JSONField(_("declared facts"), default=dict)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(_("updated at"), default=now)

    def __str__(self) -> str:
        return f"{self.case_id}"

    if TYPE_CHECKING:
        case_id: int


class Assessment(models.Model):
    """One judgement, kept whole and never changed: facts, rule set, findings, hash of the inputs."""

    append_only = True

    case = models.ForeignKey(CultivationCase, models.PROTECT, related_name="assessments")
    rule_set = models.CharField(_("rule set"), max_length=40)
    rule_set_sha256 = models.CharField(_("hash of the rule set"), max_length=64, blank=True)
    other_cap = models.CharField(_("reading of the cap on other expenses"), max_length=20)
    facts = models.JSONField(_("facts"))
    result = models.JSONField(_("result"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    inputs_sha256 = models.CharField(_("hash of the inputs"), max_length=64)
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(_("assessed at"), default=now)

    class Meta:
        ordering = ["-assessed_at", "-pk"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.case_id} {self.verdict}"

    if TYPE_CHECKING:
        case_id: int


class CaseCheck(models.Model):
    """The outcome of one check; a reset closes the row with a reason and makes room for another."""

    case = models.ForeignKey(CultivationCase, models.PROTECT, related_name="checks")
    kind = models.CharField(_("check"), max_length=20, choices=CheckKind)
    passed = models.BooleanField(_("passed"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)
    reset_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reset_at = models.DateTimeField(_("reset at"), null=True)
    reset_reason = models.CharField(_("reason of the reset"), max_length=500, blank=True)

    class Meta:
        ordering = ["kind", "-recorded_at", "-pk"]
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(reset_at__isnull=True),
                name="case_has_one_outcome_a_check",
            ),
            models.CheckConstraint(
                condition=Q(reset_at__isnull=True, reset_by__isnull=True, reset_reason="")
                | (Q(reset_at__isnull=False, reset_by__isnull=False) & ~Q(reset_reason="")),
                name="reset_check_names_its_person_time_and_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CheckKind.EXPENSES) | Q(assessment__isnull=False),
                name="expense_check_rests_on_an_assessment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    if TYPE_CHECKING:
        case_id: int
