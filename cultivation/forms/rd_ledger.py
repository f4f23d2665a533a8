"""Forms of the page of an R&D ledger."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cultivation.enums import LedgerDecision, LedgerFindingCode

_MOST_AT_ONCE = 200


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
