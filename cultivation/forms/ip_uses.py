"""The form for a use of intellectual property in a filing before this system."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cultivation.enums import PropertyKind

from .acts import DateInput


class EarlierUseForm(forms.Form):
    number = forms.CharField(
        label=_("Registration number"),
        max_length=60,
        help_text=_("Number of the patent or registration, as on the certificate."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in PropertyKind if kind is not PropertyKind.TRADEMARK],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    filed_on = forms.DateField(label=_("Filed on"), widget=DateInput())
    document = forms.CharField(
        label=_("Document"),
        max_length=120,
        help_text=_("What proves the use, such as the application of that year."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
