"""Money: exact yuan with two decimals outside, whole fen in the database, one rounding function."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

FEN = Decimal("0.01")
ZERO = Decimal("0.00")
WAN = Decimal(10_000)
_LARGEST_FEN = 2**63 - 1


def round_yuan(amount: Decimal) -> Decimal:
    """Round half up to the fen; the only rounding of money in the project."""
    with localcontext(prec=60):
        return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def to_fen(amount: Decimal | int) -> int:
    """Whole fen of an exact yuan amount; ``ValueError`` when it has parts of a fen."""
    with localcontext(prec=60):
        fen = Decimal(amount) * 100
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValueError(f"{amount} is not a whole number of fen")
        return int(fen)


def from_fen(fen: int) -> Decimal:
    """Yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


def from_wan(amount: Decimal) -> Decimal:
    """Yuan of an amount in 万元; exact, so ``ValueError`` when it has parts of a fen."""
    with localcontext(prec=60):
        return from_fen(to_fen(amount * WAN))


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]
    """``Decimal`` yuan with two places in Python, whole fen in a big integer column.

    SQLite keeps decimals as floating point, so sums and constraints run on the integers.
    """

    if TYPE_CHECKING:
        # How django-stubs reads the Python type of a field; big integers are its storage alone.
        _pyi_private_set_type: Decimal | int | Combinable  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]
        _pyi_lookup_exact_type: Decimal | int  # type: ignore[assignment]

    description = _("Amount in yuan, kept as whole fen")
    default_error_messages = {
        "invalid_money": _("“%(value)s” is not an amount in yuan with at most two decimals."),
    }

    def _fen(self, value: Any) -> int:
        if isinstance(value, float):
            raise TypeError("money is never a float")
        try:
            fen = to_fen(Decimal(value))
        except (ArithmeticError, ValueError, TypeError) as error:
            raise ValidationError(
                self.error_messages["invalid_money"], code="invalid_money", params={"value": value}
            ) from error
        if abs(fen) > _LARGEST_FEN:
            raise ValidationError(
                self.error_messages["invalid_money"], code="invalid_money", params={"value": value}
            )
        return fen

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else from_fen(self._fen(value))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return self._fen(value)

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else from_fen(int(value))

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    @property
    def validators(self) -> list[Any]:
        # BigIntegerField's range validators speak of integers; the range is checked in fen above.
        return list(self._validators)  # type: ignore[attr-defined]

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return super(models.BigIntegerField, self).formfield(
            **{"form_class": forms.DecimalField, "max_digits": 19, "decimal_places": 2, **kwargs}
        )
