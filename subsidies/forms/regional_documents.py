"""The form that hands in an award document of the region."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from config.common.fields import date_field, line_field

from .claims import ListFileForm


class RegionalDocumentForm(ListFileForm):
    """Number, date and title as the document has them, and its list of firms and amounts."""

    document_number = line_field(
        _("Document number"), max_length=60, help_text=_("A later document under its own number corrects.")
    )
    document_date = date_field(_("Date of the document"))
    document_title = line_field(
        _("Title of the document"),
        required=False,
        max_length=200,
        help_text=_("Word for word; without it no notice can cite the document."),
    )
    issuer = line_field(
        _("Issued by"), required=False, max_length=100, help_text=_("Empty: the region's science department.")
    )
    field_order = ("document_number", "document_date", "document_title", "issuer", "file")

    def clean_document_date(self) -> Any:
        date = self.cleaned_data["document_date"]
        if date > today():
            raise forms.ValidationError(_("The date lies in the future."))
        return date
