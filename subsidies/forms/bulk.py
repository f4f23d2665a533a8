"""What a bulk act asks for besides the awards; the answers are those of the single act."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from config.common.fields import date_field, line_field, select_widget, text_field
from subsidies.models import FundingLine
from subsidies.permissions import AwardAction
from subsidies.services.ledger import figures_of


class NoAnswers(forms.Form):
    """The act asks for nothing."""


class LineField(forms.ModelChoiceField):
    """A funding line with what it has available."""

    def label_from_instance(self, line: FundingLine) -> str:
        available = f"{figures_of(line).available:,.2f}"
        return gettext("%(line)s (available: %(amount)s yuan)") % {"line": line, "amount": available}


class ApproveForm(forms.Form):
    funding_line = LineField(
        label=_("Funding line"),
        queryset=FundingLine.objects.order_by("-fiscal_year", "fund", "name"),
        widget=select_widget(),
    )


class DiscloseForm(forms.Form):
    place = line_field(_("Where published"), max_length=200)
    published_on = date_field(_("Published on"))
    last_day = date_field(
        _("Last day"),
        required=False,
        help_text=_("Only where the calendar does not know the year; then with a reason."),
    )
    reason = line_field(_("Reason for the last day"), max_length=300, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["published_on"].initial = today


class SendBackForm(forms.Form):
    reason = text_field(_("Reason"))


FORMS: Mapping[AwardAction, type[forms.Form]] = {
    AwardAction.CALCULATE: NoAnswers,
    AwardAction.REVIEW: NoAnswers,
    AwardAction.DISCLOSE: DiscloseForm,
    AwardAction.APPROVE: ApproveForm,
    AwardAction.SEND_BACK: SendBackForm,
}
