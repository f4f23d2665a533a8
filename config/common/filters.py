"""What a list is narrowed to, as the address of its page carries it."""

from typing import Any

from django import forms


class SearchField(forms.CharField):
    """Text to search for; more than ``max_length`` is cut, for a text that could not be read would find everything."""

    def __init__(self, *, max_length: int = 120, **options: Any) -> None:
        super().__init__(max_length=max_length, required=False, **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value))[: self.max_length].strip()


class FilterForm(forms.Form):
    """Read from an address; what cannot be read narrows nothing."""

    def asked(self) -> dict[str, str]:
        """What narrows the list, field by field, in the words of the address; texts as far as they are searched for."""
        self.is_valid()
        return {
            name: str(answer if isinstance(answer, str) else self.data[name]).strip()
            for name, answer in self.cleaned_data.items()
            if answer
        }
