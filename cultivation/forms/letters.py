"""The form of a letter about a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import date_field, replace_field, select_widget
from documents.api import PolicyDocument, organ_choices, organ_of


class CaseLetterForm(forms.Form):
    """By whom, of which date, and on which documents it rests."""

    organ = forms.TypedChoiceField(
        label=_("Organ"), choices=organ_choices, coerce=organ_of, widget=select_widget()
    )
    issued_on = date_field(_("Date of issue"))
    replace_reason = replace_field()
    bases = forms.ModelMultipleChoiceField(
        label=_("Legal bases"),
        queryset=PolicyDocument.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only documents that were formally issued with a number can be cited."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bases = self.fields["bases"]
        assert isinstance(bases, forms.ModelMultipleChoiceField)  # noqa: S101 (narrows the type)
        bases.queryset = PolicyDocument.objects.filter(is_formal=True)
