"""Forms of the case page: one for each act, asking only what that act needs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import REASONED_CASE_ACTIONS, CaseAction, CheckKind


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "form-control"})


def _text(label: str, *, required: bool = True, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "form-control", "rows": rows})
    return forms.CharField(label=label, max_length=500, required=required, widget=widget)


def _line(label: str, *, max_length: int = 120, initial: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control"})
    return forms.CharField(label=label, max_length=max_length, initial=initial, widget=widget)


class ActForm(forms.Form):
    """An act without any question; the button alone."""


class ReasonForm(ActForm):
    reason = _text(_("Reason"))


class DisclosureForm(ActForm):
    published_on = forms.DateField(label=_("Published on"), widget=DateInput())
    place = _line(_("Where published"), max_length=200)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DateInput(),
        help_text=_("Only where the holiday calendar does not know the year; then with a reason."),
    )
    reason = _text(_("Reason"), required=False)


class DeclineForm(ActForm):
    document_number = _line(_("Document number"), max_length=60)
    document_date = forms.DateField(label=_("Date of the document"), widget=DateInput())
    reason = _text(_("Reason"))


class CheckForm(ActForm):
    kind = forms.ChoiceField(
        label=_("Check"), choices=CheckKind.choices, widget=forms.Select(attrs={"class": "form-select"})
    )


class NotedCheckForm(CheckForm):
    note = _text(_("Note"), required=False)


class ResetCheckForm(CheckForm):
    reason = _text(_("Reason"))


class ManualDecisionForm(ActForm):
    passed = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Passed")), ("0", _("Not passed"))],
        coerce=lambda value: value == "1",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reason = _text(_("Reason"))


_FORMS: dict[CaseAction, type[ActForm]] = {
    CaseAction.DISCLOSE: DisclosureForm,
    CaseAction.DECLINE: DeclineForm,
    CaseAction.RECORD_CHECK: NotedCheckForm,
    CaseAction.RESET_CHECK: ResetCheckForm,
    CaseAction.DECIDE_MANUAL: ManualDecisionForm,
}


def form_for(action: CaseAction) -> type[ActForm]:
    """The form class of an act of the case page."""
    return _FORMS.get(action, ReasonForm if action in REASONED_CASE_ACTIONS else ActForm)
