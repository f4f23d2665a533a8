"""Forms of a certificate's page: a filed report, its correction, the revocation; and the list of reports."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from config.common.filters import FilterForm, SearchField
from cultivation.enums import CertificateFilter, RevocationCause
from cultivation.models import AnnualReport, Division
from cultivation.rules.after_accreditation import REVOCATION_SOURCES

from .fields import date_field, line_field, select_widget, text_field


class CertificateFilterForm(FilterForm):
    """What the register of certificates is narrowed to."""

    state = forms.TypedChoiceField(
        choices=CertificateFilter.choices, coerce=CertificateFilter, required=False
    )
    division = forms.CharField(required=False)
    q = SearchField()

    def __init__(self, *args: Any, counties: Iterable[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counties = counties

    def clean_division(self) -> Division | None:
        key = self.cleaned_data["division"]
        return next((county for county in self._counties if county.key == key), None)

    def wanted(self) -> dict[str, Any]:
        """``shown``, those in force where nothing is said; ``division`` (or ``None``) and ``text``."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "shown": found.get("state") or CertificateFilter.CURRENT,
            "division": found.get("division"),
            "text": found.get("q", ""),
        }


class ReportForm(forms.Form):
    """A report on one of the years that fall due and have no entry."""

    year = forms.TypedChoiceField(label=_("Year reported on"), coerce=int, widget=select_widget())
    reported_on = date_field(_("Reported on"), help_text=_("The day of filing in the ministry's system."))
    document = line_field(_("Document"), required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["year"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(year, str(year)) for year in years]


class ReportCorrectionForm(forms.Form):
    """Another day for a wrong entry, or none."""

    entry = forms.TypedChoiceField(label=_("Entry"), coerce=int, widget=select_widget())
    reported_on = date_field(
        _("Reported on"), required=False, help_text=_("Empty: there was no report after all.")
    )
    reason = text_field(_("Reason"))

    def __init__(self, *args: Any, entries: Sequence[AnnualReport], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["entry"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (entry.pk, f"{entry.year} · {entry.reported_on.isoformat() if entry.reported_on else '—'}")
                for entry in entries
            ]


class RevocationForm(forms.Form):
    """The region's decision to take the certificate back."""

    cause = forms.TypedChoiceField(
        label=_("Cause"),
        choices=RevocationCause.choices,
        coerce=RevocationCause,
        widget=select_widget(),
    )
    revoked_on = date_field(
        _("Date of the decision"), help_text=_("From this day the firm is out of the stock.")
    )
    act_year = forms.IntegerField(
        label=_("Year of the act"),
        min_value=2008,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        help_text=_("Awards for accreditations of this year or later are stopped or asked back."),
    )
    document = line_field(_("Document of the revocation"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act_year"].initial = today().year
        field = self.fields["cause"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (value, f"{RevocationCause(value).label}（{source}）")
                for value, source in REVOCATION_SOURCES.items()
            ]
