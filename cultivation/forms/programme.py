"""Forms of the entry pages: targets and quotas, achievements of the programme, versions of the stock."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from config.common.filters import FilterForm
from cultivation.enums import RECORDED_MEASURES, TargetMeasure
from cultivation.models import Achievement, AnnualTarget, Division
from cultivation.rules.programme import PROGRAMME
from cultivation.selectors.targets import counties
from cultivation.services.targets import YEARS

from .fields import date_field, line_field, select_widget, text_field

_MOST = 1_000_000


class CountyField(forms.ModelChoiceField):
    """A county under its name of today; empty for the whole city."""

    def __init__(self) -> None:
        super().__init__(
            label=_("County"),
            queryset=Division.objects.filter(parent__isnull=False),
            required=False,
            empty_label=_("The whole city"),
            widget=select_widget(),
        )

    def name_counties(self) -> None:
        """Put the names in force into the list."""
        self.choices = [("", self.empty_label), *((county.pk, name) for county, name in counties(today()))]


def _number(label: Any, *, least: int = 0, most: int = _MOST) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "form-control"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget)


def _source() -> forms.CharField:
    return line_field(
        _("Source"), max_length=300, help_text=_("The document with its number that sets this figure.")
    )


class TargetForm(forms.Form):
    """One figure of a year, of the city or of a county, with its source."""

    measure = forms.TypedChoiceField(
        label=_("Measure"),
        choices=[(count.measure, TargetMeasure(count.measure).label) for count in PROGRAMME],
        coerce=TargetMeasure,
        widget=select_widget(),
    )
    division = CountyField()
    year = _number(_("Year"), least=YEARS[0], most=YEARS[-1])
    value = _number(_("Target"))
    source = _source()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].name_counties()  # type: ignore[attr-defined]
        self.fields["measure"].initial = TargetMeasure.STOCK
        self.fields["year"].initial = today().year


class TargetCorrectionForm(forms.Form):
    """Another figure, and why."""

    value = _number(_("Target"))
    source = _source()
    reason = text_field(_("Reason"))

    @classmethod
    def showing(cls, target: AnnualTarget) -> "TargetCorrectionForm":
        return cls(initial={"value": target.value, "source": target.source}, auto_id="correct-%s")


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = text_field(_("Reason"))


class AchievementFilterForm(FilterForm):
    """What the list of achievements is narrowed to; ``counties`` with their names of the day."""

    measure = forms.ChoiceField(
        choices=[(measure.value, measure.label) for measure in RECORDED_MEASURES], required=False
    )
    county = forms.ChoiceField(required=False)
    corrected = forms.BooleanField(required=False)

    def __init__(self, *args: Any, counties: Sequence[tuple[Division, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["county"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(county.key, name) for county, name in counties]

    def wanted(self) -> dict[str, Any]:
        """``measure`` and ``county`` (by key), empty for all, and ``corrected``."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "measure": found.get("measure", ""),
            "county": found.get("county", ""),
            "corrected": found.get("corrected", False),
        }


class AchievementForm(forms.Form):
    """One achievement of the programme with the document behind it."""

    measure = forms.TypedChoiceField(
        label=_("Measure"),
        choices=[(measure.value, measure.label) for measure in RECORDED_MEASURES],
        coerce=TargetMeasure,
        widget=select_widget(),
    )
    title = line_field(_("Name of the achievement"), max_length=200)
    organisation = line_field(_("Organisation behind it"), required=False)
    division = CountyField()
    achieved_on = date_field(_("Achieved on"))
    document = line_field(_("Document"), help_text=_("Acceptance, recognition or contract with its number."))
    evidence = forms.FileField(
        label=_("Evidence (file)"),
        required=False,
        widget=forms.FileInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].name_counties()  # type: ignore[attr-defined]


class AchievementCorrectionForm(AchievementForm):
    """What an entry should have said; the measure stays. Without a new file the old evidence goes on counting."""

    reason = text_field(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["measure"]

    @classmethod
    def showing(cls, entry: Achievement) -> "AchievementCorrectionForm":
        return cls(
            initial={
                "title": entry.title,
                "organisation": entry.organisation,
                "division": entry.division_id,
                "achieved_on": entry.achieved_on,
                "document": entry.document,
            },
            auto_id="correct-%s",
        )


class StockForm(forms.Form):
    """The day whose stock is put on record; why and by what document where a final version stands."""

    day = forms.TypedChoiceField(label=_("Day"), coerce=dt.date.fromisoformat, widget=select_widget())
    reason = text_field(_("Reason, where a final version stands"), required=False)
    document = line_field(_("Document, where a final version stands"), required=False)

    def __init__(self, *args: Any, days: Sequence[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["day"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(day.isoformat(), day.isoformat()) for day in days]
