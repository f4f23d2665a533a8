"""Forms of opening balances: what a document says a line had, and the decision of a second person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import date_field, line_field, text_field
from config.common.money import ZERO

from .fields import amount_field


class OpeningForm(forms.Form):
    """Amounts in yuan; what is left empty is nothing."""

    document_number = line_field(_("Document number"), max_length=60)
    document_date = date_field(_("Date of the document"))
    appropriated = amount_field(
        _("Appropriated (yuan)"),
        least=ZERO,
        required=False,
        help_text=_("What the document gave to the line"),
    )
    committed = amount_field(
        _("Committed before this system (yuan)"),
        least=None,
        required=False,
        help_text=_("Approved outside and not yet paid; below zero once that is paid or dropped"),
    )
    paid = amount_field(
        _("Paid before this system (yuan)"),
        least=None,
        required=False,
        help_text=_("Paid outside; below zero where it came back"),
    )
    note = line_field(_("Note"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        for name in ("appropriated", "committed", "paid"):
            if name not in self.errors:
                self.cleaned_data[name] = self.cleaned_data.get(name) or ZERO
        return self.cleaned_data


class ConfirmOpeningForm(forms.Form):
    """Nothing to fill in: the balance is booked as it was proposed."""


class RejectOpeningForm(forms.Form):
    reason = text_field(_("Reason"))
