"""What the list of awards is narrowed by, as a person asks for it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import select_widget
from config.common.filters import FilterForm, SearchField
from cultivation.api import Division
from subsidies.enums import AwardState
from subsidies.models import FundingLine, Scheme
from subsidies.selectors.award_filters import AwardFilter


def _year_field(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "form-control"})
    return forms.IntegerField(label=label, min_value=2000, max_value=2100, required=False, widget=widget)


class AwardFilterForm(FilterForm):
    """Read from the address; what cannot be read narrows nothing and is said beside its field."""

    state = forms.ChoiceField(choices=AwardState, required=False, widget=forms.HiddenInput())
    q = SearchField(
        label=_("Firm, credit code, number of the award or the certificate"),
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
    scheme = forms.ModelChoiceField(
        label=_("Scheme"),
        queryset=Scheme.objects.order_by("key"),
        to_field_name="key",
        required=False,
        empty_label=_("All"),
        widget=select_widget(),
    )
    year = _year_field(_("Award year"))
    fiscal_year = _year_field(_("Fiscal year"))
    division = forms.ChoiceField(label=_("Division"), required=False, widget=select_widget())
    line = forms.ModelChoiceField(
        label=_("Funding line"),
        queryset=FundingLine.objects.order_by("-fiscal_year", "fund", "name"),
        required=False,
        empty_label=_("All"),
        widget=select_widget(),
    )
    disclosure = forms.IntegerField(min_value=1, max_value=2**62, required=False, widget=forms.HiddenInput())
    waiting = forms.BooleanField(
        label=_("Waiting for me"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, counties: Sequence[tuple[Division, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (narrows the type)
        field.choices = [("", _("All")), *((county.key, name) for county, name in counties)]

    def wanted(self) -> AwardFilter:
        self.is_valid()
        found = self.cleaned_data
        scheme, line = found.get("scheme"), found.get("line")
        return AwardFilter(
            state=found.get("state") or "",
            scheme=scheme.key if scheme else "",
            year=found.get("year"),
            fiscal_year=found.get("fiscal_year"),
            division=found.get("division") or "",
            line=line.pk if line else None,
            disclosure=found.get("disclosure"),
            text=found.get("q") or "",
            waiting=bool(found.get("waiting")),
        )
