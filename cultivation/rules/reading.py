"""Strict reading of JSON facts: exact numbers, known shapes, and an error that names the key path."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONEY = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
"""What nearly every amount looks like; all else is looked at more closely."""
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?")
UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
MOST_YUAN = Decimal(10) ** 15
MOST_HEADS = Decimal(10) ** 9
LONGEST_TEXT = 500
NOT_A_NUMBER = Decimal("NaN")


class MalformedFacts(ValueError):
    """A fact that cannot be read. ``key`` is its path (empty for the whole text), ``reason`` is Chinese."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}" if key else reason)
        self.key = key
        self.reason = reason


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return NOT_A_NUMBER


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= 30 else _decimal(text)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise MalformedFacts(shown(key), "键重复")
        found[key] = value
    return found


def loads_facts(text: str | bytes) -> dict[str, Any]:
    """A JSON object with exact numbers; raises :class:`MalformedFacts` on anything else, repeated keys
    included.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        value = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=lambda name: NOT_A_NUMBER,
            object_pairs_hook=_without_duplicates,
        )
    except UnicodeDecodeError as error:
        raise MalformedFacts("", f"不是 UTF-8 文本（第 {error.start + 1} 字节）") from error
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列"
        raise MalformedFacts("", f"不是有效的 JSON：{place}，{_in_chinese(error.msg)}") from error
    except RecursionError as error:
        raise MalformedFacts("", "JSON 嵌套过深") from error
    if not isinstance(value, dict):
        raise MalformedFacts("", "须为一个 JSON 对象")
    return value


_SYNTAX = (
    ("Expecting value", "此处应为一个值"),
    ("Extra data", "对象之后还有多余内容"),
    ("Expecting property name", "此处应为双引号括起的键名"),
    ("Expecting ':'", "键名之后缺少冒号"),
    ("Expecting ','", "缺少逗号或括号没有闭合"),
    ("Illegal trailing comma", "末尾多了一个逗号"),
    ("Unterminated string", "文字的引号没有闭合"),
    ("Invalid control character", "文字中有控制字符（如换行、制表符）"),
    ("Invalid \\", "反斜杠转义有误"),
    ("Unexpected UTF-8 BOM", "开头有多余的 BOM"),
)


def _in_chinese(problem: str) -> str:
    """What the JSON reader of Python found wrong; a message that is not known stays as it is."""
    return next((words for start, words in _SYNTAX if problem.startswith(start)), problem)


def sha256_of(inputs: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON: keys sorted, no spaces, UTF-8; decimals and dates as their text.

    Raises :class:`MalformedFacts` where the facts are nested too deeply to be written.
    """
    try:
        canonical = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    except (RecursionError, ValueError) as error:
        raise MalformedFacts("", "JSON 嵌套过深或含有过长的数字") from error
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def shown(value: Any) -> str:
    """A faulty value for a message, in terms of JSON: short, printable, encodable."""
    text = "".join(character if character.isprintable() else "�" for character in _as_text(value))
    return text if len(text) <= 40 else text[:40] + "…"


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value or "空"
    if isinstance(value, int | Decimal):
        number = Decimal(value)  # Python writes no integer of more than 4,300 digits
        return "非数字" if number.is_nan() else str(number)
    return (
        "对象"
        if isinstance(value, Mapping)
        else "数组"
        if isinstance(value, list | tuple)
        else "无法识别的值"
    )


