"""The fields and widgets that the forms of the pages are made of."""

from typing import Any

from django import forms


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


def date_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=help_text, widget=DateInput())


def select_widget() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})
