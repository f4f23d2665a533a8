"""The conditions of 国科发火〔2016〕32号 第十一条, one function a finding; innovation stands apart."""

import re
import unicodedata
from fractions import Fraction
from math import ceil

from .display import gap_text, number_text, percent_text, ratio_text
from .expenses import RdSummary, missing_categories
from .facts import Facts
from .findings import Code, Finding, Status, joined
from .headcounts import employees, month_problems, technical_staff
from .intellectual_property import count_property
from .main_products import look_at_main_products
from .periods import day_after, missing_figures, missing_years, year_notes
from .thresholds import RuleSet, Threshold

FIELD_CODE = re.compile("([一二三四五六七八九十]+)\\(([一二三四五六七八九十]+)\\)([1-9][0-9]*)")
NUMERALS = "一二三四五六七八九十"


def registered_365_days(facts: Facts, rule_set: RuleSet) -> Finding:
    """第十一条（一）: registered for 365 calendar days when filing."""
    limit = rule_set.registered_days
    missing = [name for name in ("registered_on", "filed_on") if getattr(facts, name) is None]
    if facts.filed_on is None or facts.registered_on is None:
        return _manual(Code.REGISTERED_365_DAYS, limit, _lacking(missing))
    days = (facts.filed_on - facts.registered_on).days
    passed = days >= limit.value
    note = ""
    if not passed:
        first = day_after(facts.registered_on, int(limit.value))
        note = f"注册成立还差 {int(limit.value) - days} 天{f'，{first.isoformat()} 起申报可满足' if first else ''}"
    return _judged(Code.REGISTERED_365_DAYS, limit, passed, str(days), note)


def core_ip(facts: Facts, rule_set: RuleSet) -> Finding:
    """第十一条（二）: ownership of property that supports the main products; at least one item is usable."""
    limit = rule_set.core_ip
    counted = count_property(facts.ip or ())
    products = look_at_main_products(facts, rule_set)
    measured = None if facts.ip is None else str(counted.total)
    failures = []
    if facts.core_ip_owned is False:
        failures.append("须拥有对主要产品（服务）发挥核心支持作用的知识产权所有权（core_ip_owned）")
    if facts.ip is not None and not counted.total and not counted.unclear:
        failures.append(f"没有可用的知识产权，至少还差 {number_text(limit.value)} 项")
    failures += products.failures
    if failures:
        return _judged(Code.CORE_IP, limit, False, measured, joined([*failures, *counted.excluded]))
    missing = [name for name in ("core_ip_owned", "ip") if getattr(facts, name) is None]
    if missing or products.problems:
        lacking = [_lacking(missing)] if missing else []
        return _manual(Code.CORE_IP, limit, joined([*lacking, *products.problems]))
    notes = joined([*counted.unclear, *counted.excluded])
    if not counted.total:
        return _manual(Code.CORE_IP, limit, notes)
    return _judged(Code.CORE_IP, limit, True, measured, notes)


def technical_field(facts: Facts, rule_set: RuleSet) -> Finding:
    """第十一条（三）: a field of the catalogue down to its third level; the first level is checked."""
    fields = rule_set.technical_fields
    numerals = NUMERALS[: len(fields)]

    def finding(status: Status, measured: str | None, note: str = "") -> Finding:
        source = str(rule_set.technical_fields_source)
        return Finding(
            Code.TECHNICAL_FIELD, status, measured, f"{numerals[0]}至{numerals[-1]}类技术领域", source, note
        )

    if facts.field_code is None:
        return finding(Status.MANUAL, None, _lacking(["field_code"]))
    match = FIELD_CODE.fullmatch(unicodedata.normalize("NFKC", facts.field_code).replace(" ", ""))
    if match is None:
        return finding(
            Status.MANUAL, None, f"field_code（{facts.field_code}）无法识别，须填到三级，如 四（一）1"
        )
    first, second, third = match.groups()
    if first not in numerals:
        return finding(
            Status.MANUAL, None, f"field_code（{facts.field_code}）的一级领域不在{len(fields)}大领域之内"
        )
    return finding(Status.PASS, f"{first}（{second}）{third} {fields[numerals.index(first)]}")


def technical_staff_share(facts: Facts, rule_set: RuleSet) -> Finding:
    """第十一条（四）: technical staff over all staff, both as yearly averages."""
    limit = rule_set.staff_share
    code = Code.TECHNICAL_STAFF_SHARE
    technical, everybody = technical_staff(facts), employees(facts)
    problems = [*technical.problems, *everybody.problems, *month_problems(facts)]
    flags = [*technical.flags, *everybody.flags]
    if problems or technical.average is None or everybody.average is None:
        return _manual(code, limit, joined([*problems, *flags]))
    if everybody.average == 0:
        return _manual(code, limit, "employees_average 为 0，无法计算占比")
    if technical.average > everybody.average:
        return _manual(code, limit, joined(["technical_average 大于 employees_average，请核对", *flags]))
    share = technical.average / everybody.average
    passed = share >= limit.value
    gap = [] if passed else [_staff_gap(technical.average, everybody.average, rule_set)]
    return _judged(code, limit, passed, ratio_text(share), joined([*gap, *flags]))


