"""Forms of the work on payment lists."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import line_field, select_widget
from subsidies.models import Award, BankFormat, FundingLine
from subsidies.selectors.payment_lists import listable_awards


class DraftListForm(forms.Form):
    """Which approved awards of a funding line go onto a list; the page shows each one's outcome beside its box."""

    awards = forms.ModelMultipleChoiceField(label=_("Awards"), queryset=Award.objects.none())
    purpose = line_field(_("Purpose"))
    bank_format = forms.ChoiceField(label=_("Bank format"), widget=select_widget())

    def __init__(self, *args: Any, line: FundingLine, formats: Sequence[BankFormat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awards, bank_format = self.fields["awards"], self.fields["bank_format"]
        assert isinstance(awards, forms.ModelMultipleChoiceField)  # noqa: S101 (narrows the type)
        assert isinstance(bank_format, forms.ChoiceField)  # noqa: S101
        awards.queryset = listable_awards(funding_line=line)
        bank_format.choices = [(found.key, found.name) for found in formats]


class CancelListForm(forms.Form):
    reason = line_field(_("Reason"), max_length=300)


class ReturnFileForm(forms.Form):
    file = forms.FileField(
        label=_("The bank's return file"),
        help_text=_("An Excel workbook or a CSV file"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv"}),
    )
