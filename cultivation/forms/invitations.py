"""Whom to invite."""

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.credit_codes import normalise

from .fields import line_field


class InviteForm(forms.Form):
    credit_code = line_field(_("Unified social credit code"), max_length=30)

    def clean_credit_code(self) -> str:
        return normalise(self.cleaned_data["credit_code"])
