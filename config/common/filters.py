"""What a list is narrowed to, as the address of its page carries it."""

from django import forms


class FilterForm(forms.Form):
    """Read from an address; what cannot be read narrows nothing."""

    def asked(self) -> dict[str, str]:
        """What narrows the list, field by field, in the words of the address."""
        self.is_valid()
        return {name: str(self.data[name]).strip() for name, answer in self.cleaned_data.items() if answer}