class Reader:
    """One object or list of the facts, with its path. Absent and null values are ``None``."""

    __slots__ = ("_get", "_prefix", "_values")

    def __init__(self, values: Mapping[str, Any] | Sequence[Any], prefix: str) -> None:
        self._values = values
        self._prefix = prefix
        self._get: Callable[[Any], Any] = values.get if isinstance(values, Mapping) else values.__getitem__

    @classmethod
    def of(cls, mapping: Any) -> "Reader":
        if not isinstance(mapping, Mapping):
            raise MalformedFacts("", "须为一个 JSON 对象")
        return cls(mapping, "")

    def path(self, key: str | int) -> str:
        if isinstance(key, int):
            return f"{self._prefix}[{key}]"
        return f"{self._prefix}.{key}" if self._prefix else key

    def indices(self) -> Iterator[int]:
        """The indices of a list."""
        return iter(range(len(self._values)))

    def keys(self) -> tuple[str, ...]:
        """The keys of an object."""
        return tuple(str(key) for key in self._values) if isinstance(self._values, Mapping) else ()

    def _wrong(self, key: str | int, reason: str) -> MalformedFacts:
        return MalformedFacts(self.path(key), f"{reason}（{shown(self._get(key))}）")

    def object(self, key: str | int) -> "Reader | None":
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self._wrong(key, "须为对象")
        return Reader(value, self.path(key))

    def items(self, key: str, most: int) -> "Reader | None":
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            raise self._wrong(key, "须为数组")
        if len(value) > most:
            raise MalformedFacts(self.path(key), f"最多 {most} 项，给出了 {len(value)} 项")
        return Reader(value, self.path(key))

    def objects(self, key: str, most: int) -> "list[Reader] | None":
        items = self.items(key, most)
        if items is None:
            return None
        found = []
        for index in items.indices():
            entry = items.object(index)
            if entry is None:
                raise MalformedFacts(items.path(index), "须为对象")
            found.append(entry)
        return found

    def _number(self, key: str | int) -> Decimal | None:
        """A string of digits, an integer or an exact decimal; never a binary float, never true or false."""
        value = self._get(key)
        if value is None:
            return None
        if isinstance(value, str):
            if not NUMBER.fullmatch(value):
                raise self._wrong(key, "须为十进制数字，如 1234.56")
            return Decimal(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self._wrong(key, "须为数字或数字字符串")
        number = Decimal(value)
        if not number.is_finite() or number.adjusted() >= 15 or _places(number) > 20:
            raise self._wrong(key, "数字超出范围")
        return number

    def amount(self, key: str, *, negative: bool = False) -> Decimal | None:
        """Yuan with at most two decimals."""
        value = self._get(key)
        if isinstance(value, str) and MONEY.fullmatch(value):
            return Decimal(value)
        number = self._number(key)
        if number is None:
            return None
        if _places(number) > 2:
            raise self._wrong(key, "金额最多两位小数（元）")
        if number < 0 and not negative:
            raise self._wrong(key, "金额不得为负")
        if abs(number) >= MOST_YUAN:
            raise self._wrong(key, "金额超出范围")
        return number

    def head_count(self, key: str) -> Decimal | None:
        number = self._number(key)
        if number is not None and not 0 <= number < MOST_HEADS:
            raise self._wrong(key, "人数超出范围")
        return number

    def score(self, key: str | int) -> Decimal | None:
        """Any number: whether it lies in its band is for the rule to say."""
        return self._number(key)

    def whole_number(self, key: str | int, least: int, most: int) -> int | None:
        value = self._get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._wrong(key, f"须为 {least} 至 {most} 的整数")
        return value

    def boolean(self, key: str) -> bool | None:
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(key, "须为 true 或 false")
        return value

    def text(self, key: str, *, empty: bool = False) -> str | None:
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(key, "须为文字")
        value = value.strip()
        if len(value) > LONGEST_TEXT or UNREADABLE.search(value):
            raise self._wrong(key, "文字过长或含控制字符")
        if not value and not empty:
            raise self._wrong(key, "不得为空文字")
        return value

    def choice(self, key: str, choices: Sequence[str]) -> str | None:
        value = self.text(key)
        if value is not None and value not in choices:
            raise self._wrong(key, f"须为 {'、'.join(choices)} 之一")
        return value

    def date(self, key: str) -> date | None:
        value = self._get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        if isinstance(value, str) and DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise self._wrong(key, "须为有效日期，如 2019-06-30")


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
