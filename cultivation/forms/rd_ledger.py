"""Forms of the page of an R&D ledger."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cultivation.enums import LedgerDecision, LedgerFindingCode

_MOST_AT_ONCE = 200
_MOST_MIB = 20


class LedgerFileForm(forms.Form):
    """The workbook; ``marked`` asks for a marked copy instead of a page where cells are faulty."""

    file = forms.FileField(
        label=_("Ledger workbook (.xlsx)"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx"}),
    )
    marked = forms.BooleanField(
        label=_("Where cells are faulty, give me a marked copy of the workbook"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def clean_file(self) -> UploadedFile:
        """The file, if it is no larger than what is kept of one: more is not taken into memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > _MOST_MIB * 2**20:
            raise forms.ValidationError(_("The file is larger than %(most)s MB."), params={"most": _MOST_MIB})
        return file


class DecisionForm(forms.Form):
    """A decision about the findings ticked, or about all of a kind that wait."""

    decision = forms.TypedChoiceField(
        label=_("Decision"),
        choices=LedgerDecision.choices,
        coerce=LedgerDecision,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"class": "form-control", "rows": 2})
    )
    scope = forms.ChoiceField(choices=[("selected", ""), ("all", "")], widget=forms.HiddenInput)
    code = forms.TypedChoiceField(
        choices=LedgerFindingCode.choices, coerce=LedgerFindingCode, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, ticked: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticked = ticked or []

    @property
    def findings(self) -> list[int]:
        """The primary keys that were ticked, once the form is valid."""
        return [int(text) for text in self.ticked]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        sound = all(text.isascii() and text.isdigit() and len(text) < 18 for text in self.ticked)
        if not sound or len(self.ticked) > _MOST_AT_ONCE:
            raise forms.ValidationError(_("These findings cannot be read; open the page again."))
        if answers.get("scope") == "selected" and not self.ticked:
            raise forms.ValidationError(_("Tick the findings that the decision is about."))
        return answers
