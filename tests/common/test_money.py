"""Money: exact both ways, whole fen in the database, one rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Sum
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from config.common.money import MoneyField, from_fen, from_wan, round_yuan, to_fen

LARGEST_FEN = 2**63 - 1
fen = st.integers(-LARGEST_FEN, LARGEST_FEN)


class TestConversions:
    @given(fen)
    def test_fen_survive_the_way_through_yuan(self, amount: int) -> None:
        yuan = from_fen(amount)
        assert yuan.as_tuple().exponent == -2
        assert Fraction(yuan) * 100 == amount
        assert to_fen(yuan) == amount

    @pytest.mark.parametrize("amount", ["0.001", "80000.005", "NaN", "Infinity", "1E-40"])
    def test_parts_of_a_fen_are_refused(self, amount: str) -> None:
        with pytest.raises((ValueError, ArithmeticError)):
            to_fen(Decimal(amount))

    @pytest.mark.parametrize(
        ("wan", "yuan"),
        [("8", "80000.00"), ("0.000001", "0.01"), ("2719.93", "27199300.00"), ("-1.5", "-15000.00")],
    )
    def test_wan_are_ten_thousand_yuan(self, wan: str, yuan: str) -> None:
        assert str(from_wan(Decimal(wan))) == yuan

    def test_wan_with_parts_of_a_fen_are_refused(self) -> None:
        with pytest.raises(ValueError, match="whole number of fen"):
            from_wan(Decimal("0.0000001"))


class TestRounding:
    @pytest.mark.parametrize(
        ("amount", "rounded"),
        [
            ("0.005", "0.01"),
            ("0.0049999", "0.00"),
            ("-0.005", "-0.01"),
            ("2.675", "2.68"),
            ("1E+20", "1" + 20 * "0" + ".00"),
        ],
    )
    def test_half_goes_away_from_zero(self, amount: str, rounded: str) -> None:
        assert str(round_yuan(Decimal(amount))) == rounded

    @given(st.decimals(-(10**15), 10**15, places=6))
    def test_is_never_more_than_half_a_fen_off(self, amount: Decimal) -> None:
        assert abs(Fraction(round_yuan(amount)) - Fraction(amount)) <= Fraction(1, 200)


@pytest.fixture
def purse(db: None):
    """A table with one amount, made for the test."""
    with isolate_apps("cultivation"):

        class Purse(models.Model):
            amount = MoneyField(null=True)

            class Meta:
                app_label = "cultivation"

        if connection.vendor == "sqlite":
            # Inside a transaction SQLite only makes tables while no foreign key is being watched.
            with connection.cursor() as cursor:
                cursor.execute(
                    "CREATE TABLE cultivation_purse (id integer PRIMARY KEY AUTOINCREMENT, amount bigint NULL)"
                )
        else:
            with connection.schema_editor() as editor:
                editor.create_model(Purse)
        yield Purse


class TestField:
    @pytest.mark.parametrize("amount", ["0.00", "80000.00", "-0.01", "92233720368547758.07"])
    def test_keeps_every_amount_exactly(self, purse, amount: str) -> None:
        row = purse.objects.create(amount=Decimal(amount))
        row.refresh_from_db()
        assert str(row.amount) == amount
        assert purse.objects.filter(amount=Decimal(amount)).exists()

    def test_sums_are_exact_decimals(self, purse) -> None:
        purse.objects.bulk_create([purse(amount=Decimal("0.10")) for _ in range(3)])
        assert purse.objects.aggregate(total=Sum("amount"))["total"] == Decimal("0.30")

    def test_nothing_stays_nothing(self, purse) -> None:
        purse.objects.create()
        assert purse.objects.get().amount is None

    @pytest.mark.parametrize("amount", ["0.001", "abc", "92233720368547758.08", "NaN"])
    def test_refuses_what_is_no_amount(self, purse, amount: str) -> None:
        with pytest.raises(ValidationError):
            purse(amount=amount).clean_fields()

    def test_a_float_is_a_programming_error(self, purse) -> None:
        with pytest.raises(TypeError, match="never a float"):
            purse.objects.create(amount=0.1)

    def test_forms_ask_for_yuan_with_two_decimals(self, purse) -> None:
        field = purse._meta.get_field("amount").formfield()
        assert field.clean("80000.05") == Decimal("80000.05")
        with pytest.raises(ValidationError):
            field.clean("0.001")
