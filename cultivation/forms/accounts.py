"""Forms of a firm's accounts: a proposal, and the decision of a second person about it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import line_field


class _NumberInput(forms.TextInput):
    """A long number kept as text: leading zeros stay, and no browser fills in somebody else's."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"})


class AccountForm(forms.Form):
    """The firm's account as its document says; the holder is the firm under its present name."""

    bank_name = line_field(_("Bank"), help_text=_("Full name of the branch"))
    clearing_code = forms.CharField(
        label=_("Clearing code"),
        max_length=40,
        widget=_NumberInput(),
        help_text=_("Twelve digits; full-width digits and spaces are put right."),
    )
    number = forms.CharField(
        label=_("Account number"),
        max_length=80,
        widget=_NumberInput(),
        help_text=_("As the bank writes it, with leading zeros"),
    )


class ConfirmForm(forms.Form):
    """The number once more from the firm's document, so that the second person does not nod at four digits."""

    number = forms.CharField(
        label=_("Account number"),
        max_length=80,
        widget=_NumberInput(),
        help_text=_("Type it from the firm's document; it has to be the proposed one."),
    )


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"class": "form-control", "rows": 2})
    )
