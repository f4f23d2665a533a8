"""Forms of corrections, of a certificate and of a determination: what is wrong, and the decision of a second person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cultivation.enums import AccreditationKind
from cultivation.models import Accreditation

from .fields import date_field, line_field, select_widget, text_field


class CorrectionForm(forms.Form):
    """The certificate as it should be, filled in with what it says."""

    certificate_number = line_field(_("Certificate number"), max_length=20)
    name_on_certificate = line_field(_("Name on the certificate"))
    kind = forms.ChoiceField(label=_("Kind"), choices=AccreditationKind.choices, widget=select_widget())
    issued_on = date_field(_("Issued on"), help_text=_("The term follows the day of issue."))
    document_number = line_field(_("Document number"), max_length=60)
    document_date = date_field(_("Date of the document"))
    reason = text_field(_("Reason of the correction"))
    document = line_field(
        _("Document behind the correction"), help_text=_("What shows that the record is wrong")
    )

    FIELDS = (
        *("certificate_number", "name_on_certificate", "kind"),
        *("issued_on", "document_number", "document_date"),
    )

    def __init__(self, *args: Any, certificate: Accreditation, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(certificate, name) for name in self.FIELDS}
        super().__init__(*args, **kwargs)

    def changes(self) -> dict[str, Any]:
        """Every correctable field as answered; the service leaves out what stays."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}


class LiftingForm(forms.Form):
    """Why a determination was recorded wrongly, and what shows it."""

    reason = text_field(_("Reason of the correction"))
    document = line_field(
        _("Document behind the correction"), max_length=60, help_text=_("What shows that the record is wrong")
    )


class ConfirmCorrectionForm(forms.Form):
    """Nothing to fill in: the proposal is confirmed as it stands."""


class RejectCorrectionForm(forms.Form):
    reason = text_field(_("Reason"))
