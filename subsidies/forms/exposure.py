"""A size of award and its time, given by a person with a source, where the region's records say none or something else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import line_field, select_widget
from subsidies.selectors.expected_rewards import Delay, GivenAward

from .fields import amount_field

_NEEDED = ("amount", "years", "quarter", "source")


class GivenAwardForm(forms.Form):
    """All four together, or none: then the region's records are taken."""

    amount = amount_field(_("City's award for one firm (yuan)"), required=False)
    years = forms.TypedChoiceField(
        label=_("The award comes"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", "—"),
            (0, _("in the year of the accreditation")),
            (1, _("in the year after it")),
            (2, _("two years after it")),
        ],
        widget=select_widget(),
    )
    quarter = forms.TypedChoiceField(
        label=_("Quarter"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "—"), *((number, str(number)) for number in (1, 2, 3, 4))],
        widget=select_widget(),
    )
    source = line_field(_("Source"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if any(data.get(name) not in (None, "") for name in _NEEDED):
            for name in _NEEDED:
                if name not in self.errors and data.get(name) in (None, ""):
                    self.add_error(name, _("Amount, time and source belong together."))
        return data

    def given(self) -> GivenAward | None:
        """What was given; nothing where nothing was, or not all of it."""
        if not self.is_valid() or self.cleaned_data["amount"] is None:
            return None
        data = self.cleaned_data
        return GivenAward(data["amount"], Delay(data["years"], data["quarter"]), data["source"])
