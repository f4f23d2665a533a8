"""The figures of a self-check as one sheet: read from facts, from what was typed, and back into facts."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _

from config.common.clock import today
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import MalformedFacts, loads_facts, parse_facts

from .amounts import AmountField, Unit, amount_text, unit_of
from .fact_sheets import (
    BUREAU_CARRIED,
    CARRIED,
    accounting_years,
    facts_of,
    filing_year_of,
    initial_of,
    initial_rows,
)
from .fact_words import in_words, name_of_fact, plain
from .figures import FiguresForm, IncidentRows, PropertyRows, RowForm

_OTHER_YEAR = re.compile(r"y[0-9]{4}_[a-z_]+")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that an input breaks; without an input it concerns the sheet as a whole."""

    field: str
    name: str
    message: str


class Sheet:
    """The whole of it. ``figures``, ``properties`` and ``incidents`` are the forms of the page."""

    def __init__(
        self,
        figures: FiguresForm,
        properties: "BaseFormSet[RowForm]",
        incidents: "BaseFormSet[RowForm]",
        carried: Mapping[str, Any],
        spare: Mapping[str, str] | None = None,
    ) -> None:
        self.figures, self.properties, self.incidents = figures, properties, incidents
        self.carried = dict(carried)
        self.spare = dict(spare or {})

    @classmethod
    def showing(
        cls, facts: Mapping[str, Any], unit: Unit = Unit.YUAN, other_cap: OtherCap = OtherCap.INTERNAL
    ) -> "Sheet":
        """Filled with facts."""
        years = accounting_years(filing_year_of(facts, today().year))
        return cls(
            FiguresForm(
                initial={**initial_of(facts, unit), "other_cap": other_cap.value}, unit=unit, years=years
            ),
            _rows(PropertyRows, initial_rows(facts, "ip"), "ip", blank=not facts.get("ip")),
            _rows(IncidentRows, initial_rows(facts, "incidents"), "incidents"),
            {key: facts[key] for key in CARRIED if facts.get(key) is not None},
        )

    @classmethod
    def posted(cls, post: QueryDict, *, bureau: bool) -> "Sheet":
        """As sent in; ``bureau``: the person may bring along what experts said."""
        figures = FiguresForm(
            post, unit=unit_of(post.get("unit")), years=accounting_years(_filing_year(post))
        )
        carried = _carried(post.get("carried", ""))
        if not bureau:
            carried = {key: value for key, value in carried.items() if key not in BUREAU_CARRIED}
        return cls(
            figures,
            PropertyRows(post, prefix="ip"),
            IncidentRows(post, prefix="incidents"),
            carried,
            {name: value for name, value in _spare(post).items() if name not in figures.fields},
        )

    def is_valid(self) -> bool:
        """Whether every field can be read and the facts make sense together; faults stand beside their fields."""
        valid = [self.figures.is_valid(), self.properties.is_valid(), self.incidents.is_valid()]
        if not all(valid):
            return False
        self._check_incidents()
        if self.figures.is_valid():
            try:
                parse_facts(self.facts())
            except MalformedFacts as error:
                self._add_fault(error)
        return self.figures.is_valid()

    def facts(self) -> dict[str, Any]:
        """The FACTS object of a valid sheet."""
        return facts_of(
            self.figures.cleaned_data,
            [form.cleaned_data for form in self.properties if form.counts],
            [form.cleaned_data for form in self.incidents if form.counts],
            years=self.figures.years,
            carried=self.carried,
        )

    @property
    def other_cap(self) -> OtherCap:
        """The reading chosen on a valid sheet."""
        return OtherCap(self.figures.cleaned_data["other_cap"] or OtherCap.INTERNAL)

    @property
    def unit(self) -> Unit:
        return self.figures.unit

    @property
    def filing_year(self) -> int:
        return self.figures.years[-1] + 1

    @property
    def new_filing_year(self) -> int | None:
        """The year of the filing date, where the columns of the page belong to another one."""
        filed_on = self.figures.cleaned_data.get("filed_on") if self.figures.is_bound else None
        return filed_on.year if filed_on and filed_on.year != self.filing_year else None

    def as_typed(self, *, filing_year: int | None = None, blank: str = "") -> "Sheet":
        """The same inputs again, not judged: with the columns of another filing year, or a blank row in the list
        called ``blank``.
        """
        figures = self.figures
        typed = {**self.spare, **{name: figures[name].value() for name in figures.fields}}
        shown = FiguresForm(
            initial=typed, unit=self.unit, years=accounting_years(filing_year or self.filing_year)
        )
        spare = {name: value for name, value in typed.items() if _OTHER_YEAR.fullmatch(name) and value}
        return Sheet(
            shown,
            _rows(PropertyRows, list(_typed(self.properties)), "ip", blank=blank == "ip"),
            _rows(IncidentRows, list(_typed(self.incidents)), "incidents", blank=blank == "incidents"),
            self.carried,
            {name: value for name, value in spare.items() if name not in shown.fields},
        )

    def in_other_unit(self) -> "Sheet | None":
        """The same figures in the other unit; ``None`` where an amount cannot be read."""
        self.figures.is_valid()
        amounts = [name for name, field in self.figures.fields.items() if isinstance(field, AmountField)]
        if any(name in self.figures.errors for name in amounts):
            return None
        typed = self.as_typed()
        other = FiguresForm(initial=typed.figures.initial, unit=self.unit.other, years=self.figures.years)
        for name in amounts:
            other.initial[name] = amount_text(self.figures.cleaned_data.get(name), self.unit.other)
        spare = {name: _in_unit(name, value, self.unit.other) for name, value in self.spare.items()}
        return Sheet(other, typed.properties, typed.incidents, self.carried, spare)

    def faults(self) -> list[Fault]:
        """Every fault in the order of the page."""
        if not self.figures.is_bound:
            return []
        whole = [*self.figures.non_field_errors()]
        whole += [message for rows in (self.properties, self.incidents) for message in rows.non_form_errors()]
        found = [Fault("", "", message) for message in whole]
        for form in (self.figures, *self.properties.forms, *self.incidents.forms):
            found += _faults_of(form)
        return found

    @property
    def carried_json(self) -> str:
        return json.dumps(self.carried, ensure_ascii=False, default=str) if self.carried else ""

    @property
    def carried_names(self) -> list[str]:
        return [name_of_fact(key) for key in self.carried]

    def _check_incidents(self) -> None:
        listed = any(form.counts for form in self.incidents)
        state = self.figures.cleaned_data["incident_state"]
        if state == "none" and listed:
            self.figures.add_error("incident_state", _("“None” is chosen, but incidents are listed below."))
        elif state == "some" and not listed:
            self.figures.add_error("incident_state", _("List the incidents below."))

    def _add_fault(self, error: MalformedFacts) -> None:
        facts = self.facts()
        field = next((words.field for words in in_words(error.key, facts) if words.field), "")
        name = field.removeprefix("id_")
        message = plain(error.reason, facts)
        if name in self.figures.fields:
            self.figures.add_error(name, message)
        else:
            self.figures.add_error(None, f"{plain(error.key, facts)}：{message}")


