"""The self-evaluation of a technology SME as a form: what is left open makes its finding manual."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.enums import PropertyKind
from cultivation.models import Accreditation, ExpenseYear
from cultivation.rules.intellectual_property import class_of
from cultivation.rules.sme_facts import CONDUCT_KINDS, INDICATORS, INSTITUTION_LEVELS, STANDARD_LEVELS

from .amounts import AmountField, CountField, HeadCountField, amount_text
from .fields import date_field, line_field, select_widget

_BLANK = ("", "—")
_YES_NO = (_BLANK, ("yes", _("Yes")), ("no", _("No")))
_CONDUCT = dict(
    zip(
        CONDUCT_KINDS,
        (
            _("Safety accident"),
            _("Quality accident"),
            _("Breach of environmental law"),
            _("Research dishonesty"),
        ),
        strict=True,
    )
)
_LEVELS = {
    "international": _("International"),
    "national": _("National"),
    "industry": _("Industry"),
    "provincial": _("Province or ministry"),
    "other": _("Other"),
}
_MOST_ITEMS = 200
KINDS = tuple(kind for kind in PropertyKind if class_of(kind))


def _choice(label: Any, choices: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=select_widget(), help_text=help_text
    )


def _levels(*names: str) -> tuple[tuple[str, Any], ...]:
    return (_BLANK, *((name, _LEVELS[name]) for name in names))


class SmeForm(forms.Form):
    """Figures of the year before the form is filled in, in the calibers of 国科发政〔2017〕115号."""

    filled_on = date_field(_("Filled in on"))
    resident = _choice(_("Resident enterprise registered in the country"), _YES_NO)
    employees_in_service = HeadCountField(label=_("Employees in service"))
    employees_part_time = HeadCountField(
        label=_("Part-time and temporary, six months or more"), help_text=_("Empty: none")
    )
    sales = AmountField(label=_("Sales of the year before"))
    assets = AmountField(label=_("Total assets"))
    prohibited_products = _choice(_("Products prohibited, restricted or to be phased out"), _YES_NO)
    abnormal_listing = _choice(_("On the list of abnormal operations"), _YES_NO)
    dishonest_listing = _choice(_("On the list of serious dishonesty"), _YES_NO)
    misconduct = _choice(
        _("Serious accidents or breaches"), _YES_NO, _("In the year before or this year so far.")
    )
    misconduct_kind = _choice(_("What happened"), (_BLANK, *_CONDUCT.items()))
    misconduct_date = date_field(_("When"), required=False)
    misconduct_document = line_field(_("Document of the authority"), required=False)
    technical_in_service = HeadCountField(label=_("Technical staff in service"))
    technical_part_time = HeadCountField(
        label=_("Technical staff part-time or temporary, six months or more")
    )
    rd_total = AmountField(
        label=_("R&D expenses in the caliber of the super-deduction"),
        help_text=_("As in the tax return, not the figure of an accreditation."),
    )
    costs = AmountField(label=_("Costs and expenses in all"))
    rd_indicator = _choice(
        _("R&D is measured by"),
        (
            ("", _("The better of the two")),
            *zip(INDICATORS, (_("Share of sales"), _("Share of costs")), strict=True),
        ),
    )
    award_name = line_field(_("National award"), required=False)
    award_date = date_field(_("Awarded on"), required=False)
    award_rank = CountField(label=_("Place among the winners"), most=1000)
    award_document = line_field(_("Document of the award"), required=False)
    institution_name = line_field(_("Research institution"), required=False)
    institution_level = _choice(_("Level of the institution"), _levels(*INSTITUTION_LEVELS))
    institution_document = line_field(_("Document of the institution"), required=False)
    standard_name = line_field(_("Standard"), required=False)
    standard_level = _choice(_("Level of the standard"), _levels(*STANDARD_LEVELS))
    standard_date = date_field(_("Issued on"), required=False)
    standard_rank = CountField(label=_("Place among the drafting units"), most=1000)
    standard_document = line_field(_("Document of the standard"), required=False)

    SECTIONS = (
        (
            _("The firm"),
            (
                "filled_on",
                "resident",
                "employees_in_service",
                "employees_part_time",
                "sales",
                "assets",
                "prohibited_products",
                "abnormal_listing",
                "dishonest_listing",
                "misconduct",
                "misconduct_kind",
                "misconduct_date",
                "misconduct_document",
            ),
        ),
        (_("Technical staff"), ("technical_in_service", "technical_part_time")),
        (_("R&D expenses"), ("rd_total", "costs", "rd_indicator")),
        (
            _("Intellectual property in force, undisputed and for the main products"),
            tuple(f"ip_{kind.value}" for kind in KINDS),
        ),
        (
            _("Direct routes besides a certificate"),
            (
                "award_name",
                "award_date",
                "award_rank",
                "award_document",
                "institution_name",
                "institution_level",
                "institution_document",
                "standard_name",
                "standard_level",
                "standard_date",
                "standard_rank",
                "standard_document",
            ),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            self.fields[f"ip_{kind.value}"] = CountField(label=kind.label, most=_MOST_ITEMS)

    def sections(self) -> Iterator[tuple[Any, list[BoundField]]]:
        for title, names in self.SECTIONS:
            yield title, [self[name] for name in names]

    def clean_filled_on(self) -> dt.date:
        filled_on: dt.date = self.cleaned_data["filled_on"]
        if filled_on > today():
            raise forms.ValidationError(_("The date lies in the future."), code="future_date")
        return filled_on

    def facts(self, certificate: Accreditation | None) -> dict[str, Any]:
        """The facts in the shape of ``assess_sme``; the firm's certificate comes from the records."""
        value = self.cleaned_data.get
        rd, conduct = value("rd_total"), value("misconduct")
        facts = {
            "filled_on": self.cleaned_data["filled_on"].isoformat(),
            "resident": _answer(value("resident")),
            "employees": self._heads("employees"),
            "technical": self._heads("technical"),
            "sales": _text(value("sales")),
            "assets": _text(value("assets")),
            "costs": _text(value("costs")),
            "super_deduction": None if rd is None else {"total": _text(rd)},
            "rd_indicator": value("rd_indicator") or None,
            "ip": self._property(),
            "prohibited_products": _answer(value("prohibited_products")),
            "misconduct": [] if conduct == "no" else [self._misconduct()] if conduct == "yes" else None,
            "abnormal_listing": _answer(value("abnormal_listing")),
            "dishonest_listing": _answer(value("dishonest_listing")),
            "certificate": _certificate(certificate),
            "national_awards": self._honour("award"),
            "institutions": self._honour("institution"),
            "standards": self._honour("standard"),
        }
        return {key: fact for key, fact in facts.items() if fact is not None}

    def _heads(self, key: str) -> dict[str, str | None] | None:
        """The part-time ones left empty beside a number in service are none."""
        in_service = self.cleaned_data.get(f"{key}_in_service")
        part_time = self.cleaned_data.get(f"{key}_part_time")
        if in_service is None and part_time is None:
            return None
        return {"in_service": _text(in_service), "part_time_six_months": _text(part_time) or "0"}

    def _property(self) -> list[dict[str, Any]] | None:
        """One entry an item; all numbers left empty say nothing."""
        counts = {kind: self.cleaned_data.get(f"ip_{kind.value}") for kind in KINDS}
        if all(count is None for count in counts.values()):
            return None
        return [
            {
                "class": class_of(kind),
                "kind": kind.value,
                "in_force": True,
                "disputed": False,
                "for_main_products": True,
            }
            for kind, count in counts.items()
            for _item in range(count or 0)
        ]

    def _misconduct(self) -> dict[str, Any]:
        date = self.cleaned_data.get("misconduct_date")
        return {
            "date": date.isoformat() if date else None,
            "kind": self.cleaned_data.get("misconduct_kind") or None,
            "serious": True,
            "document": self.cleaned_data.get("misconduct_document") or None,
        }

    def _honour(self, prefix: str) -> list[dict[str, Any]] | None:
        """The one claim of a kind; ``None`` where nothing is entered."""
        names = ("name", "level", "date", "rank", "document")
        given = {name: self.cleaned_data.get(f"{prefix}_{name}") for name in names}
        given = {name: answer for name, answer in given.items() if answer not in (None, "")}
        return (
            [{name: str(answer) if name == "date" else answer for name, answer in given.items()}]
            if given
            else None
        )


def first_answers(year: ExpenseYear | None) -> dict[str, Any]:
    """What the form begins with: today, and the sales on record, which both calibers count alike."""
    return {"filled_on": today(), "sales": amount_text(year.sales) if year else ""}


def _answer(text: Any) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _text(number: Any) -> str | None:
    return None if number is None else f"{number:f}"


def _certificate(row: Accreditation | None) -> dict[str, str] | None:
    if row is None:
        return None
    return {
        "number": row.certificate_number,
        "issued_on": row.issued_on.isoformat(),
        "last_day": row.last_day.isoformat(),
    }
