"""The region's decisions and the certificates that make up the stock."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import AccreditationKind, DeterminationOutcome, RevocationCause

from .cases import CultivationCase
from .firms import Firm


class Determination(models.Model):
    """The recorded decision of the region about one firm, by document (append-only).

    One that was recorded wrongly is lifted by two people (``DeterminationCorrection``); the right one ``corrects`` it.
    """

    append_only = True

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="determinations")
    case = models.ForeignKey(
        CultivationCase, models.PROTECT, null=True, blank=True, related_name="determinations"
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=DeterminationOutcome)
    document_number = models.CharField(_("document number"), max_length=60)
    document_date = models.DateField(_("date of the document"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name=_("determination it replaces"),
    )
    source_file = models.ForeignKey(
        "documents.Attachment", models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    class Meta:
        ordering = ["document_date", "pk"]
        verbose_name = _("determination")
        verbose_name_plural = _("determinations")
        constraints = [
            models.CheckConstraint(condition=~Q(document_number=""), name="determination_names_its_document"),
            models.UniqueConstraint(
                fields=["firm", "document_number"],
                condition=Q(corrects__isnull=True),
                name="document_decides_about_a_firm_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.outcome} {self.document_number}"

    if TYPE_CHECKING:
        firm_id: int
        case_id: int | None
        corrects_id: int | None
        recorded_by_id: int


class AccreditationQuerySet(models.QuerySet["Accreditation"]):
    """Certificates on record."""

    def rightly_recorded(self) -> "AccreditationQuerySet":
        """Without those that two people took out again because they were recorded wrongly."""
        return self.exclude(revocation_cause=RevocationCause.RECORDED_WRONGLY)


class Accreditation(models.Model):
    """A certificate: valid from ``issued_on`` until before ``expires_on`` (or through it, see ``last_day``).

    ``last_day`` is the last day on which it counts, worked out from the parameters in force when it was
    recorded (edge cases 18 and 47). ``is_opening``: taken over as opening data, never matched by an award; its
    ``source_file`` is the list it came with. Others have that of their determination. One that was recorded wrongly is
    taken out as of its issue, never having counted; its number is free for the firm that holds it.
    """

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="accreditations")
    kind = models.CharField(_("kind"), max_length=10, choices=AccreditationKind)
    certificate_number = models.CharField(_("certificate number"), max_length=20)
    name_on_certificate = models.CharField(_("name on the certificate"), max_length=120)
    issued_on = models.DateField(_("issued on"))
    last_day = models.DateField(_("last day of validity"))
    determination = models.OneToOneField(
        Determination, models.PROTECT, null=True, blank=True, related_name="accreditation"
    )
    is_opening = models.BooleanField(_("opening data"), default=False)
    document_number = models.CharField(_("document number"), max_length=60)
    document_date = models.DateField(_("date of the document"))
    source_file = models.ForeignKey(
        "documents.Attachment", models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)
    revoked_on = models.DateField(_("date of the revocation"), null=True, blank=True)
    revoked_act_year = models.PositiveSmallIntegerField(_("year of the act"), null=True, blank=True)
    revocation_document = models.CharField(_("document of the revocation"), max_length=60, blank=True)
    revocation_cause = models.CharField(
        _("cause of the revocation"), max_length=20, choices=RevocationCause, blank=True
    )
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        ordering = ["issued_on", "pk"]
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        indexes = [
            models.Index(fields=["issued_on", "last_day"], name="certificate_by_span"),
            models.Index(fields=["last_day", "id"], name="certificate_by_end"),
            models.Index(fields=["certificate_number"], name="certificate_by_number"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("issued_on")), name="certificate_has_a_term"),
            models.CheckConstraint(
                condition=Q(is_opening=True) | Q(determination__isnull=False),
                name="certificate_rests_on_a_determination_or_is_opening_data",
            ),
            models.CheckConstraint(
                condition=Q(
                    revoked_on__isnull=True,
                    revoked_act_year__isnull=True,
                    revocation_document="",
                    revoked_by__isnull=True,
                )
                | (
                    Q(revoked_on__isnull=False, revoked_act_year__isnull=False, revoked_by__isnull=False)
                    & ~Q(revocation_document="")
                ),
                name="revocation_names_date_year_document_and_person",
            ),
            models.CheckConstraint(
                condition=Q(revocation_cause="") | Q(revoked_on__isnull=False),
                name="only_a_revocation_has_a_cause",
            ),
            models.UniqueConstraint(
                fields=["certificate_number"],
                condition=~Q(revocation_cause=RevocationCause.RECORDED_WRONGLY),
                name="certificate_number_is_held_once",
            ),
            models.CheckConstraint(
                condition=~Q(revocation_cause=RevocationCause.RECORDED_WRONGLY)
                | Q(revoked_on=F("issued_on"), is_opening=False),
                name="certificate_recorded_wrongly_never_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.certificate_number

    @property
    def is_recorded_wrongly(self) -> bool:
        return self.revocation_cause == RevocationCause.RECORDED_WRONGLY

    if TYPE_CHECKING:
        firm_id: int
        determination_id: int | None
        recorded_by_id: int


class InboundRelocation(models.Model):
    """A firm that moved to Baise; a whole move keeps its certificate (国科发火〔2016〕32号 第十八条)."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="inbound_relocations")
    moved_on = models.DateField(_("moved on"))
    from_place = models.CharField(_("moved from"), max_length=120)
    is_whole = models.BooleanField(_("whole relocation"))
    is_inside_guangxi = models.BooleanField(_("from another place in Guangxi"), default=False)
    accreditation = models.ForeignKey(
        Accreditation, models.PROTECT, null=True, blank=True, related_name="inbound_relocations"
    )
    document_number = models.CharField(_("document number"), max_length=60)
    document_date = models.DateField(_("date of the document"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    class Meta:
        ordering = ["moved_on", "pk"]
        verbose_name = _("inbound relocation")
        verbose_name_plural = _("inbound relocations")
        constraints = [
            models.UniqueConstraint(fields=["firm", "moved_on"], name="firm_moves_in_once_a_day"),
            models.CheckConstraint(
                condition=Q(is_whole=True) | Q(is_inside_guangxi=True) | Q(accreditation__isnull=True),
                name="partial_move_needs_fresh_accreditation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.moved_on}"

    if TYPE_CHECKING:
        firm_id: int
