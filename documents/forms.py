from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

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
