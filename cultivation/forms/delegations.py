"""The form of a delegation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from cultivation.enums import Role
from cultivation.models import User
from cultivation.selectors.delegations import OFFICE, colleagues

from .fields import DateInput


class DelegationForm(forms.Form):
    """Who stands in for whom, as what, from when to when; the administrator alone names another principal."""

    principal = forms.ModelChoiceField(
        label=_("Principal"),
        queryset=User.objects.none(),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    delegate = forms.ModelChoiceField(
        label=_("Delegate"), queryset=User.objects.none(), widget=forms.Select(attrs={"class": "form-select"})
    )
    role = forms.TypedChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in OFFICE],
        coerce=Role,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.TextInput(attrs={"class": "form-control"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = colleagues()
        may_name = user.has_role(Role.ADMINISTRATOR)
        for name, queryset in (
            ("principal", people if may_name else people.filter(pk=user.pk)),
            ("delegate", people.exclude(pk=user.pk)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (narrows the type)
            field.queryset = queryset
        self.fields["principal"].initial = user.pk
        self.fields["starts_on"].initial = today()
