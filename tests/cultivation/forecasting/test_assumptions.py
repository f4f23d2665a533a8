"""The file of assumptions: read exactly, or refused with the key that is wrong."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cultivation.forecasting.assumptions import LARGEST_COUNT, MalformedAssumptions, read_assumptions

GOOD: dict[str, Any] = {
    "stock": 35,
    "expiring": [{"count": 10, "renewal": "0.8"}],
    "pipeline": [{"stage": "ready", "count": 15, "by_year_end": "0.6"}],
    "inbound": "0",
    "pass_rate": "0.6",
    "target_stock": 42,
}
AWARDS = [
    {"amount": "80000.00", "share": "0.3", "source": "演示"},
    {"amount": 100000, "share": 0.7, "source": "演示"},
]


def changed(**values: Any) -> bytes:
    return json.dumps({**GOOD, **values}).encode()


def test_a_whole_file() -> None:
    made = read_assumptions(changed(award_amounts=AWARDS))
    scenario = made.scenario
    assert (scenario.stock, scenario.expiring_count, scenario.inbound, scenario.target_stock) == (
        35,
        10,
        0,
        42,
    )
    assert (scenario.certain_stock, scenario.renewed, scenario.new) == (25, 8, 9)
    assert [(row.amount, row.share) for row in scenario.award_amounts] == [
        (Decimal("80000.00"), Fraction(3, 10)),
        (Decimal("100000.00"), Fraction(7, 10)),
    ]
    assert made.content["pipeline"] == GOOD["pipeline"]


def test_numbers_are_taken_exactly_whether_quoted_or_not() -> None:
    text = changed(pass_rate=0.1).replace(b"0.1", b"0.1000000000000000000001")
    assert read_assumptions(text).scenario.pass_rate == Fraction("0.1000000000000000000001")
    assert read_assumptions(changed(stock="35", inbound="2.0")).scenario.certain_stock == 27


def test_a_byte_order_mark_and_no_target_are_allowed() -> None:
    assert read_assumptions(b"\xef\xbb\xbf" + changed(target_stock=None)).scenario.target_stock is None


@pytest.mark.parametrize("key", GOOD)
def test_every_key_must_be_there(key: str) -> None:
    content = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(MalformedAssumptions) as caught:
        read_assumptions(json.dumps(content).encode())
    assert (caught.value.key, caught.value.reason) == (key, "缺少此键")


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"stok": 1}, "stok"),
        ({"stock": -1}, "stock"),
        ({"stock": "35.5"}, "stock"),
        ({"stock": True}, "stock"),
        ({"stock": None}, "stock"),
        ({"stock": "many"}, "stock"),
        ({"stock": LARGEST_COUNT + 1}, "stock"),
        ({"stock": "1e99999999"}, "stock"),
        ({"inbound": "0.5"}, "inbound"),
        ({"inbound": "-1"}, "inbound"),
        ({"inbound": "NaN"}, "inbound"),
        ({"pass_rate": "1.0000000000000000000001"}, "pass_rate"),
        ({"pass_rate": "-0.1"}, "pass_rate"),
        ({"pass_rate": "Infinity"}, "pass_rate"),
        ({"pass_rate": "1e-9999999"}, "pass_rate"),
        ({"pass_rate": None}, "pass_rate"),
        ({"target_stock": "x"}, "target_stock"),
        ({"expiring": {}}, "expiring"),
        ({"expiring": [1]}, "expiring[0]"),
        ({"expiring": [{"count": 10}]}, "expiring[0].renewal"),
        ({"expiring": [{"count": 10, "renewal": "2"}]}, "expiring[0].renewal"),
        ({"expiring": [{"count": 10, "renewal": "0", "x": 1}]}, "expiring[0].x"),
        ({"expiring": [{"count": 36, "renewal": "0"}]}, "expiring"),
        ({"expiring": [{"count": 20, "renewal": "0"}, {"count": 16, "renewal": "1"}]}, "expiring"),
        ({"pipeline": [{"stage": "", "count": 1, "by_year_end": "0"}]}, "pipeline[0].stage"),
        ({"pipeline": [{"stage": "a", "count": -1, "by_year_end": "0"}]}, "pipeline[0].count"),
        ({"pipeline": [{"stage": "a", "count": 1, "by_year_end": []}]}, "pipeline[0].by_year_end"),
        ({"award_amounts": []}, "award_amounts"),
        ({"award_amounts": AWARDS[:1]}, "award_amounts"),
        ({"award_amounts": [{**AWARDS[0], "share": 1, "amount": "0.001"}]}, "award_amounts[0].amount"),
        ({"award_amounts": [{**AWARDS[0], "share": 1, "amount": "-1"}]}, "award_amounts[0].amount"),
        ({"award_amounts": [{"amount": "1", "share": "1"}]}, "award_amounts[0].source"),
    ],
)
def test_what_is_wrong_is_named(values: dict[str, Any], key: str) -> None:
    with pytest.raises(MalformedAssumptions) as caught:
        read_assumptions(changed(**values))
    assert caught.value.key == key
    assert str(caught.value).startswith(key)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"stock": NaN}',
        b'{"stock": 1, "stock": 2}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedAssumptions):
        read_assumptions(text)


def test_all_expiring_is_still_possible() -> None:
    assert read_assumptions(changed(expiring=[{"count": 35, "renewal": "0"}])).scenario.certain_stock == 0
