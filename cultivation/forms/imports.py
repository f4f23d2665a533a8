"""What is filled in beside a list that is handed in."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from config.common import credit_codes
from config.common.clock import today
from cultivation.models import CultivationCase, Firm, TrainingSession, User
from cultivation.permissions import visible_firms
from cultivation.selectors.firm_search import case_numbered

from .fields import date_field, line_field, select_widget


class RegionsListForm(forms.Form):
    """The document that the region's list came with."""

    document_number = line_field(_("Document number"), max_length=60)
    document_date = date_field(_("Date of the document"))


class _SessionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.held_on.isoformat()} {obj.title}"


class AttendanceListForm(forms.Form):
    """The session that people came to; it has been held."""

    session = _SessionChoice(
        label=_("Session"), queryset=TrainingSession.objects.none(), widget=select_widget()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["session"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (narrows the type)
        field.queryset = TrainingSession.objects.filter(held_on__lte=today())


class ExpertSheetsForm(forms.Form):
    """The case that the experts judged, by its number."""

    case = line_field(_("Number of the case"), max_length=20)

    def clean_case(self) -> CultivationCase:
        numbered = CultivationCase.objects.filter(case_numbered(self.cleaned_data["case"]))
        case = numbered.select_related("firm").first()
        if case is None:
            raise forms.ValidationError(_("There is no case with this number."), code="unknown_case")
        return case


class LedgerFirmForm(forms.Form):
    """The firm whose ledger it is, by its credit code. A firm types nothing: for it there is no other (``Http404``)."""

    firm = line_field(_("Unified social credit code"), max_length=30)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor
        if actor.firm is not None:
            self.initial["firm"] = actor.firm.credit_code
            self.fields["firm"] = forms.CharField(required=False, widget=forms.HiddenInput())

    def clean_firm(self) -> Firm:
        code, own = credit_codes.normalise(self.cleaned_data["firm"]), self._actor.firm
        if own is not None:
            if code != own.credit_code and credit_codes.is_valid(code):
                raise Http404
            return own
        firm = visible_firms(self._actor).filter(credit_code=code).first()
        if firm is None:
            raise forms.ValidationError(
                _("There is no firm with this code among those you see."), code="unknown_firm"
            )
        return firm
