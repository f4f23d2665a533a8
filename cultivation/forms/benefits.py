"""The form of the benefit estimate: a year, its taxable income, and R&D expenses as the tax law counts them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.money import ZERO
from cultivation.rules.super_deduction import COUNTED, EXCLUDED, ResearchProject

from .amounts import AmountField, amount_text

FIRST_YEAR = 2016
LABELS: Mapping[str, Any] = {
    "staff_costs": _("Staff working on R&D"),
    "direct_costs": _("Direct input"),
    "equipment_depreciation": _("Depreciation of instruments and equipment"),
    "intangible_amortisation": _("Amortisation of intangibles"),
    "design_and_trials": _("Design, clinical and field trials"),
    "related_costs": _("Other related expenses"),
    "entrusted_domestic": _("Entrusted in the country"),
    "entrusted_foreign": _("Entrusted to institutions abroad"),
    "building_depreciation": _("Depreciation of buildings (not deductible)"),
    "deferred_costs": _("Long-term deferred expenses (not deductible)"),
    "entrusted_foreign_individuals": _("Entrusted to persons abroad (not deductible)"),
}


class BenefitsForm(forms.Form):
    """Amounts in yuan; R&D amounts left empty count as 0."""

    year = forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    taxable_income = AmountField(label=_("Taxable income before the super-deduction"), signed=True)

    def __init__(self, *args: Any, last_year: int, recorded: Mapping[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = self.fields["year"]
        year.widget.attrs["max"] = last_year
        self.last_year = last_year
        self.fields["taxable_income"].required = True
        self.fields["taxable_income"].help_text = _("In yuan; a loss with a minus sign.")
        for key in (*COUNTED, *EXCLUDED):
            self.fields[key] = AmountField(label=LABELS[key], initial=amount_text(recorded.get(key)))

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > self.last_year:
            raise forms.ValidationError(
                _("Estimates reach to %(year)s."), code="too_late", params={"year": self.last_year}
            )
        return year

    def project(self) -> ResearchProject:
        """All projects of the year as one."""
        amounts = {key: self.cleaned_data.get(key) or ZERO for key in (*COUNTED, *EXCLUDED)}
        return ResearchProject(name="RD", **amounts)
