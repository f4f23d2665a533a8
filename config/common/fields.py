"""The fields and widgets that the forms of the pages are made of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "form-control"})


def text_field(label: Any, *, required: bool = True, rows: int = 2) -> forms.CharField:
    """Some lines of text, such as a reason."""
    widget = forms.Textarea(attrs={"class": "form-control", "rows": rows})
    return forms.CharField(label=label, max_length=500, required=required, widget=widget)


def line_field(
    label: Any, *, max_length: int = 120, required: bool = True, help_text: Any = ""
) -> forms.CharField:
    """One line of text."""
    widget = forms.TextInput(attrs={"class": "form-control"})
    return forms.CharField(
        label=label, max_length=max_length, required=required, help_text=help_text, widget=widget
    )


def replace_field() -> forms.CharField:
    """Why a new notice takes the place of the one that stands; asked only where one does."""
    return line_field(
        _("Reason for replacing"),
        max_length=300,
        required=False,
        help_text=_("Told to nobody outside the office."),
    )


def date_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=help_text, widget=DateInput())


def select_widget() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})
