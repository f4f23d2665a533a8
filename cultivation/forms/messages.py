"""What is asked for a message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cultivation.enums import MessageKind
from cultivation.models import Firm, User
from cultivation.permissions import may_work_for
from cultivation.services.messages import LONGEST_MESSAGE, WRITERS


class MessageForm(forms.Form):
    """The text, and where the person has a choice, who is to read it."""

    can_write: bool

    kind = forms.TypedChoiceField(
        label=_("For whom"), coerce=MessageKind, widget=forms.Select(attrs={"class": "form-select"})
    )
    text = forms.CharField(
        label=_("Message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )

    def __init__(self, *args: object, user: User, firm: Firm, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        open_to = [kind for kind, roles in WRITERS.items() if may_work_for(user, firm, *roles)]
        field = self.fields["kind"]
        self.can_write = bool(open_to)
        choices = [(kind.value, kind.label) for kind in open_to]
        if len(open_to) == 1:
            field.widget = forms.HiddenInput()
            field.initial = open_to[0].value
        else:
            # Nothing is preset: a note must not reach a firm because somebody forgot to change a field.
            choices = [("", _("Choose")), *choices]
        field.choices = choices  # type: ignore[attr-defined]
