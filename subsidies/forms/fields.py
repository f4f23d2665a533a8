"""Fields that the finance forms share. Amounts are yuan with at most two decimals."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import select_widget
from documents.api import Organ


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


class OrganField(forms.ModelChoiceField):
    """The organ that issues a notice, by its latest name; the only one is chosen already."""

    def __init__(self, **kwargs: Any) -> None:
        organs = Organ.objects.prefetch_related("names").order_by("key")
        super().__init__(organs, label=_("Organ"), widget=select_widget(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        names = list(obj.names.all())
        return names[-1].name if names else obj.key

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        if len(list(self.queryset or ())) == 1:
            self.empty_label = None
        return super().get_bound_field(form, field_name)
