"""What of the work queue is asked for; what cannot be read asks for nothing."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.filters import FilterForm, SearchField
from cultivation.enums import OPEN_CASE_STATES, CaseState
from cultivation.models import Division
from cultivation.selectors.queue import Wanted
from cultivation.waiting import WaitingFor

from .fields import select_widget


class QueueFilterForm(FilterForm):
    """The filter in the address of the queue; ``divisions`` are key, name pairs and none for a county."""

    waiting = forms.ChoiceField(choices=WaitingFor.choices, required=False, widget=forms.HiddenInput())
    mine = forms.BooleanField(required=False, widget=forms.HiddenInput())
    overdue = forms.BooleanField(required=False, widget=forms.HiddenInput())
    stalled = forms.BooleanField(required=False, widget=forms.HiddenInput())
    q = SearchField(
        label=_("Name, initials, code or certificate"),
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("Any")), *((state.value, state.label) for state in OPEN_CASE_STATES)],
        required=False,
        widget=select_widget(),
    )
    division = forms.ChoiceField(label=_("Division"), required=False, widget=select_widget())

    def __init__(self, data: object, *, divisions: Iterable[tuple[Division, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._divisions = {division.key: division for division, _name in divisions}
        field = self.fields["division"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Any")), *((division.key, name) for division, name in divisions)]
        if not self._divisions:
            del self.fields["division"]
        self.full_clean()

    def wanted(self) -> Wanted:
        answers = self.cleaned_data
        waiting, state = answers.get("waiting"), answers.get("state")
        return Wanted(
            state=CaseState(state) if state else None,
            waiting_for=WaitingFor(waiting) if waiting else None,
            mine=answers.get("mine", False),
            overdue=answers.get("overdue", False),
            stalled=answers.get("stalled", False),
            division=self._divisions.get(answers.get("division", "")),
            text=answers.get("q", "").strip(),
        )
