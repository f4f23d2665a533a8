"""The figures a firm may try out on a self-check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cultivation.rules.display import number_text
from cultivation.rules.what_if import CannotMove, Levers

from .amounts import AmountField, CountField, HeadCountField, Unit, amount_text

AMOUNTS = ("sales", "rd_total", "high_tech_income")
LEVER_NAMES: dict[str, Any] = {
    "sales": _("Sales of the latest year"),
    "rd_total": _("R&D of the latest year, all categories"),
    "high_tech_income": _("High-tech income of the latest year"),
    "technical": _("Technical staff"),
    "employees": _("Employees"),
    "conversions": _("Conversions of the latest year"),
    "class_one": _("Further class-I property of one's own"),
}
_MOST_ADDED = 20


class LeversForm(forms.Form):
    """What is left empty stays as it is."""

    prefix = "lever"

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        for name in AMOUNTS:
            self.fields[name] = AmountField(unit=unit, label=LEVER_NAMES[name])
        for name in ("technical", "employees"):
            self.fields[name] = HeadCountField(label=LEVER_NAMES[name])
        self.fields["conversions"] = CountField(label=LEVER_NAMES["conversions"])
        self.fields["class_one"] = CountField(label=LEVER_NAMES["class_one"], most=_MOST_ADDED)
        self.fields["rd_total"].help_text = _("A difference goes to personnel.")

    @classmethod
    def at(cls, levers: Levers, unit: Unit) -> "LeversForm":
        """Filled with where the figures stand."""
        initial = {name: lever_text(name, getattr(levers, name), unit) for name in LEVER_NAMES}
        return cls(initial=initial, unit=unit)

    def levers(self) -> Levers:
        """The levers of a valid form."""
        values = {name: self.cleaned_data[name] for name in LEVER_NAMES}
        return Levers(**{**values, "class_one": values["class_one"] or 0})

    def refuse(self, error: CannotMove) -> None:
        self.add_error(error.lever, str(error))


def lever_text(name: str, value: Any, unit: Unit = Unit.YUAN) -> str:
    if value is None:
        return ""
    return amount_text(value, unit) if name in AMOUNTS else number_text(value)
