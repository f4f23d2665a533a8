"""Forms of exclusions and other receipts: recorded by document, ended, withdrawn, handed in as a workbook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common import credit_codes
from config.common.fields import date_field, line_field, select_widget
from config.common.filters import FilterForm, SearchField
from config.common.text import compact
from cultivation.api import Accreditation, Firm
from subsidies.enums import ExclusionKind, ReceiptKind
from subsidies.models import Scheme
from subsidies.selectors.claim_lists import ExclusionFilter, ReceiptFilter

from .fields import amount_field

_LARGEST_LIST = 20 * 1024 * 1024


def _reason(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "form-control", "rows": 2})
    return forms.CharField(label=label, max_length=300, help_text=help_text, widget=widget)


class ExclusionFilterForm(FilterForm):
    """What the list of exclusions is narrowed to."""

    state = forms.TypedChoiceField(choices=ExclusionFilter.choices, coerce=ExclusionFilter, required=False)
    kind = forms.ChoiceField(choices=ExclusionKind.choices, required=False)
    q = SearchField()

    def wanted(self) -> dict[str, Any]:
        """``shown``, those in force where nothing is said; ``kind`` and ``text``, empty for all."""
        return _claims_wanted(self, ExclusionFilter.STANDING)


class ReceiptFilterForm(FilterForm):
    """What the list of other receipts is narrowed to."""

    state = forms.TypedChoiceField(choices=ReceiptFilter.choices, coerce=ReceiptFilter, required=False)
    kind = forms.ChoiceField(choices=ReceiptKind.choices, required=False)
    q = SearchField()

    def wanted(self) -> dict[str, Any]:
        """``shown``, those to be confirmed where nothing is said; ``kind`` and ``text``, empty for all."""
        return _claims_wanted(self, ReceiptFilter.WAITING)


def _claims_wanted(form: FilterForm, preset: ExclusionFilter | ReceiptFilter) -> dict[str, Any]:
    form.is_valid()
    found = form.cleaned_data
    return {
        "shown": found.get("state") or preset,
        "kind": found.get("kind", ""),
        "text": found.get("q", ""),
    }


class ExclusionForm(forms.Form):
    """What an authority found about a firm."""

    firm = line_field(
        _("Unified social credit code"), max_length=30, help_text=_("Of a firm that is recorded here.")
    )
    kind = forms.TypedChoiceField(
        label=_("Kind"), choices=ExclusionKind, coerce=ExclusionKind, widget=select_widget()
    )
    authority = line_field(_("Authority"), help_text=_("Who found it, as named in the document."))
    document_number = line_field(_("Document number"), max_length=60)
    document_date = date_field(_("Date of the document"))
    effective_from = date_field(_("Effective from"))
    effective_until = date_field(
        _("Effective until, exclusive"),
        required=False,
        help_text=_("The first day on which it counts no more; empty: until a second person ends it."),
    )
    remark = line_field(_("Remark"), max_length=300, required=False)

    def clean_firm(self) -> Firm:
        code = credit_codes.normalise(self.cleaned_data["firm"])
        firm = Firm.objects.filter(credit_code=code).first()
        if firm is None:
            raise forms.ValidationError(_("No firm with this credit code is recorded here."))
        return firm


class EndExclusionForm(forms.Form):
    """From when a finding counts no more, and by which decision."""

    until = date_field(_("Effective until, exclusive"), help_text=_("From this day on it counts no more."))
    reason = _reason(
        _("Document and reason"), _("Number and date of the authority's decision, and why it ends.")
    )


class ReceiptForm(forms.Form):
    """Money for an accreditation from elsewhere, or from the city before this system."""

    accreditation = line_field(
        _("Certificate number"), max_length=30, help_text=_("Of a certificate that is recorded here.")
    )
    kind = forms.TypedChoiceField(
        label=_("Kind"), choices=ReceiptKind, coerce=ReceiptKind, widget=select_widget()
    )
    scheme = forms.ModelChoiceField(
        label=_("Scheme of the earlier award"),
        queryset=Scheme.objects.all(),
        required=False,
        help_text=_("Only for a city award before this system."),
        widget=select_widget(),
    )
    payer = line_field(_("Paid by"))
    amount = amount_field(_("Amount (yuan)"))
    paid_on = date_field(_("Paid on"), required=False)
    document_number = line_field(_("Document number"), max_length=60)
    document_date = date_field(_("Date of the document"))

    def clean_accreditation(self) -> Accreditation:
        number = compact(self.cleaned_data["accreditation"]).upper()
        found = Accreditation.objects.rightly_recorded().filter(certificate_number=number).first()
        if found is None:
            raise forms.ValidationError(_("No certificate with this number is recorded here."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == ReceiptKind.OTHER_SOURCE and data.get("scheme"):
            self.add_error("scheme", _("Only a city award before this system has a scheme here."))
        return data


class WithdrawForm(forms.Form):
    """Why a receipt counts no more."""

    reason = _reason(_("Reason"))


class ListFileForm(forms.Form):
    """A list as a workbook or CSV file."""

    file = forms.FileField(
        label=_("List (.xlsx or .csv)"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _LARGEST_LIST:
            raise forms.ValidationError(_("The file is larger than 20 MB."), code="too_large")
        return file


class PastAwardsForm(forms.Form):
    """Earlier awards are all of one scheme."""

    scheme = forms.ModelChoiceField(
        label=_("Scheme"),
        queryset=Scheme.objects.all(),
        help_text=_("Every award of the list was paid under it."),
        widget=select_widget(),
    )
