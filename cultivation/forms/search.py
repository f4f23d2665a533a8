"""What firms are searched for by."""

from config.common.filters import FilterForm, SearchField


class SearchForm(FilterForm):
    q = SearchField()

    def text(self) -> str:
        """Empty where nothing is searched for."""
        return self.asked().get("q", "")
