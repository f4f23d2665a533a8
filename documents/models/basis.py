"""Policy documents that acts rest on (政策依据)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from documents.enums import SourceMark


class PolicyDocument(models.Model):
    """A document of an authority. One without number or date can be read and previewed from, never cited in an issued notice."""

    Mark = SourceMark

    title = models.CharField(_("title"), max_length=200, help_text=_("Without the title marks 《》."))
    issuer = models.CharField(_("issuer"), max_length=100)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    is_formal = models.BooleanField(
        _("formally issued"), default=False, help_text=_("Issued with a number and a date, not a draft.")
    )
    source = models.TextField(
        _("source"), help_text=_("Where the text was read: address, file or archive number.")
    )
    mark = models.CharField(
        _("verification"), max_length=12, choices=SourceMark.choices, default=SourceMark.UNVERIFIED
    )
    is_demo = models.BooleanField(_("invented for the demonstration"), default=False)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        ordering: ClassVar = ["-issued_on", "document_number", "title", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="formal_policy_document_has_number_and_date",
                condition=Q(is_formal=False) | (~Q(document_number="") & Q(issued_on__isnull=False)),
                violation_error_message=_("A formally issued document has a number and a date."),
            ),
            models.UniqueConstraint(
                name="policy_document_number_is_unique",
                fields=["issuer", "document_number"],
                condition=~Q(document_number=""),
                violation_error_message=_("This issuer already has a document with this number."),
            ),
        ]

    def __str__(self) -> str:
        return self.citation

    @property
    def citation(self) -> str:
        """《title》（number）, as an official document cites it; without brackets where there is no number."""
        return f"《{self.title}》（{self.document_number}）" if self.document_number else f"《{self.title}》"
