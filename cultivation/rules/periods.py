"""Which accounting years count (国科发火〔2016〕195号 三（一）).

"近三个会计年度" are the three years before the year of filing; a firm that has operated for less gives the
years it has.
"""

from datetime import date, timedelta

from .facts import Facts


def day_after(start: date, days: int) -> date | None:
    """The day so many days later; ``None`` beyond the calendar."""
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return None


def missing_years(facts: Facts) -> tuple[str, ...]:
    """What the run of years lacks: a key path without a value, or a year between the first given and the
    filing.
    """
    if not facts.years:
        return ("years",)
    unnamed = tuple(
        f"years[{index}].year" for index, figures in enumerate(facts.years) if figures.year is None
    )
    if unnamed:
        return unnamed
    given = {figures.year for figures in facts.years if figures.year is not None}
    end = facts.filed_on.year if facts.filed_on else max(given) + 1
    return tuple(f"years：{year} 年度" for year in range(max(min(given), end - 3), end) if year not in given)


def missing_figures(facts: Facts, name: str) -> list[str]:
    """The key paths of the years that lack this figure."""
    years = facts.years or ()
    return [f"years[{index}].{name}" for index, figures in enumerate(years) if getattr(figures, name) is None]


def year_notes(facts: Facts, accounting_years: int) -> tuple[str, ...]:
    """What to look at in a complete run of years: fewer than asked for, or older than the firm."""
    years = [figures.year for figures in facts.years or () if figures.year is not None]
    if not years or not facts.registered_on:
        return ()
    registered = facts.registered_on
    notes = []
    if len(years) < accounting_years:
        notes.append(f"按实际经营时间计算，仅有 {len(years)} 个会计年度")
        if registered.year < years[0]:
            since = f"企业 {registered.isoformat()} 注册"
            notes.append(f"{since}，{registered.year} 年起已有经营的，须补齐此前年度（years）")
    if years[0] < registered.year:
        notes.append(f"{years[0]} 年度早于注册日期 {registered.isoformat()}，请核对")
    return tuple(notes)
