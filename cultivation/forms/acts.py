"""Forms of the case page: one for each act, asking only what that act needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.enums import REASONED_CASE_ACTIONS, CaseAction, CaseKind, CheckKind
from cultivation.models import RD_CATEGORIES, ExpenseYear, User
from cultivation.selectors.handlers import caseworkers

from .fields import DateInput, line_field, select_widget, text_field

_STATED_FIGURES = ("sales", "total_income", "high_tech_income", "net_assets_end")


class OpenOwnCaseForm(forms.Form):
    """What a firm is asked for its own case."""

    kind = forms.TypedChoiceField(
        label=_("Kind"), choices=CaseKind.choices, coerce=CaseKind, widget=select_widget()
    )


class OpenCaseForm(OpenOwnCaseForm):
    """The same for a firm that is named by its code."""

    credit_code = line_field(_("Unified social credit code"), max_length=30)

    field_order = ["credit_code", "kind"]


class ActForm(forms.Form):
    """An act without any question; the button alone."""

    def answers(self) -> dict[str, Any]:
        """The valid form as the service wants it."""
        return self.cleaned_data


class ReasonForm(ActForm):
    reason = text_field(_("Reason"))


class ResubmitForm(ActForm):
    reason = text_field(_("What you corrected"), required=False, rows=3)


class AssignForm(ActForm):
    handler = forms.ModelChoiceField(
        label=_("Handler"), queryset=User.objects.none(), empty_label=None, widget=select_widget()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = caseworkers()


class ExpensesForm(ActForm):
    """One fiscal year in yuan; what is left empty among the R&D categories counts as 0."""

    year = forms.IntegerField(
        label=_("Accounting year"),
        min_value=1990,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = today().year - 1
        for name in (*_STATED_FIGURES, *RD_CATEGORIES):
            self.fields[name] = forms.DecimalField(
                label=getattr(ExpenseYear._meta.get_field(name), "verbose_name", name),
                required=name in _STATED_FIGURES,
                max_digits=17,
                decimal_places=2,
                widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
            )

    def answers(self) -> dict[str, Any]:
        figures = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return {"year": figures.pop("year"), "figures": figures}


class DisclosureForm(ActForm):
    published_on = forms.DateField(label=_("Published on"), widget=DateInput())
    place = line_field(_("Where published"), max_length=200)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DateInput(),
        help_text=_("Only where the holiday calendar does not know the year; then with a reason."),
    )
    reason = text_field(_("Reason"), required=False)


class DeclineForm(ActForm):
    document_number = line_field(_("Document number"), max_length=60)
    document_date = forms.DateField(label=_("Date of the document"), widget=DateInput())
    reason = text_field(_("Reason"))


class CheckForm(ActForm):
    kind = forms.TypedChoiceField(
        label=_("Check"), choices=CheckKind.choices, coerce=CheckKind, widget=select_widget()
    )


class NotedCheckForm(CheckForm):
    note = text_field(_("Note"), required=False)


class ResetCheckForm(CheckForm):
    reason = text_field(_("Reason"))


class ManualDecisionForm(ActForm):
    passed = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Passed")), ("0", _("Not passed"))],
        coerce=lambda value: value == "1",
        widget=select_widget(),
    )
    reason = text_field(_("Reason"))


_FORMS: dict[CaseAction, type[ActForm]] = {
    CaseAction.RESUBMIT: ResubmitForm,
    CaseAction.ASSIGN: AssignForm,
    CaseAction.RECORD_EXPENSES: ExpensesForm,
    CaseAction.DISCLOSE: DisclosureForm,
    CaseAction.DECLINE: DeclineForm,
    CaseAction.RECORD_CHECK: NotedCheckForm,
    CaseAction.RESET_CHECK: ResetCheckForm,
    CaseAction.DECIDE_MANUAL: ManualDecisionForm,
}


def form_for(action: CaseAction) -> type[ActForm]:
    """The form class of an act of the case page."""
    return _FORMS.get(action, ReasonForm if action in REASONED_CASE_ACTIONS else ActForm)
