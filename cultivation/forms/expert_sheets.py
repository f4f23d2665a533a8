"""One expert's score sheet as a form: an input an item, with the range of the case's facts beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from cultivation.enums import ExpertKind
from cultivation.rules.score_sheets import ItemRange
from cultivation.services.expert_sheets import NewSheet

_PREFIX = "score_"


class ExpertSheetForm(forms.Form):
    """The sheet of one kind of expert; ``ranges`` are those of its items, in the order of the form of the annex."""

    expert = forms.CharField(
        label=_("Expert"), max_length=60, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    is_leader = forms.BooleanField(
        label=_("Leader of the panel"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    remark = forms.CharField(
        label=_("Overall remark"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )

    def __init__(self, *args: Any, kind: ExpertKind, ranges: Iterable[ItemRange], **kwargs: Any) -> None:
        kwargs["prefix"] = kind.value
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._keys: list[str] = []
        if kind is not ExpertKind.TECHNICAL:
            del self.fields["is_leader"]
        for allowed in ranges:
            points = allowed.points
            self._keys.append(allowed.item.key)
            self.fields[_PREFIX + allowed.item.key] = forms.IntegerField(
                label=allowed.item.name,
                help_text=_("%(range)s points · %(why)s") % {"range": points, "why": allowed.why},
                widget=forms.NumberInput(
                    attrs={
                        "class": "form-control",
                        "min": points.low,
                        "max": points.high,
                        "inputmode": "numeric",
                    }
                ),
            )
        self.order_fields(["expert", "is_leader", *(_PREFIX + key for key in self._keys), "remark"])

    @property
    def items(self) -> list[BoundField]:
        """The inputs of the items."""
        return [self[_PREFIX + key] for key in self._keys]

    def sheet(self) -> NewSheet:
        """The valid form as the service wants it."""
        answers = self.cleaned_data
        return NewSheet(
            expert=answers["expert"],
            kind=self.kind,
            is_leader=answers.get("is_leader", False),
            scores={key: answers[_PREFIX + key] for key in self._keys},
            remark=answers["remark"],
        )

    def add_problems(self, errors: Iterable[Mapping[str, str]]) -> None:
        """The service's refusal, each message at its input."""
        for error in errors:
            item = error["item"]
            name = _PREFIX + item if _PREFIX + item in self.fields else item
            self.add_error(name if name in self.fields else None, error["message"])


class WithdrawSheetForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=400, widget=forms.TextInput(attrs={"class": "form-control"})
    )
