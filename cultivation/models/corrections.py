"""A wrong determination put right: by two people, with both versions on record, never overwritten unseen."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import CorrectionState

from .accreditations import Accreditation, Determination
from .cases import CultivationCase


class AccreditationCorrection(models.Model):
    """What a certificate said (``before``) and should have said (``after``), field by field, as text."""

    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="corrections")
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    reason = models.CharField(_("reason"), max_length=500)
    document = models.CharField(_("document"), max_length=120)
    state = models.CharField(
        _("state"), max_length=10, choices=CorrectionState, default=CorrectionState.PROPOSED
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    if TYPE_CHECKING:
        accreditation_id: int
        proposed_by_id: int

    class Meta:
        ordering = ["accreditation", "pk"]
        verbose_name = _("correction of a certificate")
        verbose_name_plural = _("corrections of certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["accreditation"],
                condition=Q(state=CorrectionState.PROPOSED),
                name="certificate_has_one_correction_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document=""), name="correction_has_a_reason_and_a_document"
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (
                    ~Q(state=CorrectionState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="decided_correction_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="correction_is_confirmed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accreditation_id} {self.state}"


class DeterminationCorrection(models.Model):
    """A determination with the wrong outcome, or for the wrong firm, is lifted; the right one is recorded anew.

    ``case`` is the one that goes back to where it was decided; none where no case rests on the determination any more.
    """

    determination = models.ForeignKey(Determination, models.PROTECT, related_name="corrections")
    case = models.ForeignKey(
        CultivationCase, models.PROTECT, null=True, blank=True, related_name="determination_corrections"
    )
    reason = models.CharField(_("reason"), max_length=500)
    document = models.CharField(_("document"), max_length=60)
    state = models.CharField(
        _("state"), max_length=10, choices=CorrectionState, default=CorrectionState.PROPOSED
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    if TYPE_CHECKING:
        determination_id: int
        case_id: int | None
        proposed_by_id: int

    class Meta:
        ordering = ["determination", "pk"]
        verbose_name = _("correction of a determination")
        verbose_name_plural = _("corrections of determinations")
        constraints = [
            models.UniqueConstraint(
                fields=["determination"],
                condition=~Q(state=CorrectionState.REJECTED),
                name="determination_is_lifted_once",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document=""), name="lifting_has_a_reason_and_a_document"
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (
                    ~Q(state=CorrectionState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="decided_lifting_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="determination_is_lifted_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.determination_id} {self.state}"
