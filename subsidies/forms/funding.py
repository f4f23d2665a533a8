"""Forms of the funding pages: lines, documents that change them, and the carry-over."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import DateInput, date_field, line_field, select_widget
from subsidies.models import FundingLine

from .fields import amount_field


class DayForm(forms.Form):
    """The day of which the balances are asked; today where none is given or it cannot be read."""

    on = forms.DateField(label=_("As of"), required=False, widget=DateInput())

    def day(self) -> dt.date | None:
        return self.cleaned_data["on"] if self.is_valid() else None


class OpenLineForm(forms.Form):
    fund = line_field(_("Fund"))
    name = line_field(_("Name"))
    fiscal_year = forms.IntegerField(
        label=_("Fiscal year"),
        min_value=2000,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    subjects = forms.CharField(
        label=_("Budget subject codes"),
        required=False,
        help_text=_("One a line: kind of subject, colon, code"),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    subjects_source = line_field(_("Source of the subject codes"), max_length=300, required=False)

    def clean_subjects(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, text in enumerate(self.cleaned_data["subjects"].splitlines(), start=1):
            if not text.strip():
                continue
            kind, colon, code = text.replace("：", ":").partition(":")
            if not (colon and kind.strip() and code.strip()):
                raise forms.ValidationError(
                    _("Line %(number)s: “%(text)s” is no kind of subject, colon, code.")
                    % {"number": number, "text": text.strip()}
                )
            found[kind.strip()] = code.strip()
        return found


class AppropriateForm(forms.Form):
    amount = amount_field(_("Amount (yuan)"))
    document_number = line_field(_("Document number"), max_length=60)
    on = date_field(_("Booked on"), required=False)
    note = line_field(_("Note"), max_length=300, required=False)


class AdjustForm(AppropriateForm):
    amount = amount_field(
        _("Amount (yuan)"), least=None, help_text=_("Below zero: the appropriation is cut by it.")
    )


class CarryOverForm(forms.Form):
    target = forms.ModelChoiceField(
        label=_("To the funding line"), queryset=FundingLine.objects.none(), widget=select_widget()
    )
    amount = amount_field(_("Amount (yuan)"))
    document_number = line_field(_("Document number"), max_length=60)

    def __init__(self, *args: Any, source: FundingLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (narrows the type)
        field.queryset = FundingLine.objects.filter(
            fund=source.fund, fiscal_year=source.fiscal_year + 1
        ).order_by("name")
