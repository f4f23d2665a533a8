"""Forms of the reconciliation report: its day and year, and what was done about a row of a bank return."""

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import line_field

from .funding import DayForm


class ReportForm(DayForm):
    """The fiscal year is that of the funding lines, and the year of the region's documents."""

    year = forms.IntegerField(
        label=_("Fiscal year"),
        required=False,
        min_value=2000,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


class SettleRowForm(forms.Form):
    note = line_field(_("What was found out and done"), max_length=300)