def _filing_year(post: QueryDict) -> int:
    """The year whose columns the page showed."""
    text = post.get("filing_year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return year if 2000 <= year <= 2999 else today().year


def _carried(text: str) -> dict[str, Any]:
    """What the page brought along; what cannot be read is left behind, its findings become manual."""
    try:
        facts = loads_facts(text) if text else {}
        found = {key: facts[key] for key in CARRIED if facts.get(key) is not None}
        parse_facts(found)
    except MalformedFacts:
        return {}
    return found


def _spare(post: QueryDict) -> dict[str, str]:
    """Figures of years that the page does not show at present: kept, should the filing date come back."""
    named = {name: str(post[name]) for name in post if _OTHER_YEAR.fullmatch(name)}
    return {name: value for name, value in named.items() if len(value) <= _LONGEST}


def _in_unit(name: str, value: str, unit: Unit) -> str:
    """A figure put aside, in ``unit`` instead of the other one; as typed where it is no amount."""
    if name.endswith("_conversions"):
        return value
    try:
        return amount_text(AmountField(unit=unit.other, signed=True).clean(value), unit)
    except ValidationError:
        return value


def _rows(
    kind: "type[BaseFormSet[RowForm]]", initial: list[dict[str, Any]], prefix: str, *, blank: bool = False
) -> "BaseFormSet[RowForm]":
    """The rows of a list, with an empty one to fill in where ``blank``."""
    rows = kind(initial=initial, prefix=prefix)
    rows.extra = int(blank)
    return rows


def _typed(rows: "BaseFormSet[RowForm]") -> Iterator[dict[str, Any]]:
    """Each row as it was typed, except those to be removed and the empty ones."""
    for form in rows.forms:
        row = {name: form[name].value() for name in form.fields}
        if any(row.values()) and not row["remove"]:
            yield row


def _faults_of(form: BaseForm) -> Iterator[Fault]:
    for name, messages in form.errors.items():
        if name in form.fields:
            field = form[name]
            yield from (Fault(field.id_for_label, str(field.label), str(message)) for message in messages)
