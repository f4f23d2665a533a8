"""Bank clearing codes against real ones (edge case 37)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.rules.clearing_code import check_digit, is_valid, normalise

_DATA = Path(__file__).parents[2] / "data" / "cnaps_baise_icbc.csv"
_LINES = [line for line in _DATA.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
REAL = [row["cnaps"] for row in csv.DictReader(_LINES)]


def test_case_37_the_eighteen_published_codes_of_baise_are_valid():
    assert len(REAL) == 18
    assert [code for code in REAL if not is_valid(code)] == []


@given(st.sampled_from(REAL), st.integers(0, 11), st.integers(1, 9))
def test_case_37_every_single_wrong_digit_is_found(code, position, shift):
    wrong = str((int(code[position]) + shift) % 10)
    assert not is_valid(code[:position] + wrong + code[position + 1 :])


@given(st.text("0123456789", min_size=11, max_size=11))
def test_exactly_one_last_digit_fits(first):
    assert [d for d in "0123456789" if is_valid(first + d)] == [check_digit(first)]


@pytest.mark.parametrize(
    "code", ["", "10262616001", "1026261600133", "10262616001X", "10262616001３", "¹02626160013"]
)
def test_anything_but_twelve_digits_is_no_code(code):
    assert not is_valid(code)


def test_full_width_digits_and_blanks_are_normalised():
    assert normalise(" １０２６ ２６１６ ００１３　") == "102626160013"


@pytest.mark.parametrize("digits", ["", "123", "1234567890x"])
def test_a_check_digit_needs_eleven_digits(digits):
    with pytest.raises(ValueError, match="eleven"):
        check_digit(digits)