def _staff_gap(technical: Fraction, everybody: Fraction, rule_set: RuleSet) -> str:
    """People to move to research, and people to hire for it: hired ones raise both sides,
    (technical + x) / (everybody + x) = limit.
    """
    limit = rule_set.staff_share.value
    moved = limit * everybody - technical
    hired = ceil(moved / (1 - limit))
    return (
        f"科技人员还差 {gap_text(moved, '人')}（全年月平均，职工总数不变），按整人计 {ceil(moved)} 人；"
        f"另行新聘的须 {hired} 人（职工总数同时增加）。"
        f"科技人员须累计实际工作满 {number_text(rule_set.technical_days.value)} 天"
    )


def rd_intensity(facts: Facts, rule_set: RuleSet, rd: RdSummary, alternative: RdSummary) -> Finding:
    """第十一条（五）: R&D over sales, total over total; the latest year's sales choose the limit."""
    source = str(rule_set.intensity_source)
    bands = "、".join(ratio_text(band.required) for band in rule_set.intensity_bands)

    def finding(status: Status, measured: str | None, note: str) -> Finding:
        limit = f"{bands}（按最近一年销售收入）" if rd.required is None else ratio_text(rd.required)
        return Finding(Code.RD_INTENSITY, status, measured, limit, source, note)

    missing = [*_missing_expenses(facts), *missing_figures(facts, "sales")]
    if missing:
        return finding(Status.MANUAL, None, _lacking(missing))
    ratio, other_ratio = rd.ratio, alternative.ratio
    if ratio is None or rd.required is None or rd.total is None or rd.sales_total is None:
        return finding(Status.MANUAL, None, "years 销售收入（sales）总额为 0，无法计算比例")
    passed = ratio >= rd.required
    notes = []
    if not passed:
        notes.append(f"研发费用还差 {gap_text(rd.required * rd.sales_total - rd.total, '元')}")
    if other_ratio is not None and (other_ratio >= rd.required) != passed:
        other = percent_text(other_ratio)
        notes.append(
            f"其他费用上限按另一口径（{alternative.other_cap.value}）计为 {other}，两种口径结论不同，请核对"
        )
    notes += year_notes(facts, rule_set.accounting_years)
    return finding(Status.PASS if passed else Status.FAIL, ratio_text(ratio), joined(notes))


def rd_domestic_share(facts: Facts, rule_set: RuleSet, rd: RdSummary) -> Finding:
    """第十一条（五）, second half: domestic R&D over all R&D, outsourced spending at 80 % on both sides."""
    limit = rule_set.domestic_share
    code = Code.RD_DOMESTIC_SHARE
    if missing := _missing_expenses(facts):
        return _manual(code, limit, _lacking(missing))
    share = rd.domestic_ratio
    if share is None or rd.total is None or rd.domestic is None:
        return _manual(code, limit, "years 研究开发费用（rd）总额为 0，无法计算占比")
    passed = share >= limit.value
    # x yuan more at home raise both sides: (domestic + x) / (total + x) = limit.
    gap = "" if passed else gap_text((limit.value * rd.total - rd.domestic) / (1 - limit.value), "元")
    note = f"境内研发费用还差 {gap}（境外委托不变）" if gap else ""
    return _judged(code, limit, passed, ratio_text(share), note)


def high_tech_income_share(facts: Facts, rule_set: RuleSet) -> Finding:
    """第十一条（六）: high-tech income over total income (not over sales) of the latest year."""
    limit = rule_set.high_tech_share
    code = Code.HIGH_TECH_INCOME_SHARE
    if not facts.years or missing_years(facts):
        return _manual(code, limit, _lacking(missing_years(facts)))
    latest, last = facts.years[-1], len(facts.years) - 1
    names = ("high_tech_income", "total_income")
    missing = [f"years[{last}].{name}" for name in names if getattr(latest, name) is None]
    if latest.high_tech_income is None or latest.total_income is None:
        return _manual(code, limit, _lacking(missing))
    income, total = Fraction(latest.high_tech_income), Fraction(latest.total_income)
    if total == 0:
        return _manual(code, limit, f"years[{last}].total_income 为 0，无法计算占比")
    if income > total:
        return _manual(code, limit, f"years[{last}].high_tech_income 大于 total_income，请核对")
    share = income / total
    passed = share >= limit.value
    gap = "" if passed else gap_text(limit.value * total - income, "元")
    note = f"高新技术产品（服务）收入还差 {gap}（总收入不变）" if gap else ""
    return _judged(code, limit, passed, ratio_text(share), note)


def _missing_expenses(facts: Facts) -> list[str]:
    missing = [*missing_years(facts), *missing_figures(facts, "rd")]
    for index, figures in enumerate(facts.years or ()):
        if figures.rd is not None:
            missing += [f"years[{index}].rd.{key}" for key in missing_categories(figures.rd)]
    return missing


def _lacking(names: list[str] | tuple[str, ...]) -> str:
    return f"缺少 {'、'.join(names)}"


def _judged(code: Code, limit: Threshold, passed: bool, measured: str | None, note: str) -> Finding:
    return Finding(
        code, Status.PASS if passed else Status.FAIL, measured, _limit_text(limit), str(limit.source), note
    )


def _manual(code: Code, limit: Threshold, note: str) -> Finding:
    return Finding(code, Status.MANUAL, None, _limit_text(limit), str(limit.source), note)


def _limit_text(limit: Threshold) -> str:
    return ratio_text(limit.value) if limit.unit == "比例" else number_text(limit.value)
