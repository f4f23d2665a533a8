"""How an official document writes amounts, dates and numbers. Pure: no Django, no clock.

Amounts in words follow 《正确填写票据和结算凭证的基本规定》 (People's Bank of China), articles 2 to 4: 人民币 directly before the
words, 整 after 元, nothing after 分, one 零 for any run of zeros inside. Where the rule allows two forms the first
of its own examples is written, and both are read.
"""

import datetime as dt
import re
from decimal import Decimal, localcontext

_CURRENCY = "人民币"
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "万亿")
_LARGEST_FEN = 10**18 - 1  # below 壹亿亿元

_VALUES = {character: value for value, character in enumerate(_DIGITS)}
_UNIT_VALUES = {"拾": 10, "佰": 100, "仟": 1000}
_WORDS = re.compile(
    rf"{_CURRENCY}(?:(?P<yuan>[{_DIGITS}拾佰仟万亿]+)元)?零?"
    rf"(?:(?P<jiao>[{_DIGITS[1:]}])角)?零?(?:(?P<fen>[{_DIGITS[1:]}])分)?整?"
)


def _whole_fen(amount: Decimal) -> int:
    """Fen of a positive amount in yuan; ``ValueError`` for zero, negative, a part of a fen, or too large."""
    with localcontext(prec=60):
        fen = amount * 100
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValueError(f"{amount} is not a whole number of fen")
    if not 0 < fen <= _LARGEST_FEN:
        raise ValueError(f"{amount} is not a positive amount below 10^16 yuan")
    return int(fen)


def _section_words(section: int) -> str:
    """Words of 1 to 9999, with one 零 for each inner run of zeros and none at either end."""
    words, zero = "", False
    for power in (3, 2, 1, 0):
        digit = section // 10**power % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + _UNITS[power]
            zero = False
        else:
            zero = True
    return words


def _integer_words(number: int, *, zero_at_wan: bool = False) -> str:
    """Words of a positive whole number, by sections of four digits.

    ``zero_at_wan`` writes the 零 that article 4 (3) leaves free: the higher section ends in 0, the lower is full.
    """
    words = ""
    skipped = False
    for index in range((len(str(number)) - 1) // 4, -1, -1):
        section = number // 10_000**index % 10_000
        higher = number // 10_000 ** (index + 1)
        if not section:
            # 壹万亿元: 亿 is said once although its own section is empty.
            if index == 2 and words:
                words += "亿"
            skipped = True
            continue
        if words and (section < 1000 or skipped or (zero_at_wan and higher % 10 == 0)):
            words += "零"
        words += _section_words(section) + ("万" if index == 3 else _SECTIONS[index])
        skipped = False
    return words


def _words(cents: int, *, zero_at_wan: bool, zero_at_yuan: bool) -> str:
    """Words of whole fen, without the 整 that is free after 角."""
    yuan, rest = divmod(cents, 100)
    jiao, fen = divmod(rest, 10)
    words = _CURRENCY + (_integer_words(yuan, zero_at_wan=zero_at_wan) + "元" if yuan else "")
    if not rest:
        return words + "整"
    if yuan and (not jiao or (zero_at_yuan and yuan % 10 == 0)):
        words += "零"
    return words + (_DIGITS[jiao] + "角" if jiao else "") + (_DIGITS[fen] + "分" if fen else "")


def amount_in_words(amount: Decimal) -> str:
    """``80000.00`` yuan as 人民币捌万元整; ``ValueError`` where nothing may be paid (zero, negative, parts of a fen)."""
    return _words(_whole_fen(amount), zero_at_wan=False, zero_at_yuan=True)


def _integer_value(words: str) -> int:
    """Value of the words of a whole number; ``ValueError`` when they are not in order."""
    total = section = digit = 0
    last_unit = last_section = 10**17
    for character in words:
        if character in _VALUES:
            if digit:
                raise ValueError(f"two digits in a row in {words}")
            digit = _VALUES[character]
        elif character in _UNIT_VALUES:
            unit = _UNIT_VALUES[character]
            if not digit or unit >= last_unit:
                raise ValueError(f"{character} is out of place in {words}")
            section, digit, last_unit = section + digit * unit, 0, unit
        elif character == "万":
            if not section + digit or last_section <= 10_000:
                raise ValueError(f"万 is out of place in {words}")
            total += (section + digit) * 10_000
            section, digit, last_unit, last_section = 0, 0, 10**17, 10_000
        else:  # 亿 multiplies all that stands before it
            if not total + section + digit or last_section == 10**8:
                raise ValueError(f"亿 is out of place in {words}")
            total = (total + section + digit) * 10**8
            section, digit, last_unit, last_section = 0, 0, 10**17, 10**8 + 1
    return total + section + digit


def parse_amount_in_words(text: str) -> Decimal:
    """Yuan that the words say, for checking: every form the rule allows, 整 or 正; ``ValueError`` for anything else."""
    words = text.strip().replace("正", "整")
    match = _WORDS.fullmatch(words)
    if not match or not any(match.groups()):
        raise ValueError(f"{text!r} is not an amount in words")
    yuan, jiao, fen = match["yuan"], match["jiao"], match["fen"]
    cents = (_VALUES[jiao] * 10 if jiao else 0) + (_VALUES[fen] if fen else 0)
    cents += _integer_value(yuan) * 100 if yuan else 0
    amount = Decimal(cents).scaleb(-2)
    accepted = {
        _words(_whole_fen(amount), zero_at_wan=at_wan, zero_at_yuan=at_yuan)
        for at_wan in (False, True)
        for at_yuan in (False, True)
    }
    if jiao and not fen:
        accepted |= {form + "整" for form in accepted}
    if words not in accepted:
        raise ValueError(f"{text!r} breaks the rule for amounts in words")
    return amount


def format_money(amount: Decimal) -> str:
    """Yuan with two decimals and no grouping, as official documents and bank files write figures."""
    with localcontext(prec=60):
        exact = amount.quantize(Decimal("0.01"))
        if exact != amount:
            raise ValueError(f"{amount} has parts of a fen")
    return f"{exact:f}"


def chinese_date(date: dt.date) -> str:
    """2019年6月30日: Arabic figures, month and day not padded (GB/T 9704-2012, 7.3.5.4)."""
    return f"{date.year}年{date.month}月{date.day}日"


def document_number(prefix: str, year: int, sequence: int) -> str:
    """百科字〔2019〕8号: full year in hexagonal brackets, no padding, no 第 (GB/T 9704-2012, 7.2.5)."""
    if not prefix or sequence < 1 or not 1000 <= year <= 9999:
        raise ValueError(f"no document number for {prefix!r}, {year}, {sequence}")
    return f"{prefix}〔{year}〕{sequence}号"


def safe_file_name(text: str) -> str:
    """A name for a file on any system: no separators, no reserved or control characters, at most 120 characters."""
    kept = "".join("_" if char in '<>:"/\\|?*' or not char.isprintable() else char for char in text)
    return kept.strip(" .")[:120]
