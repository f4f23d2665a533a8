"""Forms of training: the terms of a session, one line of attendance, a person's own sign-in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.common import credit_codes
from cultivation.models import TrainingSession

from .fields import date_field, line_field


def _number(label: Any, *, most: int, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        required=required,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )


class SessionForm(forms.Form):
    """What is planned: subject, day, hours, place, seats."""

    title = line_field(gettext_lazy("Subject"))
    held_on = date_field(gettext_lazy("Day"))
    begins_at = forms.TimeField(
        label=gettext_lazy("Begins at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "form-control", "type": "time"}),
    )
    minutes = _number(
        gettext_lazy("Length in minutes"),
        most=1440,
        help_text=gettext_lazy("An attendance counts for at most this long; 240 are four hours."),
    )
    place = line_field(gettext_lazy("Place"), required=False)
    seats = _number(gettext_lazy("Seats"), most=5000, required=False)

    @classmethod
    def of(cls, session: TrainingSession) -> "SessionForm":
        """The form filled with what the session has."""
        return cls(initial={name: getattr(session, name) for name in cls.base_fields})


class AttendanceForm(forms.Form):
    """One person who came."""

    credit_code = line_field(gettext_lazy("Unified social credit code of the firm"), max_length=30)
    attendee = line_field(gettext_lazy("Attendee"), max_length=60)
    minutes = _number(gettext_lazy("Minutes present"), most=1440)

    def clean_credit_code(self) -> str:
        return credit_codes.normalise(self.cleaned_data["credit_code"])


class SignInForm(forms.Form):
    """Who signs in; a firm's own user gives the name alone."""

    credit_code = line_field(
        gettext_lazy("Unified social credit code of your firm"),
        max_length=30,
        help_text=gettext_lazy("18 characters, as on the business licence."),
    )
    attendee = line_field(gettext_lazy("Your name"), max_length=60)

    def __init__(self, *args: Any, own_firm: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attendee"].widget.attrs["autocomplete"] = "name"
        if own_firm:
            del self.fields["credit_code"]

    def clean_credit_code(self) -> str:
        code = credit_codes.normalise(self.cleaned_data["credit_code"])
        if not credit_codes.is_valid(code):
            raise forms.ValidationError(
                _("This is not a unified social credit code of 18 characters."), code="credit_code"
            )
        return code
