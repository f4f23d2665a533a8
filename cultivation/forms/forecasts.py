"""Which forecast is to be put on record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.models import Division
from cultivation.selectors.targets import counties

from .fields import select_widget

YEARS_AHEAD = 5


class ForecastForm(forms.Form):
    """The year whose end is forecast, and the county; none for the city."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, widget=select_widget())
    division = forms.ChoiceField(label=_("Division"), required=False, widget=select_widget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = today()
        years = [(year, str(year)) for year in range(on.year, on.year + YEARS_AHEAD + 1)]
        named = counties(on)
        self._counties = {county.key: county for county, _name in named}
        places = [("", _("The whole city")), *((county.key, name) for county, name in named)]
        for name, choices in (("year", years), ("division", places)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (narrows the type)
            field.choices = choices

    def clean_division(self) -> Division | None:
        return self._counties.get(self.cleaned_data["division"])
