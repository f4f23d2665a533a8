"""The amount: exactly what the region granted times the ratio, to the fen."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.rules.matching import NothingToMatch, Terms, match_amount

FEN = st.integers(min_value=0, max_value=10**15)
RATIO = st.integers(min_value=1, max_value=1000)


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def half_up(exact: Fraction) -> int:
    """Whole fen by long division, written apart from the rule."""
    fen, rest = divmod(exact.numerator * 100, exact.denominator)
    return fen + (1 if rest * 2 >= exact.denominator else 0)


@pytest.mark.parametrize(
    ("regional", "numerator", "denominator", "amount"),
    [
        ("80000.00", 1, 1, "80000.00"),
        ("0.01", 1, 1, "0.01"),
        ("0.01", 1, 2, "0.01"),
        ("0.03", 1, 2, "0.02"),
        ("0.05", 1, 10, "0.01"),
        ("0.14", 1, 10, "0.01"),
        ("100.00", 1, 3, "33.33"),
        ("200.00", 1, 3, "66.67"),
        ("12345.67", 3, 2, "18518.51"),
        ("9999999999999.99", 1, 1, "9999999999999.99"),
    ],
)
def test_the_amount_is_the_regions_times_the_ratio(
    regional: str, numerator: int, denominator: int, amount: str
) -> None:
    assert match_amount(Decimal(regional), Terms(numerator, denominator)).amount == Decimal(amount)


@given(FEN, RATIO, RATIO)
def test_it_is_the_exact_share_with_half_a_fen_upwards(fen: int, numerator: int, denominator: int) -> None:
    expected = half_up(Fraction(fen * numerator, 100 * denominator))
    if expected == 0:
        with pytest.raises(NothingToMatch):
            match_amount(yuan(fen), Terms(numerator, denominator))
    else:
        assert match_amount(yuan(fen), Terms(numerator, denominator)).amount == yuan(expected)


@given(FEN.filter(bool))
def test_one_to_one_is_the_same_amount(fen: int) -> None:
    assert match_amount(yuan(fen), Terms(1, 1)).amount == yuan(fen)


@given(FEN.filter(bool), RATIO, RATIO, FEN.filter(bool))
def test_the_cap_is_never_passed(fen: int, numerator: int, denominator: int, cap: int) -> None:
    terms = Terms(numerator, denominator, yuan(cap))
    share = half_up(Fraction(fen * numerator, 100 * denominator))
    if share:
        assert match_amount(yuan(fen), terms).amount == yuan(min(share, cap))


@pytest.mark.parametrize(
    ("cap", "amount", "word"),
    [("80000.00", "80000.00", "未超过"), ("79999.99", "79999.99", "超过方案规定的上限79999.99元，按上限计")],
)
def test_the_cap_by_one_fen(cap: str, amount: str, word: str) -> None:
    matching = match_amount(Decimal("80000.00"), Terms(1, 1, Decimal(cap)))
    assert matching.amount == Decimal(amount)
    assert any(word in step for step in matching.steps)


def test_every_step_is_told_in_words() -> None:
    assert match_amount(Decimal("80000.00"), Terms(1, 1)).steps == (
        "自治区奖励金额为80000.00元。",
        "市级与自治区的配套比例为1:1。",
        "80000.00元×1÷1=80000.00元。",
        "方案未规定上限。",
        "市级奖励性补助金额为80000.00元。",
    )


def test_a_rounding_is_told() -> None:
    assert "四舍五入" in match_amount(Decimal("100.00"), Terms(1, 3)).steps[2]


@pytest.mark.parametrize("regional", ["0.00", "-0.01", "-80000.00"])
def test_zero_and_less_is_nothing_to_match(regional: str) -> None:
    with pytest.raises(NothingToMatch):
        match_amount(Decimal(regional), Terms(1, 1))
