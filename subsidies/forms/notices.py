"""Forms for issuing notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import date_field
from subsidies.models import Award
from subsidies.selectors.notices import awards_without_notice

from .fields import OrganField


class NoticeBatchForm(forms.Form):
    """Which awards get their grant notice, by which organ and of which date."""

    awards = forms.ModelMultipleChoiceField(label=_("Awards"), queryset=Award.objects.none())
    organ = OrganField()
    issued_on = date_field(_("Date of issue"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awards = self.fields["awards"]
        assert isinstance(awards, forms.ModelMultipleChoiceField)  # noqa: S101 (narrows the type)
        awards.queryset = awards_without_notice()
