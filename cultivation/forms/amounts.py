"""Figures as a bookkeeper types them: 元 or 万元, thousands separators, full-width digits; each with a plain rule."""

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.common.money import WAN, from_fen, from_wan, to_fen
from config.common.text import compact
from cultivation.rules.display import decimal_text

_GROUPED = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_LONGEST = 40
_MOST_YUAN = Decimal(10) ** 15
_MOST_HEADS = Decimal(10) ** 7
# What people write for a minus besides the sign of the keyboard; NFKC leaves these as they are.
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-"})


class Unit(StrEnum):
    """The unit of every amount on the page; the facts themselves are always in yuan."""

    YUAN = "yuan"
    WAN = "wan"

    @property
    def written(self) -> str:
        return "万元" if self is Unit.WAN else "元"

    @property
    def other(self) -> "Unit":
        return Unit.WAN if self is Unit.YUAN else Unit.YUAN


def unit_of(text: str | None) -> Unit:
    return Unit.WAN if text == Unit.WAN else Unit.YUAN


def amount_text(yuan: Any, unit: Unit = Unit.YUAN) -> str:
    """An exact amount for an input: ``1,234,567.89`` yuan or ``123.456789`` 万元; empty for nothing."""
    if yuan is None or yuan == "":
        return ""
    amount = Decimal(str(yuan))
    if unit is Unit.WAN:
        return _grouped(decimal_text(Fraction(amount) / Fraction(WAN), 6, 0))
    return _grouped(decimal_text(amount, 2, 2))


def _grouped(text: str) -> str:
    whole, point, places = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{places}"


def number_of(text: str) -> Decimal | None:
    """The number somebody typed, ``None`` where it is none."""
    text = compact(text).translate(_MINUS).removeprefix("¥").replace("，", ",")
    if len(text) > _LONGEST or not _GROUPED.fullmatch(text):
        return None
    return Decimal(text.replace(",", ""))


class NumberField(forms.CharField):
    """A text input that gives a ``Decimal`` or ``None``; subclasses say what the number may be."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"class": "form-control numeric", "inputmode": "decimal", "autocomplete": "off"}
        )
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        if not text.strip():
            return None
        return self.read(text)

    def read(self, text: str) -> Any:
        raise NotImplementedError


class AmountField(NumberField):
    """An amount in ``unit``; cleaned to exact yuan. Only net assets may be ``signed``."""

    def __init__(self, *, unit: Unit = Unit.YUAN, signed: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit, self.signed = unit, signed

    def read(self, text: str) -> Decimal:
        number = number_of(text)
        if number is None:
            raise ValidationError(_("Enter an amount in digits, such as 1,234,567.89."), code="not_a_number")
        try:
            yuan = from_wan(number) if self.unit is Unit.WAN else from_fen(to_fen(number))
        except ValueError as error:
            raise ValidationError(
                _("An amount has at most two decimals of a yuan."), code="parts_of_a_fen"
            ) from error
        if yuan < 0 and not self.signed:
            raise ValidationError(_("This amount cannot be negative."), code="negative")
        if abs(yuan) >= _MOST_YUAN:
            raise ValidationError(_("This amount is too large; look at the unit."), code="too_large")
        return yuan


class HeadCountField(NumberField):
    """An average of people, with at most four decimals."""

    def read(self, text: str) -> Decimal:
        number = number_of(text)
        exponent = number.as_tuple().exponent if number is not None else 0
        if number is None or not isinstance(exponent, int) or exponent < -4:
            raise ValidationError(
                _("Enter a number of people, such as 25 or 25.5, with at most four decimals."),
                code="not_a_number",
            )
        if number < 0:
            raise ValidationError(_("A number of people cannot be negative."), code="negative")
        if number >= _MOST_HEADS:
            raise ValidationError(_("This number of people is too large."), code="too_large")
        return number


class CountField(NumberField):
    """A whole number from 0 to ``most``."""

    def __init__(self, *, most: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs["inputmode"] = "numeric"

    def read(self, text: str) -> int:
        number = number_of(text)
        if number is None or number != number.to_integral_value() or not 0 <= number <= self.most:
            raise ValidationError(
                _("Enter a whole number from 0 to %(most)s."), code="not_a_count", params={"most": self.most}
            )
        return int(number)
