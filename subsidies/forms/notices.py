"""Forms for issuing notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.common.fields import date_field, line_field, replace_field
from subsidies.models import Award
from subsidies.selectors.notices import awards_without_notice

from .fields import organ_field


class NoticeBatchForm(forms.Form):
    """Which awards get their grant notice, by which organ and of which date."""

    awards = forms.ModelMultipleChoiceField(label=_("Awards"), queryset=Award.objects.none())
    organ = organ_field()
    issued_on = date_field(_("Date of issue"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awards = self.fields["awards"]
        assert isinstance(awards, forms.ModelMultipleChoiceField)  # noqa: S101 (narrows the type)
        awards.queryset = awards_without_notice()


class LetterForm(forms.Form):
    """By whom and of which date a letter is issued."""

    organ = organ_field()
    issued_on = date_field(_("Date of issue"))
    replace_reason = replace_field()


class AllotmentForm(LetterForm):
    recipient = line_field(_("Addressee"), help_text=_("Without colon, for example the finance bureau."))


class AnnouncementForm(LetterForm):
    contact = line_field(_("Whom to ask"), max_length=200, help_text=_("Office, telephone, address."))


class RecoveryLetterForm(LetterForm):
    repay_by = date_field(_("To be paid back before"))
    account = line_field(_("Account to pay into"), max_length=200, help_text=_("Holder, bank and number."))
