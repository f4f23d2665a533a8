"""The made-up firms: who they are and which part each plays. Their credit codes belong to nobody."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from stdnum.cn import uscc

# Names of the counties as they were when the roster was handed in, with the clearing area of each.
_COUNTIES = (
    ("右江区", "6261"),
    ("田阳县", "6262"),
    ("田东县", "6263"),
    ("平果县", "6264"),
    ("德保县", "6275"),
    ("靖西市", "6266"),
    ("那坡县", "6267"),
    ("凌云县", "6268"),
    ("乐业县", "6269"),
    ("田林县", "6271"),
    ("西林县", "6273"),
    ("隆林各族自治县", "6272"),
)
_TRADES = (
    ("云帆铝材", "中高端铝"),
    ("青禾农业科技", "特色优势农业"),
    ("右江精工机械", "机械"),
    ("澄碧环保", "节能环保"),
    ("红城电子", "电子信息"),
    ("桂西新材料", "新材料"),
    ("壮乡药业", "大健康"),
)
_SYLLABLES = "甲乙丙丁戊己庚辛壬癸"
_NOBODY = "990000"  # no registering authority has this code


class Part(Enum):
    """What becomes of a firm by 30 June 2019; the number is how many firms play it."""

    LAPSED = ("held a certificate of 2015 that ran out in 2018", 3)
    RENEWED = ("held a certificate of 2015 and renewed it in 2018", 4)
    RENEWAL_FILED = ("holds a certificate of 2016, renewal filed", 4)
    RENEWAL_READY = ("holds a certificate of 2016, renewal ready", 2)
    RENEWAL_UNDER_REVIEW = ("holds a certificate of 2016, renewal under review", 1)
    EXPIRING = ("holds a certificate of 2016, no renewal begun", 2)
    REVOKED = ("held a certificate of 2017 that was revoked in 2018", 1)
    HOLDER = ("holds a certificate of 2017 that runs out in 2020", 12)
    NEWCOMER = ("accredited for the first time in 2018", 9)
    DECLINED = ("declined in 2018", 1)
    DECLINED_POOLED = ("declined in 2018 and back in the pool", 1)
    DECLINED_TRAINING = ("declined in 2018 and in training again", 1)
    INBOUND = ("moved in with its certificate in 2018", 1)
    DRAFT = ("draft", 2)
    SUBMITTED = ("submitted in January", 1)
    SUBMITTED_IN_JUNE = ("submitted in June", 1)
    RETURNED = ("returned by the county", 1)
    RETURNED_REVIEW = ("returned from the expense review", 1)
    RECOMMENDED = ("recommended in January", 1)
    RECOMMENDED_IN_JUNE = ("recommended in June", 1)
    POOLED = ("in the pool since February", 2)
    POOLED_IN_JUNE = ("in the pool since June", 2)
    TRAINING = ("in training", 3)
    REVIEW_OPEN = ("expense review begun", 1)
    REVIEW_FAILED = ("expense review, spends too little on R&D", 1)
    REVIEW_MANUAL = ("expense review, a person has to decide", 1)
    READY = ("ready", 3)
    FILED = ("filed", 4)
    DISCLOSED = ("disclosed", 3)
    WITHDRAWN = ("withdrawn", 1)
    REMOVED = ("removed", 1)

    @property
    def count(self) -> int:
        return int(self.value[1])


@dataclass(frozen=True, slots=True)
class DemoFirm:
    """One made-up firm as the roster states it."""

    index: int
    part: Part
    name: str
    credit_code: str
    county: str
    industry: str
    in_zone: bool
    registered_on: dt.date
    contact: str
    phone: str
    bank: str
    clearing_code: str
    account: str
    employees: int
    capital_wan: Decimal

    @property
    def username(self) -> str:
        return f"firm{self.index:03d}"


def demo_firms() -> list[DemoFirm]:
    """All firms, part by part, spread over the twelve counties."""
    parts = [part for part in Part for _ in range(part.count)]
    return [_firm(index, part) for index, part in enumerate(parts, start=1)]


def _firm(index: int, part: Part) -> DemoFirm:
    county, area = _COUNTIES[(index * 5) % len(_COUNTIES)]
    trade, industry = _TRADES[index % len(_TRADES)]
    place = "百色" if county == "右江区" else county.removesuffix("各族自治县").rstrip("县市区")
    mark = _SYLLABLES[index % 10] + _SYLLABLES[index // 10]
    return DemoFirm(
        index=index,
        part=part,
        name=f"{place}{mark}{trade}有限公司（演示）",
        credit_code=credit_code(index),
        county=county,
        industry=industry,
        in_zone=county == "右江区" and index % 2 == 0,
        registered_on=dt.date(2005 + index % 9, 1 + index % 12, 1 + index % 28),
        contact=f"{_SYLLABLES[index % 10]}演示",
        phone=f"1990000{index:04d}",
        bank=f"演示银行{place}支行",
        clearing_code=_with_check_digit(f"999{area}{index:04d}"),
        account=f"{index % 3}00{index:04d}{990000 + index * 7:06d}{index * 97 % 1000000:06d}",
        employees=40 + index,
        capital_wan=Decimal(500 + 10 * index),
    )


def credit_code(index: int) -> str:
    """91 + nobody's authority + a made-up organisation code (GB 11714 check digit) + GB 32100 check digit."""
    body = f"MDEM{index:04d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(char, 36) for weight, char in zip(weights, body, strict=True))
    check = (11 - total % 11) % 11
    first_17 = f"91{_NOBODY}{body}{'X' if check == 10 else check}"
    return first_17 + uscc.calc_check_digit(first_17)


def _with_check_digit(first_11: str) -> str:
    """A clearing code: ISO 7064 MOD 11,10."""
    remainder = 10
    for digit in first_11:
        remainder = (remainder + int(digit)) % 10 or 10
        remainder = remainder * 2 % 11
    return first_11 + str((11 - remainder) % 10)
