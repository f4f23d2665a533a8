"""What firms are searched for by."""

from django import forms

from config.common.filters import FilterForm


class SearchForm(FilterForm):
    q = forms.CharField(max_length=120, required=False)

    def text(self) -> str:
        """Empty where nothing is searched for."""
        return self.asked().get("q", "")
