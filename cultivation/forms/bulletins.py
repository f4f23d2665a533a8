"""The period of a bulletin to be drawn up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.selectors.bulletins import WHOLE_YEAR, last_day

from .fields import select_widget

_YEARS_BACK = 3


class BulletinForm(forms.Form):
    """A quarter or a whole year that is over; the latest first."""

    period = forms.ChoiceField(label=_("Period"), widget=select_widget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["period"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (f"{year}-{quarter}", period_name(year, quarter)) for year, quarter in _periods()
            ]

    @property
    def chosen(self) -> dict[str, int]:
        """Year and quarter of a valid form."""
        year, quarter = self.cleaned_data["period"].split("-")
        return {"year": int(year), "quarter": int(quarter)}


def period_name(year: int, quarter: int) -> str:
    if quarter == WHOLE_YEAR:
        return _("Report of the year %(year)s") % {"year": year}
    return _("Bulletin of %(year)s, quarter %(quarter)s") % {"year": year, "quarter": quarter}


def _periods() -> list[tuple[int, int]]:
    on = today()
    periods = [
        (year, quarter)
        for year in range(on.year - _YEARS_BACK, on.year + 1)
        for quarter in (1, 2, 3, 4, WHOLE_YEAR)
        if last_day(year, quarter) <= on
    ]
    return periods[::-1]
