"""The inputs of a self-check: single figures, three years, twelve months, and two lists of rows."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.common.clock import today
from cultivation.enums import IncidentKind, PropertyKind, PropertyOrigin
from cultivation.rules.conditions import NUMERALS
from cultivation.rules.expenses import OtherCap
from cultivation.rules.intellectual_property import class_of
from cultivation.rules.rulesets import NEWEST, NoRuleSet, rules_in_force

from .acts import DateInput
from .amounts import AmountField, CountField, HeadCountField, Unit
from .fact_sheets import EDGES, HEADS, MONTHS
from .fact_words import NAMES, YEAR_FIGURES, name_of_fact, year_field

_BLANK: tuple[str, Any] = ("", "—")


def _kinds() -> list[tuple[Any, Any]]:
    """The kinds under their class, as a select shows groups."""
    classes = {1: gettext_lazy("Class I"), 2: gettext_lazy("Class II"), None: gettext_lazy("Not counted")}
    return [
        (name, [(kind.value, kind.label) for kind in PropertyKind if class_of(kind) == number])
        for number, name in classes.items()
    ]


_YES_NO = (_BLANK, ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
_HINTS = {
    "net_assets_end": gettext_lazy("May be negative"),
    "other": gettext_lazy("Counted up to a cap"),
    "outsourced_domestic": gettext_lazy("As spent; counted at 80 %"),
    "outsourced_foreign": gettext_lazy("As spent; counted at 80 %"),
    "conversions": gettext_lazy("Number in the year; one result counts once"),
}
_MOST_ROWS = 200
_YEARS_AHEAD = 5


def _select(label: Any, choices: Any) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)


def _line(label: Any, most: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget)


class FiguresForm(forms.Form):
    """All single inputs. Nothing is required: what is left out makes its finding manual."""

    filed_on = forms.DateField(label=NAMES["filed_on"], required=False, widget=DateInput())
    registered_on = forms.DateField(label=NAMES["registered_on"], required=False, widget=DateInput())
    field_first = _select(
        gettext_lazy("Technical field, first level"),
        (
            _BLANK,
            *(
                (numeral, f"{numeral}、{name}")
                for numeral, name in zip(NUMERALS, NEWEST.technical_fields, strict=False)
            ),
        ),
    )
    field_rest = _line(gettext_lazy("Second and third level"), 40)
    core_ip_owned = _select(gettext_lazy("Owns the intellectual property behind its main products"), _YES_NO)
    employees_average = HeadCountField(label=NAMES["employees_average"])
    technical_average = HeadCountField(label=NAMES["technical_average"])
    incident_state = _select(
        gettext_lazy("Serious accidents or breaches in the year before filing"),
        (_BLANK, ("none", gettext_lazy("None")), ("some", gettext_lazy("Yes, listed below"))),
    )
    other_cap = _select(
        gettext_lazy("Reading of the cap on other expenses"),
        (
            (OtherCap.INTERNAL.value, gettext_lazy("One: of internal R&D (stricter)")),
            (OtherCap.WITH_OUTSOURCED.value, gettext_lazy("Two: of internal and outsourced R&D")),
        ),
    )
    empty_is_zero = forms.BooleanField(
        label=gettext_lazy("Count R&D categories that are left empty as 0"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, unit: Unit, years: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.years = unit, years
        self.fields["field_rest"].help_text = _("As in the catalogue, such as （一）1.")
        for year in years:
            for name in YEAR_FIGURES:
                field = AmountField(unit=unit, signed=name == "net_assets_end", label=_year_label(year, name))
                self._add(year_field(year, name), field)
            self._add(year_field(year, "conversions"), CountField(label=_year_label(year, "conversions")))
        for number in MONTHS:
            for who in HEADS:
                for edge in EDGES:
                    label = _("%(name)s, month %(number)s, %(edge)s") % {
                        "name": name_of_fact(f"{who}_monthly"),
                        "number": number,
                        "edge": name_of_fact(edge),
                    }
                    self._add(f"{who}_{edge}_{number}", HeadCountField(label=label))

    def _add(self, name: str, field: forms.Field) -> None:
        """A field in a table: its head cells are its label for the eye, this one for the screen reader."""
        field.widget.attrs["aria-label"] = str(field.label)
        self.fields[name] = field

    @property
    def basics(self) -> list[forms.BoundField]:
        return [
            self[name] for name in ("filed_on", "registered_on", "field_first", "field_rest", "core_ip_owned")
        ]

    @property
    def year_rows(self) -> Iterator[tuple[str, str, list[tuple[int, forms.BoundField]]]]:
        """Name, hint and the cells of each figure, as the table shows them."""
        for name in (*YEAR_FIGURES, "conversions"):
            cells = [(year, self[year_field(year, name)]) for year in self.years]
            yield name_of_fact(name), str(_HINTS.get(name, "")), cells

    @property
    def month_columns(self) -> list[str]:
        return [f"{name_of_fact(f'{who}_monthly')} · {name_of_fact(edge)}" for who in HEADS for edge in EDGES]

    @property
    def month_rows(self) -> Iterator[tuple[int, list[tuple[str, forms.BoundField]]]]:
        for number in MONTHS:
            cells = [self[f"{who}_{edge}_{number}"] for who in HEADS for edge in EDGES]
            yield number, list(zip(self.month_columns, cells, strict=True))

    @property
    def has_months(self) -> bool:
        return any(field.value() for _number, cells in self.month_rows for _name, field in cells)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        filed_on, registered_on = cleaned.get("filed_on"), cleaned.get("registered_on")
        if filed_on:
            self._check_filing(filed_on)
        if filed_on and registered_on and registered_on > filed_on:
            self.add_error("registered_on", _("The firm cannot be registered after it files."))
        for number in MONTHS:
            for who in HEADS:
                edges = [f"{who}_{edge}_{number}" for edge in EDGES]
                empty = [name for name in edges if cleaned.get(name) is None]
                if len(empty) == 1 and not set(edges) & set(self.errors):
                    self.add_error(empty[0], _("A month needs the numbers at its beginning and at its end."))
        return cleaned

    def _check_filing(self, filed_on: Any) -> None:
        try:
            rules_in_force(filed_on)
        except NoRuleSet as error:
            self.add_error("filed_on", str(error))
        if filed_on.year > today().year + _YEARS_AHEAD:
            self.add_error(
                "filed_on",
                _("The planned filing lies more than %(years)s years ahead.") % {"years": _YEARS_AHEAD},
            )


def _year_label(year: int, name: str) -> str:
    return _("%(name)s of %(year)s") % {"year": year, "name": name_of_fact(name)}


class RowForm(forms.Form):
    """A row of a list; empty rows do not count."""

    field_order = ["number", "title", "date", "kind", "obtained", "used_before", "serious", "document"]

    remove = forms.BooleanField(
        label=gettext_lazy("Remove"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    @property
    def counts(self) -> bool:
        values = {name: value for name, value in self.cleaned_data.items() if name != "remove"}
        return any(values.values()) and not self.cleaned_data.get("remove")


class PropertyForm(RowForm):
    number = _line(NAMES["number"], 60)
    title = _line(NAMES["title"], 200)
    kind = _select(NAMES["kind"], (_BLANK, *_kinds()))
    obtained = _select(NAMES["obtained"], (_BLANK, *PropertyOrigin.choices))
    used_before = _select(NAMES["used_before"], _YES_NO)
    co_owned_used_by_other = forms.BooleanField(
        label=NAMES["co_owned_used_by_other"],
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class IncidentForm(RowForm):
    date = forms.DateField(label=NAMES["date"], required=False, widget=DateInput())
    kind = _select(NAMES["kind"], (_BLANK, *IncidentKind.choices))
    serious = _select(NAMES["serious"], _YES_NO)
    document = _line(NAMES["document"], 120)


def _rows(form: type[RowForm]) -> type["BaseFormSet[RowForm]"]:
    return forms.formset_factory(
        form, extra=0, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS, validate_max=True
    )


PropertyRows = _rows(PropertyForm)
IncidentRows = _rows(IncidentForm)
