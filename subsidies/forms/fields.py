"""Fields that the finance forms share. Amounts are yuan with at most two decimals."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import select_widget
from documents.api import organ_choices, organ_of


def amount_field(
    label: Any, *, least: Decimal | None = Decimal("0.01"), required: bool = True, help_text: Any = ""
) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=17,
        decimal_places=2,
        min_value=least,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )


def organ_field() -> forms.TypedChoiceField:
    """The organ that issues a notice."""
    return forms.TypedChoiceField(
        label=_("Organ"), choices=organ_choices, coerce=organ_of, widget=select_widget()
    )
