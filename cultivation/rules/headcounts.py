"""Yearly averages of people: given as such, or month by month (国科发火〔2016〕195号 三（五）3)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .definitions import MONTHS, MonthlyHeads, monthly_average, yearly_average
from .display import number_text
from .facts import Facts

HALF_A_HUNDREDTH = Fraction(1, 200)
"""Figures with decimals are reported with two places (195号 附件2): an average given may be rounded to them."""


@dataclass(frozen=True, slots=True)
class Headcount:
    """A yearly average, exact; ``None`` with the reason among ``problems`` where there is none to use."""

    average: Fraction | None
    problems: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def employees(facts: Facts) -> Headcount:
    """All staff of the latest year."""
    return _headcount(facts, "employees", facts.employees_average, facts.employees_monthly)


def technical_staff(facts: Facts) -> Headcount:
    """Technical staff of the latest year."""
    return _headcount(facts, "technical", facts.technical_average, facts.technical_monthly)


def month_problems(facts: Facts) -> tuple[str, ...]:
    """Both counts cover the same months, or neither may be used."""
    technical, everybody = facts.technical_monthly, facts.employees_monthly
    if technical and everybody and len(technical) != len(everybody):
        counts = f"{len(technical)} 个月与 {len(everybody)} 个月"
        return (f"technical_monthly 与 employees_monthly 的月数不同（{counts}），请核对",)
    return ()


def _headcount(
    facts: Facts, name: str, given: Decimal | None, months: tuple[MonthlyHeads, ...] | None
) -> Headcount:
    average, monthly = f"{name}_average", f"{name}_monthly"
    if not months:
        if given is None:
            return Headcount(None, (f"缺少 {average}",))
        return Headcount(Fraction(given))
    missing = [
        f"{monthly}[{index}].{key}"
        for index, month in enumerate(months)
        for key in ("opening", "closing")
        if getattr(month, key) is None
    ]
    if missing:
        return Headcount(None, (f"缺少 {'、'.join(missing)}",))
    counted = yearly_average(
        [monthly_average(month.opening or Decimal(0), month.closing or Decimal(0)) for month in months]
    )
    if given is not None and abs(Fraction(given) - counted) > HALF_A_HUNDREDTH:
        figures = f"{number_text(given)} 与按月计算的 {number_text(counted)}"
        return Headcount(None, (f"{average} 与 {monthly} 不符（{figures}），请核对",))
    return Headcount(counted, flags=(*_part_year(facts, monthly, months), *_breaks(monthly, months)))


def _part_year(facts: Facts, key: str, months: tuple[MonthlyHeads, ...]) -> tuple[str, ...]:
    if len(months) == MONTHS:
        return ()
    note = f"{key} 按实际经营的 {len(months)} 个月平均"
    registered, filed = facts.registered_on, facts.filed_on
    if registered and filed and registered.year < filed.year - 1:
        note += f"；企业 {registered.isoformat()} 注册，全年经营的须填满 {MONTHS} 个月，请核对"
    return (note,)


def _breaks(key: str, months: tuple[MonthlyHeads, ...]) -> tuple[str, ...]:
    """A month opens with what the month before closed with."""
    return tuple(
        f"{key}[{index}].opening 与上月 closing 不一致，请核对"
        for index in range(1, len(months))
        if months[index].opening != months[index - 1].closing
    )
