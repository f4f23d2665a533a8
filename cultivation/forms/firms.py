"""Forms of a firm's page: a new name, another county, a move to Baise, another material change."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.enums import ChangeKind
from cultivation.models import Division
from cultivation.selectors.targets import counties

from .fields import date_field, line_field, select_widget, text_field

OUTSIDE = "outside"


class FirmForm(forms.Form):
    """One act about a firm."""

    def answers(self) -> dict[str, Any]:
        """The valid form as the service wants it."""
        return self.cleaned_data


class RenameForm(FirmForm):
    name = line_field(_("New name"))
    valid_from = date_field(_("In force from"))
    reported_on = date_field(
        _("Reported on"),
        help_text=_("When the firm told the authority; due within three months of the change."),
    )
    document = line_field(_("Document"))


class CountyForm(FirmForm):
    """A form that names a county, under the name in force today."""

    division = forms.ChoiceField(label=_("Moves to"), widget=select_widget())
    may_leave = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        if isinstance(field, forms.ChoiceField):
            places: list[tuple[str, Any]] = [(county.key, name) for county, name in counties(today())]
            field.choices = [*places, (OUTSIDE, _("Outside Baise"))] if self.may_leave else places

    def clean_division(self) -> Division | None:
        return Division.objects.filter(key=self.cleaned_data["division"]).first()


class MoveForm(CountyForm):
    """To another county or out of Baise."""

    moved_on = date_field(_("Moved on"))
    document = line_field(_("Document"))
    may_leave = True


class InboundForm(CountyForm):
    """To Baise from elsewhere, with or without a certificate."""

    from_place = line_field(_("Moves from"))
    origin = forms.ChoiceField(
        label=_("Area it comes from"),
        choices=[("other", _("Another province or area")), ("guangxi", _("Another place in Guangxi"))],
        widget=select_widget(),
        help_text=_("A move inside Guangxi leaves the certificate as it is."),
    )
    extent = forms.ChoiceField(
        label=_("Extent"),
        choices=[("whole", _("The whole firm")), ("part", _("A part of it"))],
        widget=select_widget(),
        help_text=_("After a partial move from another area the firm needs a fresh accreditation."),
    )
    moved_on = date_field(_("Moved on"))
    document_number = line_field(_("Document number"), max_length=60)
    document_date = date_field(_("Date of the document"))
    certificate_number = line_field(
        _("Certificate number"),
        max_length=20,
        required=False,
        help_text=_("Numbers of other areas are kept as they are; empty without a certificate."),
    )
    certificate_issued_on = date_field(_("Certificate issued on"), required=False)
    name_on_certificate = line_field(_("Name on the certificate"), required=False)

    field_order = ["from_place", "division"]

    def answers(self) -> dict[str, Any]:
        answers = dict(self.cleaned_data)
        answers["is_inside_guangxi"] = answers.pop("origin") == "guangxi"
        answers["is_whole"] = answers.pop("extent") == "whole"
        return answers


class ChangeForm(FirmForm):
    """A change of what the accreditation rested on; a new name has its own form."""

    kind = forms.TypedChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in ChangeKind if kind is not ChangeKind.RENAME],
        coerce=ChangeKind,
        widget=select_widget(),
    )
    happened_on = date_field(_("Happened on"))
    reported_on = date_field(
        _("Reported on"),
        help_text=_("When the firm told the authority; due within three months of the change."),
    )
    document = line_field(_("Document"))
    remark = text_field(_("Remark"), required=False)
