"""The form of a bank's format."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import date_field, line_field, select_widget
from subsidies.enums import AmountUnit, Delimiter, LineEnd, TextEncoding
from subsidies.models import BankFormat
from subsidies.services.bank_formats import FormatTerms


def _switch(label: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )


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
