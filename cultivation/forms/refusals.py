"""What the list of refused attempts is narrowed to; what cannot be read narrows nothing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.filters import FilterForm, SearchField
from cultivation.selectors.refusals import RefusalFilter

_TEXT = {"class": "form-control"}


class RefusalFilterForm(FilterForm):
    person = SearchField(label=_("Name of the person"), max_length=60, widget=forms.TextInput(attrs=_TEXT))
    act = forms.ChoiceField(
        label=_("Act"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    about = SearchField(label=_("Record or reason"), max_length=80, widget=forms.TextInput(attrs=_TEXT))
    since = forms.DateField(
        label=_("From the day"), required=False, widget=forms.DateInput(attrs={**_TEXT, "type": "date"})
    )
    until = forms.DateField(
        label=_("To the day"), required=False, widget=forms.DateInput(attrs={**_TEXT, "type": "date"})
    )

    def __init__(self, *args: object, acts: list[tuple[str, str]], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["act"].choices = [("", _("All acts")), *acts]  # type: ignore[attr-defined]

    def wanted(self) -> RefusalFilter:
        self.is_valid()
        names = ("person", "act", "about", "since", "until")
        return RefusalFilter(
            **{name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
        )
