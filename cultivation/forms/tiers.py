"""Forms of the tiers: what a document says, and a recommendation with an answer to each criterion."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.enums import FirmTier, TierOutcome
from cultivation.rules.tier_criteria import Criterion, Said

from .amounts import NumberField, number_of
from .fields import date_field, line_field, select_widget, text_field

_DOCUMENT = ("document_number", "document_date", "remark")
_MOST_DIGITS = 13  # before the point, as in the criteria


class DocumentForm(forms.Form):
    """The document behind a record."""

    document_number = line_field(_("Document number"), max_length=60)
    document_date = date_field(_("Date of the document"))
    remark = text_field(_("Remark"), required=False)

    def document(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _DOCUMENT}


class TierRecordForm(DocumentForm):
    """Recognised, or no longer so."""

    tier = forms.TypedChoiceField(
        label=_("Tier"),
        choices=[choice for choice in FirmTier.choices if choice[0] != FirmTier.NONE],
        coerce=FirmTier,
        widget=select_widget(),
    )
    outcome = forms.TypedChoiceField(
        label=_("Outcome"),
        choices=[choice for choice in TierOutcome.choices if choice[0] != TierOutcome.RECOMMENDED],
        coerce=TierOutcome,
        widget=select_widget(),
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2000,
        max_value=2999,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    valid_until = date_field(_("Valid until"), required=False)

    field_order = ["tier", "outcome", "year", "document_number", "document_date", "valid_until", "remark"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = today().year

    def answers(self) -> dict[str, Any]:
        """The valid form as the service wants it."""
        return self.cleaned_data


class _FigureField(NumberField):
    """A figure of a criterion, with at most four decimals."""

    def read(self, text: str) -> Decimal:
        number = number_of(text)
        if (
            number is None
            or number.adjusted() >= _MOST_DIGITS
            or number != number.quantize(Decimal("0.0001"))
        ):
            raise ValidationError(_("Enter a figure with at most four decimals."), code="not_a_number")
        return number


class GazelleForm(DocumentForm):
    """A recommendation. Criteria that the records answer are shown and not asked."""

    year = forms.IntegerField(
        label=_("Year of the recommendation"),
        min_value=2000,
        max_value=2999,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    field_order = ["year", "document_number", "document_date", "remark"]

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], answered: Mapping[str, Said], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = today().year
        self.criteria, self.answered = criteria, answered
        for criterion in self._asked():
            if criterion.least is None:
                self.fields[f"met-{criterion.key}"] = forms.ChoiceField(
                    label=_("Answer"),
                    choices=(("", _("Not known")), ("yes", _("Met")), ("no", _("Not met"))),
                    required=False,
                    widget=select_widget(),
                )
            self.fields[f"measured-{criterion.key}"] = _FigureField(label=_("Measured"))
            self.fields[f"note-{criterion.key}"] = line_field(_("Note"), required=False)

    def _asked(self) -> Iterator[Criterion]:
        return (criterion for criterion in self.criteria if criterion.key not in self.answered)

    def document_fields(self) -> list[BoundField]:
        return [self[name] for name in self.field_order]

    def lines(self) -> Iterator[tuple[Criterion, Said | None, list[BoundField]]]:
        """Each criterion with the records' answer, or with the fields to answer it by."""
        for criterion in self.criteria:
            names = [f"{part}-{criterion.key}" for part in ("met", "measured", "note")]
            fields = [self[name] for name in names if name in self.fields]
            yield criterion, self.answered.get(criterion.key), fields

    def said(self) -> dict[str, Said]:
        answers = {"yes": True, "no": False}
        return {
            criterion.key: Said(
                met=answers.get(self.cleaned_data.get(f"met-{criterion.key}", "")),
                measured=self.cleaned_data[f"measured-{criterion.key}"],
                note=self.cleaned_data[f"note-{criterion.key}"],
            )
            for criterion in self._asked()
        }
