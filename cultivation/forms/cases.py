"""What the list of cases is narrowed to."""

from typing import Any

from django import forms

from config.common.filters import FilterForm, SearchField
from cultivation.enums import CaseState


class CaseFilterForm(FilterForm):
    state = forms.TypedChoiceField(
        choices=CaseState.choices, coerce=CaseState, empty_value=None, required=False
    )
    q = SearchField()
    review = forms.BooleanField(required=False)

    def wanted(self) -> dict[str, Any]:
        """``state`` (or ``None``), ``text`` and ``review``: only what is to be reviewed for removal."""
        self.is_valid()
        found = self.cleaned_data
        return {"state": found.get("state"), "text": found.get("q", ""), "review": found.get("review", False)}
