"""Reading the file of assumptions: strictly, exactly, naming the key that is wrong."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NoReturn

from .compound import AwardAmount
from .scenario import ExpiringGroup, PipelineGroup, Scenario
from .trials import Trials

_REQUIRED = ("stock", "expiring", "pipeline", "inbound", "pass_rate", "target_stock")
_OPTIONAL = ("award_amounts",)
LARGEST_COUNT = 5_000_000
# Beyond these a figure is a slip, and exact arithmetic with it would take for ever.
_MOST_PLACES, _MOST_DIGITS = 60, 60
_LARGEST_AMOUNT = Decimal(10) ** 15


class MalformedAssumptions(ValueError):
    """The file cannot be used; ``key`` says where, ``reason`` why."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}" if key else reason)
        self.key = key
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The scenario of a file, with the file's own words for the record."""

    scenario: Scenario
    content: Mapping[str, Any]
    sha256: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for key in (keys := [key for key, _ in pairs]):
        if keys.count(key) > 1:
            raise MalformedAssumptions(key, "重复给出")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise MalformedAssumptions("", f"{name} 不是可以计算的数")


def _load(text: bytes) -> Any:
    try:
        return json.loads(
            text.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_constant,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, InvalidOperation) as error:
        raise MalformedAssumptions("", f"不是有效的 JSON 文件：{error}") from error


def _number(key: str, value: Any) -> Decimal:
    """An exact number, given as a JSON number or as a string of digits."""
    if isinstance(value, bool) or not isinstance(value, str | Decimal):
        raise MalformedAssumptions(key, "须为数字或写有数字的字符串")
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else value
    except InvalidOperation:
        raise MalformedAssumptions(key, f"“{str(value)[:40]}”不是数字") from None
    if not number.is_finite():
        raise MalformedAssumptions(key, "须为有限的数")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_MOST_PLACES or number.adjusted() > _MOST_DIGITS:
        raise MalformedAssumptions(key, f"最多 {_MOST_PLACES} 位小数、{_MOST_DIGITS} 位数字")
    return number


def _whole(key: str, value: Any) -> int:
    number = _number(key, value)
    if number != number.to_integral_value() or number < 0:
        raise MalformedAssumptions(key, "须为非负整数")
    if number > LARGEST_COUNT:
        raise MalformedAssumptions(key, f"不得大于 {LARGEST_COUNT}")
    return int(number)


def _probability(key: str, value: Any) -> Fraction:
    number = _number(key, value)
    if not 0 <= number <= 1:
        raise MalformedAssumptions(key, "须为 0 到 1 之间的概率")
    return Fraction(number)


def _amount(key: str, value: Any) -> Decimal:
    number = _number(key, value)
    if not 0 <= number <= _LARGEST_AMOUNT or (Fraction(number) * 100).denominator != 1:
        raise MalformedAssumptions(key, "须为非负金额（元），最多两位小数")
    return number.quantize(Decimal("0.01"))


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise MalformedAssumptions(key, "须为非空文字")
    return value


def _keys(key: str, value: Any, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """The object at ``key`` with exactly the keys it may have."""
    if not isinstance(value, dict):
        raise MalformedAssumptions(key, "须为对象")
    for name in value:
        if name not in required and name not in optional:
            raise MalformedAssumptions(f"{key}.{name}".lstrip("."), "不是已知的键")
    for name in required:
        if name not in value:
            raise MalformedAssumptions(f"{key}.{name}".lstrip("."), "缺少此键")
    return value


def _rows(key: str, value: Any, *required: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(value, list):
        raise MalformedAssumptions(key, "须为列表")
    for index, row in enumerate(value):
        yield f"{key}[{index}]", _keys(f"{key}[{index}]", row, required)


def _award_amounts(value: Any) -> tuple[AwardAmount, ...]:
    amounts = tuple(
        AwardAmount(
            _amount(f"{at}.amount", row["amount"]),
            _probability(f"{at}.share", row["share"]),
            _text(f"{at}.source", row["source"]),
        )
        for at, row in _rows("award_amounts", value, "amount", "share", "source")
    )
    if sum(row.share for row in amounts) != 1:
        raise MalformedAssumptions("award_amounts", "各份额之和须恰为 1")
    return amounts


def _scenario(content: dict[str, Any]) -> Scenario:
    expiring = tuple(
        ExpiringGroup(
            Trials(_whole(f"{at}.count", row["count"]), _probability(f"{at}.renewal", row["renewal"]))
        )
        for at, row in _rows("expiring", content["expiring"], "count", "renewal")
    )
    pipeline = tuple(
        PipelineGroup(
            _text(f"{at}.stage", row["stage"]),
            Trials(
                _whole(f"{at}.count", row["count"]), _probability(f"{at}.by_year_end", row["by_year_end"])
            ),
        )
        for at, row in _rows("pipeline", content["pipeline"], "stage", "count", "by_year_end")
    )
    target = content["target_stock"]
    scenario = Scenario(
        stock=_whole("stock", content["stock"]),
        expiring=expiring,
        pipeline=pipeline,
        inbound=_whole("inbound", content["inbound"]),
        pass_rate=_probability("pass_rate", content["pass_rate"]),
        target_stock=None if target is None else _whole("target_stock", target),
        award_amounts=_award_amounts(content["award_amounts"]) if "award_amounts" in content else (),
    )
    if scenario.expiring_count > scenario.stock:
        raise MalformedAssumptions(
            "expiring", f"到期 {scenario.expiring_count} 家，多于保有量 {scenario.stock} 家"
        )
    if sum(group.count for group in scenario.groups) > LARGEST_COUNT:
        raise MalformedAssumptions("pipeline", f"企业总数超过 {LARGEST_COUNT} 家")
    return scenario


def _echo(value: Any) -> Any:
    """The file's content for the answer: numbers as they stood, in strings where JSON would make floats of them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value:f}"
    if isinstance(value, dict):
        return {key: _echo(item) for key, item in value.items()}
    return [_echo(item) for item in value] if isinstance(value, list) else value


def read_assumptions(text: bytes) -> Assumptions:
    """The assumptions of a JSON file; ``MalformedAssumptions`` names the first key that is wrong.

    All of stock, expiring, pipeline, inbound, pass_rate and target_stock must be there (target_stock may be null: no
    target), award_amounts may be. Probabilities and amounts are exact decimals, as numbers or as strings.
    """
    content = _keys("", _load(text), _REQUIRED, _OPTIONAL)
    return Assumptions(_scenario(content), _echo(content), hashlib.sha256(text).hexdigest())
