from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from config.common.fields import line_field
from config.common.filters import FilterForm, SearchField
from documents.enums import NoticeKind, NoticeState
from documents.models import NoticeTemplate
from documents.services.samples import texts_of
from documents.services.text_faults import Fault, faults_of, read_variables, write_variables
from documents.validators import LARGEST_BYTES

LARGEST_NOTICE_BYTES = 10 * 1024 * 1024
_CONTROL = {"class": "form-control"}


class ListFileForm(forms.Form):
    """A list handed in."""

    file = forms.FileField(
        label=_("List (.xlsx or .csv, at most 20 MB)"),
        widget=forms.FileInput(attrs={**_CONTROL, "accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_BYTES:
            raise ValidationError(_("The file is larger than 20 MB."), code="too_large")
        return file


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


class NoticeFilterForm(FilterForm):
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
    text = SearchField(label=_("Number or addressee"), max_length=60, widget=forms.TextInput(attrs=_CONTROL))

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        names = ("kind", "state", "year", "text")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class VoidForm(forms.Form):
    reason = line_field(_("Reason"), max_length=300)


def _lines_field(label: Any, *, rows: int, help_text: Any) -> forms.CharField:
    """Lines of a text; that some may not be empty is told by :func:`faults_of`."""
    widget = forms.Textarea(attrs={"class": "form-control", "rows": rows, "spellcheck": "false"})
    return forms.CharField(label=label, max_length=20_000, required=False, help_text=help_text, widget=widget)


class TextForm(forms.Form):
    """A version of a text as it is typed; each fault stands at its field."""

    title = _lines_field(_("Title"), rows=2, help_text=_("A line is a line of the title."))
    body = _lines_field(
        _("Body"),
        rows=18,
        help_text=_(
            "A line is a paragraph. Variables in double braces; filters: yuan, in_words, chinese_date."
        ),
    )
    annotation = _lines_field(
        _("Annotation (附注)"),
        rows=1,
        help_text=_("Printed in brackets below the date, for example 此件公开发布."),
    )
    copies = _lines_field(
        _("Copies to (抄送)"), rows=1, help_text=_("In the imprint, without 抄送 and full stop.")
    )
    variables = _lines_field(
        _("Declared variables"),
        rows=10,
        help_text=_("One a line: the name, a space, and what it is."),
    )

    def draft(self, kind: NoticeKind) -> NoticeTemplate:
        """What is typed, as a version that is not stored; whether it is faultless or not."""
        typed = {name: self[name].value() or "" for name in self.fields}
        return NoticeTemplate(**typed | {"kind": kind, "version": 0, "variables": self._declared()[0]})

    def faults(self) -> list[Fault]:
        """In the order of the fields."""
        variables, faults = self._declared()
        texts = {name: self[name].value() or "" for name in self.fields if name != "variables"}
        known = {fault.reason for fault in faults}
        return [*(f for f in faults_of(texts=texts, variables=variables) if f.reason not in known), *faults]

    def clean(self) -> dict[str, Any]:
        for fault in self.faults():
            self.add_error(fault.field, ValidationError(fault.message, code=fault.code))
        return self.cleaned_data

    def terms(self) -> dict[str, Any]:
        """What a new version is drafted with."""
        return {**self.cleaned_data, "variables": self._declared()[0]}

    def _declared(self) -> tuple[dict[str, str], list[Fault]]:
        return read_variables(self["variables"].value() or "")

    @staticmethod
    def like(template: NoticeTemplate) -> dict[str, str]:
        """The fields as a version has them."""
        return {**texts_of(template), "variables": write_variables(template.variables)}
