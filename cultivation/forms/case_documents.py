"""Forms of the documents of a case."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cultivation.enums import AttachmentKind
from documents.api import ACCEPTED_ENDINGS, LARGEST_ATTACHMENT_MIB

from .fields import line_field, select_widget


class DocumentForm(forms.Form):
    """A file and what it is."""

    kind = forms.TypedChoiceField(
        label=_("Kind"), choices=AttachmentKind.choices, coerce=AttachmentKind, widget=select_widget()
    )
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ",".join(ACCEPTED_ENDINGS)}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("%(endings)s, at most %(most)s MiB.") % {
            "endings": "、".join(ending.lstrip(".") for ending in ACCEPTED_ENDINGS),
            "most": LARGEST_ATTACHMENT_MIB,
        }

    def answers(self) -> dict[str, Any]:
        """The valid form as the service wants it."""
        file: UploadedFile = self.cleaned_data["file"]
        return {
            "kind": self.cleaned_data["kind"],
            # Not read here: how much of it is taken into memory is the store's business.
            "content": file.file,
            "original_name": file.name or "",
        }


class RejectDocumentForm(forms.Form):
    reason = line_field(_("Reason"), max_length=400, help_text=_("The firm reads it."))
