"""The form of a scheme version: every term explained, begun like the version before."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import date_field, line_field, select_widget
from documents.api import PolicyDocument
from subsidies.enums import Decision, ExclusionKind, OncePer, Rounding, Stacking
from subsidies.models import Scheme, SchemeVersion
from subsidies.selectors.scheme_terms import EXPLANATIONS, LABELS
from subsidies.services.schemes import NewBasis, VersionTerms

from .fields import amount_field

_NEW_BASIS = ("basis_title", "basis_issuer", "basis_number", "basis_date", "basis_source")


def _choice(key: str, choices: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=LABELS[key],
        help_text=EXPLANATIONS[key],
        choices=choices,
        coerce=choices,
        widget=select_widget(),
    )


def _switch(label: Any, help_text: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


def _share(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=10_000,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


class VersionForm(forms.Form):
    """The terms of a further version; a recorded basis is chosen, or a further one recorded with it."""

    basis = forms.ModelChoiceField(
        label=LABELS["basis"],
        help_text=EXPLANATIONS["basis"],
        queryset=PolicyDocument.objects.all(),
        required=False,
        empty_label=_("Not in the list: recorded below"),
        widget=select_widget(),
    )
    basis_title = line_field(
        _("Title of the document"),
        max_length=200,
        required=False,
        help_text=_("Without the title marks 《》."),
    )
    basis_issuer = line_field(
        _("Issuer"), max_length=100, required=False, help_text=_("The organ that issued it.")
    )
    basis_number = line_field(
        _("Document number"), max_length=60, required=False, help_text=_("As printed, with its year.")
    )
    basis_date = date_field(_("Date of issue"), required=False, help_text=_("The date printed under it."))
    basis_source = line_field(
        _("Source"), max_length=300, required=False, help_text=_("Where it was read: file, address, archive.")
    )
    first_eligible = _choice("first_eligible", Decision)
    renewal_eligible = _choice("renewal_eligible", Decision)
    inbound_eligible = _choice("inbound_eligible", Decision)
    once_per = _choice("once_per", OncePer)
    exclusions = forms.MultipleChoiceField(
        label=LABELS["exclusions"],
        help_text=EXPLANATIONS["exclusions"],
        choices=ExclusionKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    ratio_numerator = _share(_("City's share"), EXPLANATIONS["ratio"])
    ratio_denominator = _share(
        _("Region's share"), _("1 and 1 is 1:1; 1 and 2 is half of the region's amount.")
    )
    cap = amount_field(LABELS["cap"], required=False, help_text=EXPLANATIONS["cap"])
    rounding = _choice("rounding", Rounding)
    stacking = _choice("stacking", Stacking)
    fund = line_field(LABELS["fund"], required=False, help_text=EXPLANATIONS["fund"])
    window_opens_on = date_field(_("Applications from"), required=False, help_text=EXPLANATIONS["window"])
    window_closes_on = date_field(
        _("Applications until"), required=False, help_text=_("The last day is part of the window.")
    )
    disclosure_required = _switch(LABELS["disclosure"], _("The usual case: the list is open to objections."))
    disclosure_source = line_field(
        _("Source of the disclosure rule"),
        max_length=300,
        required=False,
        help_text=EXPLANATIONS["disclosure"],
    )
    recovery_returns_to_line = _switch(
        _("Recovered money returns to the funding line"), EXPLANATIONS["recovery"]
    )
    valid_from = date_field(_("Valid from"), help_text=EXPLANATIONS["validity"])
    valid_to = date_field(
        _("Valid until, exclusive"),
        required=False,
        help_text=_("Empty: until a later version takes its place."),
    )
    groups: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (_("Basis"), ("basis", *_NEW_BASIS)),
        (
            _("Who is awarded"),
            ("first_eligible", "renewal_eligible", "inbound_eligible", "once_per", "exclusions"),
        ),
        (
            _("How much"),
            ("ratio_numerator", "ratio_denominator", "cap", "rounding", "stacking"),
        ),
        (
            _("Way and money"),
            (
                "window_opens_on",
                "window_closes_on",
                "disclosure_required",
                "disclosure_source",
                "fund",
                "recovery_returns_to_line",
            ),
        ),
        (_("Validity"), ("valid_from", "valid_to")),
    )

    @classmethod
    def like(cls, version: SchemeVersion | None) -> dict[str, Any]:
        """What to begin with: the terms of ``version``, or what is usual; the span is always typed."""
        if version is None:
            undecided = {"renewal_eligible": Decision.UNDECIDED, "inbound_eligible": Decision.UNDECIDED}
            once = {"once_per": OncePer.UNDECIDED, "stacking": Stacking.UNDECIDED}
            return {**undecided, **once, "disclosure_required": True}
        kept = set(VersionTerms.__annotations__) - {"valid_to"}
        return {"basis": version.basis_id, **{name: getattr(version, name) for name in kept}}

    def fieldsets(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        for legend, names in self.groups:
            yield legend, [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = [name for name in _NEW_BASIS if data.get(name)]
        if data.get("basis") and told:
            self.add_error("basis", _("Choose a recorded document or record a further one, not both."))
        elif not data.get("basis"):
            missing = [name for name in _NEW_BASIS if not data.get(name) and name not in self.errors]
            if not told and "basis" not in self.errors:
                self.add_error("basis", _("Choose the basis document, or record it below."))
            for name in missing if told else ():
                self.add_error(name, _("A document that is not recorded yet needs this."))
        return data

    def basis_document(self) -> PolicyDocument | NewBasis:
        data = self.cleaned_data
        return data["basis"] or NewBasis(*(data[name] for name in _NEW_BASIS))

    def terms(self) -> VersionTerms:
        data = self.cleaned_data
        return VersionTerms(**{name: data[name] for name in VersionTerms.__annotations__})  # type: ignore[typeddict-item]


class SchemeForm(VersionForm):
    """The first version of a further scheme."""

    key = forms.SlugField(
        label=_("Key"),
        max_length=50,
        help_text=_("Letters, digits and hyphens; it never changes."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    name = line_field(_("Name of the scheme"))
    groups = ((_("Scheme"), ("key", "name")), *VersionForm.groups)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if Scheme.objects.filter(key=key).exists():
            raise forms.ValidationError(_("This scheme exists; draft its next version from its newest one."))
        return key
