from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from config.common.fields import line_field
from documents.enums import NoticeKind, NoticeState

LARGEST_NOTICE_BYTES = 10 * 1024 * 1024
_CONTROL = {"class": "form-control"}


class LookUpForm(forms.Form):
    """Number and code as printed on a notice."""

    number = forms.CharField(
        label=_("Document number"), max_length=60, widget=forms.TextInput(attrs=_CONTROL)
    )
    code = forms.CharField(
        label=_("Verification code"), max_length=12, widget=forms.TextInput(attrs=_CONTROL)
    )


class NoticeFileForm(forms.Form):
    """A PDF to compare with what was issued."""

    file = forms.FileField(
        label=_("PDF file"), widget=forms.FileInput(attrs={**_CONTROL, "accept": "application/pdf"})
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST_NOTICE_BYTES:
            raise ValidationError(_("No notice is as large as this file."), code="too_large")
        return file


class NoticeFilterForm(forms.Form):
    """What the register shows; what cannot be read narrows nothing."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *NoticeKind.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *NoticeState.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=1900,
        max_value=9999,
        widget=forms.NumberInput(attrs=_CONTROL),
    )
    text = forms.CharField(
        label=_("Number or addressee"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=_CONTROL),
    )

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        names = ("kind", "state", "year", "text")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class VoidForm(forms.Form):
    reason = line_field(_("Reason"), max_length=300)
