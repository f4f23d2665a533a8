"""What is filled in beside a list that is handed in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.models import CultivationCase, TrainingSession
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
