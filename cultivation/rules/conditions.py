"""The conditions of 国科发火〔2016〕32号 第十一条, one function a finding; innovation stands apart."""

import re
import unicodedata
from fractions import Fraction

from .display import gap_text, number_text, percent_text, ratio_text
from .expenses import RdSummary, missing_categories
from .facts import Facts, Incident
from .findings import Code, Finding, Status, joined
from .intellectual_property import count_property
from .periods import missing_figures, missing_years, year_notes
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
    note = "" if days >= limit.value else f"注册成立还差 {int(limit.value) - days} 天"
    return _judged(Code.REGISTERED_365_DAYS, limit, days >= limit.value, str(days), note)


def core_ip(facts: Facts, rule_set: RuleSet) -> Finding:
    """第十一条（二）: ownership of property that supports the main products; at least one item is usable."""
    limit = rule_set.core_ip
    counted = count_property(facts.ip or ())
    measured = None if facts.ip is None else str(counted.total)
    if facts.core_ip_owned is False:
        note = joined(
            ["须拥有对主要产品（服务）发挥核心支持作用的知识产权所有权（core_ip_owned）", *counted.excluded]
        )
        return _judged(Code.CORE_IP, limit, False, measured, note)
    if facts.ip is not None and not counted.total and not counted.unclear:
        return _judged(
            Code.CORE_IP,
            limit,
            False,
            measured,
            joined(["没有可用的知识产权，至少还差 1 项", *counted.excluded]),
        )
    missing = [name for name in ("core_ip_owned", "ip") if getattr(facts, name) is None]
    if missing:
        return _manual(Code.CORE_IP, limit, _lacking(missing))
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
    technical, employees = facts.technical_average, facts.employees_average
    missing = [name for name in ("technical_average", "employees_average") if getattr(facts, name) is None]
    if technical is None or employees is None:
        return _manual(code, limit, _lacking(missing))
    if employees == 0:
        return _manual(code, limit, "employees_average 为 0，无法计算占比")
    if technical > employees:
        return _manual(code, limit, "technical_average 大于 employees_average，请核对")
    share = Fraction(technical) / Fraction(employees)
    passed = share >= limit.value
    gap = "" if passed else gap_text((limit.value - share) * Fraction(employees), "人")
    note = f"科技人员还差 {gap}（全年月平均，职工总数不变）" if gap else ""
    return _judged(code, limit, passed, ratio_text(share), note)


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


def no_incident(facts: Facts, rule_set: RuleSet) -> Finding:
    """第十一条（八）: no serious incident within 365 days before filing, by the authority's document."""
    limit = rule_set.incident_days
    days = int(limit.value)
    established: list[str] = []
    unsure: list[str] = []
    for index, incident in enumerate(facts.incidents or ()):
        _sort_incident(
            facts, incident, f"incidents[{index}]", days=days, established=established, unsure=unsure
        )

    def finding(status: Status, measured: str | None, note: str) -> Finding:
        return Finding(Code.NO_INCIDENT, status, measured, "0", str(limit.source), note)

    if established:
        return finding(Status.FAIL, str(len(established)), joined([*established, *unsure]))
    missing = [name for name in ("incidents", "filed_on") if getattr(facts, name) is None]
    if missing:
        unsure.insert(0, _lacking(missing))
    if unsure:
        return finding(Status.MANUAL, None, joined(unsure))
    return finding(Status.PASS, "0", "")


def _sort_incident(
    facts: Facts, incident: Incident, path: str, *, days: int, established: list[str], unsure: list[str]
) -> None:
    """A serious incident inside the window is established, or unsure without the authority's document."""
    if facts.filed_on is None or incident.serious is False:
        return
    age = None if incident.date is None else (facts.filed_on - incident.date).days
    if age is not None and age > days:
        return
    missing = [f"{path}.{name}" for name in ("date", "serious", "kind") if getattr(incident, name) is None]
    if age is not None and age < 0:
        unsure.append(f"{path}.date 晚于申报日期 filed_on，请核对")
    elif missing:
        unsure.append(_lacking(missing))
    elif not incident.document:
        unsure.append(f"缺少 {path}.document（主管部门依法出具的意见）")
    else:
        established.append(f"{path} 于申报前 {age} 天，依据 {incident.document}")


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
