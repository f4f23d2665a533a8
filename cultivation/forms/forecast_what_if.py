"""What would be done for the stock: the levers of the forecast as a plain form."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from cultivation.forecasting.outlook import Levers

_MOST_FIRMS = 500


def _firms(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=_MOST_FIRMS,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


def _per_cent(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "any", "min": "0", "max": "100"}),
    )


class ForecastLeversForm(forms.Form):
    """An empty field leaves the forecast as it is."""

    filings = _firms(
        _("Training seats"), _("Further firms that are trained and file this year, beside the open cases.")
    )
    pass_rate = _per_cent(_("Pass rate (%)"), _("Of the filings, how many are accredited."))
    retention = _per_cent(_("Renewals (%)"), _("Of the certificates running out, how many are renewed."))
    inbound = _firms(_("Firms moving in"), _("With a valid certificate, beside those announced."))

    @property
    def levers(self) -> Levers:
        """Of a valid form."""
        given = self.cleaned_data
        return Levers(
            filings=given["filings"] or 0,
            pass_rate=_share(given["pass_rate"]),
            retention=_share(given["retention"]),
            inbound=given["inbound"] or 0,
        )


def _share(per_cent: Any) -> float | None:
    return None if per_cent is None else float(per_cent / 100)
