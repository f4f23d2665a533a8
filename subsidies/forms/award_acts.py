"""Forms of the page of one award: one for each act, asking only what that act needs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from config.common.fields import date_field, line_field, select_widget, text_field
from documents.api import DeliveryKind
from subsidies.enums import ObjectionOutcome
from subsidies.models import Award, Objection
from subsidies.permissions import NEEDS_REASON, AwardAction

from .bulk import ApproveForm, DiscloseForm, NoAnswers
from .fields import amount_field, organ_field


class ReasonForm(forms.Form):
    reason = text_field(_("Reason"))


class ApplicationForm(forms.Form):
    applied_on = date_field(_("Received on"))
    document = line_field(_("Application"), help_text=_("Number or name of the paper it came with."))


class CalculateForm(forms.Form):
    reason = text_field(_("Reason"), required=False)
    reason.help_text = _(
        "Only where a later document of the region changed the amount: say that it replaces the earlier one."
    )


class OverrideForm(forms.Form):
    amount = amount_field(_("Amount (yuan)"))
    document_number = line_field(_("Document number"), max_length=60)
    reason = text_field(_("Reason"))


class FundedApproveForm(ApproveForm):
    """The lines of the scheme's fund, where the scheme names one."""

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["funding_line"]
        if award.version is not None and award.version.fund and isinstance(field, forms.ModelChoiceField):
            field.queryset = field.queryset.filter(fund=award.version.fund)  # type: ignore[union-attr]


class ObjectionForm(forms.Form):
    raised_by = line_field(_("Raised by"), help_text=_("The real name of the person or the firm."))
    contact = line_field(_("Contact details"), required=False)
    raised_on = date_field(_("Raised on"))
    text = forms.CharField(
        label=_("Objection"),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}),
    )


class ObjectionField(forms.ModelChoiceField):
    def label_from_instance(self, objection: Objection) -> str:
        return gettext("%(name)s, %(date)s") % {
            "name": objection.raised_by,
            "date": objection.raised_on.isoformat(),
        }


class AnswerForm(forms.Form):
    """For the unanswered objections of one award; the only one is chosen already."""

    objection = ObjectionField(
        label=_("Objection"), queryset=Objection.objects.none(), widget=select_widget()
    )
    outcome = forms.TypedChoiceField(
        label=_("Outcome"),
        choices=[("", "—"), *ObjectionOutcome.choices],
        coerce=ObjectionOutcome,
        widget=select_widget(),
    )
    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}),
    )

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["objection"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = award.objections.filter(outcome="").order_by("raised_on", "pk")
            field.initial = field.queryset.values_list("pk", flat=True).first()


class IssueForm(forms.Form):
    organ = organ_field()
    issued_on = date_field(_("Date of issue"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issued_on"].initial = today


class DeliveryForm(forms.Form):
    kind = forms.TypedChoiceField(
        label=_("How"),
        choices=[(kind.value, kind.label) for kind in (DeliveryKind.HANDED_OVER, DeliveryKind.SENT)],
        coerce=DeliveryKind,
        widget=select_widget(),
    )
    delivered_on = date_field(_("Delivered on"))
    receiver = line_field(_("Received by"))
    proof = line_field(
        _("Proof"),
        max_length=200,
        required=False,
        help_text=_("Such as the number of the receipt or the letter."),
    )


class OpenRecoveryForm(forms.Form):
    reason = text_field(_("Remark"), required=False)


class RepaymentForm(forms.Form):
    amount = amount_field(_("Amount (yuan)"))
    reference = line_field(
        _("Receipt"), max_length=60, help_text=_("The number of the receipt; each is booked once.")
    )
    on = date_field(_("Booked on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


_FORMS: Mapping[AwardAction, type[forms.Form]] = {
    AwardAction.RECORD_APPLICATION: ApplicationForm,
    AwardAction.CALCULATE: CalculateForm,
    AwardAction.OVERRIDE: OverrideForm,
    AwardAction.DISCLOSE: DiscloseForm,
    AwardAction.RECORD_OBJECTION: ObjectionForm,
    AwardAction.ISSUE_NOTICE: IssueForm,
    AwardAction.DELIVER_NOTICE: DeliveryForm,
    AwardAction.OPEN_RECOVERY: OpenRecoveryForm,
    AwardAction.RECORD_REPAYMENT: RepaymentForm,
}
_FORMS_OF_AN_AWARD: Mapping[AwardAction, Any] = {
    AwardAction.APPROVE: FundedApproveForm,
    AwardAction.ANSWER_OBJECTION: AnswerForm,
}


def form_of(action: AwardAction, award: Award, data: Any = None) -> forms.Form:
    """The form of an act on this award; bound where there is data."""
    prefix = action.value
    if action in _FORMS_OF_AN_AWARD:
        form: forms.Form = _FORMS_OF_AN_AWARD[action](data, award=award, prefix=prefix)
        return form
    return _FORMS.get(action, ReasonForm if action in NEEDS_REASON else NoAnswers)(data, prefix=prefix)
