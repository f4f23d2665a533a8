"""The choice of rules an assessment is made again by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import DateInput


class AssessmentRulesForm(forms.Form):
    """A day whose rules to take."""

    on = forms.DateField(label=_("By the rules in force on"), widget=DateInput)
