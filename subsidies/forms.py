"""Forms of the finance pages: each asks only what its act needs. Amounts are yuan with at most two decimals."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import DateInput, date_field, line_field, select_widget

from .enums import AmountUnit, Delimiter, LineEnd, TextEncoding
from .models import Award, BankFormat, FundingLine
from .selectors.payment_lists import listable_awards
from .services.bank_formats import FormatTerms


def amount_field(
    label: Any, *, least: Decimal | None = Decimal("0.01"), help_text: Any = ""
) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=17,
        decimal_places=2,
        min_value=least,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )


def _switch(label: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )


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


class BankFormatForm(forms.Form):
    """A version of a bank's format; its columns are typed one a line, header and then field."""

    key = forms.SlugField(
        label=_("Key"),
        max_length=50,
        help_text=_("Letters, digits and hyphens; the same key makes a new version of the same format."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    name = line_field(_("Name"), max_length=60)
    columns = forms.CharField(
        label=_("Columns"),
        help_text=_("One a line, in order: header, a blank, field"),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 8}),
    )
    delimiter = forms.TypedChoiceField(
        label=_("Delimiter"), choices=Delimiter, coerce=Delimiter, widget=select_widget()
    )
    encoding = forms.TypedChoiceField(
        label=_("Encoding"), choices=TextEncoding, coerce=TextEncoding, widget=select_widget()
    )
    line_end = forms.TypedChoiceField(
        label=_("Line end"), choices=LineEnd, coerce=LineEnd, widget=select_widget()
    )
    amount_unit = forms.TypedChoiceField(
        label=_("Amounts in"), choices=AmountUnit, coerce=AmountUnit, widget=select_widget()
    )
    has_headers = _switch(_("With a record of headers"))
    has_control = _switch(_("With a record of the control figures"))
    source = line_field(
        _("Source"), max_length=300, help_text=_("The bank's document that asks for this form.")
    )
    valid_from = date_field(_("Valid from"))

    @staticmethod
    def like(version: BankFormat) -> dict[str, Any]:
        """What to begin with where a new version shall differ little from ``version``."""
        kept = (
            "key",
            "name",
            "delimiter",
            "encoding",
            "line_end",
            "amount_unit",
            "has_headers",
            "has_control",
        )
        columns = "\n".join(f"{header} {field}" for header, field in version.columns)
        return {**{name: getattr(version, name) for name in kept}, "columns": columns}

    def clean_columns(self) -> list[tuple[str, str]]:
        found = []
        for number, text in enumerate(self.cleaned_data["columns"].splitlines(), start=1):
            if not text.strip():
                continue
            parts = text.split()
            if len(parts) < 2:
                raise forms.ValidationError(
                    _("Line %(number)s: “%(text)s” is no header, blank, field.")
                    % {"number": number, "text": text.strip()}
                )
            found.append((" ".join(parts[:-1]), parts[-1]))
        return found

    def terms(self) -> FormatTerms:
        data = self.cleaned_data
        return FormatTerms(**{name: data[name] for name in FormatTerms.__annotations__})  # type: ignore[typeddict-item]
