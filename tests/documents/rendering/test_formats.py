import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.rendering.formats import (
    amount_in_words,
    chinese_date,
    document_number,
    format_money,
    parse_amount_in_words,
)

PUBLISHED = Path(__file__).resolve().parent.parent / "data" / "rmb_uppercase_pbc_examples.csv"


def published_examples() -> list[tuple[Decimal, list[str]]]:
    with PUBLISHED.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [(Decimal(row["amount"]), row["accepted_upper"].split("|")) for row in rows]


amounts = st.one_of(
    st.integers(1, 10**18 - 1),
    # Zeros in every place, which is where the rule is hard.
    st.text(alphabet="00012", min_size=1, max_size=18).map(int).filter(bool),
).map(lambda fen: Decimal(fen).scaleb(-2))


@pytest.mark.parametrize(("amount", "forms"), published_examples())
def test_edge_case_39_published_amounts_in_words(amount: Decimal, forms: list[str]) -> None:
    """The first published form is written, every published form is read."""
    assert amount_in_words(amount) == forms[0]
    assert [parse_amount_in_words(form) for form in forms] == [amount] * len(forms)


def test_all_six_published_examples_are_there() -> None:
    forms = [len(forms) for _amount, forms in published_examples()]
    assert (len(forms), forms.count(2)) == (6, 2)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("80000.00", "人民币捌万元整"),
        ("10", "人民币壹拾元整"),
        ("0.01", "人民币壹分"),
        ("0.50", "人民币伍角"),
        ("0.05", "人民币伍分"),
        ("100.05", "人民币壹佰元零伍分"),
        ("10010", "人民币壹万零壹拾元整"),
        ("100002000", "人民币壹亿零贰仟元整"),
        ("100000000", "人民币壹亿元整"),
        ("1000000000000", "人民币壹万亿元整"),
        ("100010000", "人民币壹亿零壹万元整"),
    ],
)
def test_amounts_in_words(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


@given(amounts)
def test_words_are_read_back_to_the_fen(amount: Decimal) -> None:
    assert parse_amount_in_words(amount_in_words(amount)) == amount


@given(st.integers(1, 10**15).map(lambda fen: Decimal(fen).scaleb(-2)))
def test_another_library_reads_the_same_value(amount: Decimal) -> None:
    yuan, _, rest = amount_in_words(amount).removeprefix("人民币").rpartition("元")
    value = Decimal(cn2an.cn2an(yuan, "smart")) if yuan else Decimal(0)
    for digit, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        value += cn2an.cn2an(digit, "smart") * {"角": Decimal("0.1"), "分": Decimal("0.01")}[unit]
    assert value == amount


@given(amounts)
def test_an_amount_in_yuan_ends_in_zheng_and_one_in_fen_does_not(amount: Decimal) -> None:
    words = amount_in_words(amount)
    assert words.endswith("整") == (amount == int(amount))
    assert "正" not in words
    assert "零零" not in words


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1E+20", "NaN", "Infinity"])
def test_edge_case_32_nothing_that_cannot_be_paid_is_put_into_words(amount: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        amount_in_words(Decimal(amount))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "人民币",
        "捌万元整",
        "人民币捌万元",
        "人民币零元整",
        "人民币壹佰伍元整",
        "人民币拾元整",
        "人民币壹拾壹佰元整",
        "人民币捌万万元整",
        "人民币壹分整",
        "人民币壹佰元伍分",
        "人民币壹佰零零伍元整",
        "人民币8万元整",
    ],
)
def test_wrong_words_are_not_read(words: str) -> None:
    with pytest.raises(ValueError, match=r"words|place|row|positive"):
        parse_amount_in_words(words)


def test_zheng_in_both_characters_and_after_jiao_is_read() -> None:
    assert parse_amount_in_words("人民币捌万元正") == Decimal("80000.00")
    assert parse_amount_in_words("人民币壹仟肆佰零玖元伍角整") == Decimal("1409.50")


def test_figures_have_two_decimals_and_no_grouping() -> None:
    assert format_money(Decimal("1234567.5")) == "1234567.50"
    with pytest.raises(ValueError, match="fen"):
        format_money(Decimal("0.005"))


def test_dates_are_not_padded() -> None:
    assert chinese_date(dt.date(2019, 6, 3)) == "2019年6月3日"


def test_edge_case_40_document_numbers_have_hexagonal_brackets_and_no_padding() -> None:
    assert document_number("百科字", 2019, 8) == "百科字〔2019〕8号"
    for wrong in (("", 2019, 8), ("百科字", 19, 8), ("百科字", 2019, 0)):
        with pytest.raises(ValueError, match="no document number"):
            document_number(*wrong)
