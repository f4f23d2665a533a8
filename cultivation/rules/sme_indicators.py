"""The three indicators of the technology SME (国科发政〔2017〕115号 第七条): points by band, and what the next band takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .display import gap_text, percent_text, ratio_text
from .findings import joined
from .intellectual_property import CLASS_ONE_KINDS, CLASS_TWO_KINDS
from .rules_of_115 import SmeRules
from .sme_facts import SmeFacts, SmeProperty
from .thresholds import Band


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One indicator. ``points`` is ``None`` where nothing may be computed; ``note`` says why, or what is missing for
    more points.
    """

    code: str
    points: int | None
    most: int
    measured: str | None
    source: str
    note: str

    def as_json(self) -> dict[str, str | int | None]:
        return {
            "code": self.code,
            "points": self.points,
            "most": self.most,
            "measured": self.measured,
            "source": self.source,
            "note": self.note,
        }


def technical_staff(facts: SmeFacts, rules: SmeRules) -> IndicatorScore:
    """第七条1: technical staff over all staff, both by the six months."""

    def score(points: int | None, measured: str | None, note: str) -> IndicatorScore:
        most = rules.staff_bands[0].points.high
        return IndicatorScore("technical_staff", points, most, measured, str(rules.staff_source), note)

    technical = facts.technical.total if facts.technical else None
    employees = facts.employees.total if facts.employees else None
    if technical is None or employees is None:
        return score(None, None, lacking(missing_heads(facts)))
    if employees == 0:
        return score(None, None, "employees 为 0，无法计算占比")
    if technical > employees:
        return score(None, None, "technical 大于 employees，请核对")
    share = technical / employees
    band, above = _reached(rules.staff_bands, share)
    note = ""
    if above is not None:
        gap = gap_text(above.floor * employees - technical, "人")
        note = f"科技人员还差 {gap}可得 {above.points} 分（职工总数不变）"
    return score(band.points.high, ratio_text(share), note)


def rd_expenses(facts: SmeFacts, rules: SmeRules) -> IndicatorScore:
    """第七条2: R&D over sales or over costs. The firm chooses one; where it has not, the better one counts."""
    bands = {"sales": rules.rd_sales_bands, "costs": rules.rd_cost_bands}
    bases = {"sales": ("销售收入", facts.sales), "costs": ("成本费用支出", facts.costs)}

    def score(points: int | None, measured: str | None, note: str) -> IndicatorScore:
        most = rules.rd_sales_bands[0].points.high
        return IndicatorScore("rd_expenses", points, most, measured, str(rules.rd_source), note)

    spent = facts.super_deduction.total if facts.super_deduction else None
    chosen = [facts.rd_indicator] if facts.rd_indicator else list(bands)
    usable = {key: Fraction(base) for key in chosen if (base := bases[key][1])}
    if spent is None or not usable:
        missing = [] if spent is not None else _missing_expenses(facts)
        if not usable:
            missing.append("、".join(chosen) if len(chosen) == 1 else "sales 或 costs（须大于 0）")
        return score(None, None, lacking(missing))
    lines = {key: _reached(bands[key], spent / base) for key, base in usable.items()}
    best = max(lines, key=lambda key: lines[key][0].points.high)
    (band, above), name = lines[best], bases[best][0]
    notes = [f"按研发费用占{name}总额的比例评分（二选一{'，由企业选定' if facts.rd_indicator else ''}）"]
    if above is not None:
        gap = gap_text(above.floor * usable[best] - spent, "元")
        notes.append(f"研发费用还差 {gap}可得 {above.points} 分（{name}不变）")
    return score(band.points.high, ratio_text(spent / usable[best]), joined(notes))


def intellectual_property(facts: SmeFacts, rules: SmeRules) -> IndicatorScore:
    """第七条3: property in force, undisputed and for the main products, by class and number."""
    most = rules.class_one_bands[0].points.high

    def score(points: int | None, measured: str | None, note: str) -> IndicatorScore:
        return IndicatorScore("ip", points, most, measured, str(rules.ip_source), note)

    if facts.ip is None:
        return score(None, None, lacking(["ip"]))
    counts = {1: 0, 2: 0}
    excluded, unclear = [], []
    for index, item in enumerate(facts.ip):
        path = f"ip[{index}]"
        if reason := _excluded(item):
            excluded.append(f"{path} {reason}")
        elif reason := _unclear(item, path):
            unclear.append(reason)
        else:
            counts[item.ip_class or 0] += 1
    measured = f"Ⅰ类 {counts[1]} 项，Ⅱ类 {counts[2]} 项"
    if counts[1]:
        return score(most, measured, joined(excluded))
    band, above = _reached(rules.class_two_bands, Fraction(counts[2]))
    if unclear:
        return score(None, measured, joined([*unclear, *excluded]))
    if above is None:
        gap = f"还差 1 项Ⅰ类知识产权可得 {most} 分"
    else:
        gap = f"还差 {above.floor - counts[2]} 项Ⅱ类知识产权可得 {above.points} 分，或 1 项Ⅰ类可得 {most} 分"
    return score(band.points.high, measured, joined([gap, *excluded]))


def missing_heads(facts: SmeFacts) -> list[str]:
    """The head counts that are not given, by key."""
    names = []
    for key in ("technical", "employees"):
        heads = getattr(facts, key)
        if heads is None:
            names.append(key)
            continue
        if heads.in_service is None:
            names.append(f"{key}.in_service")
        if heads.part_time is None:
            names.append(f"{key}.part_time_six_months")
    return names


def lacking(names: Sequence[str]) -> str:
    return f"缺少 {'、'.join(names)}"


def limit_of(bands: Sequence[Band]) -> str:
    """The lowest share that gives points, for reading."""
    return percent_text(min(band.floor for band in bands if band.points.high))


def _missing_expenses(facts: SmeFacts) -> list[str]:
    expenses = facts.super_deduction
    if expenses is None:
        return ["super_deduction"]
    if expenses.projects is None:
        return ["super_deduction.projects 或 super_deduction.total"]
    missing = [f"super_deduction {name}" for name in expenses.missing]
    return missing or ["filled_on"]


def _reached(bands: Sequence[Band], value: Fraction) -> tuple[Band, Band | None]:
    """The band a figure reaches and the next one above it."""
    above: Band | None = None
    for band in bands:
        if band.reached_by(value):
            return band, above
        above = band
    raise ValueError("the bands have no floor of 0")


def _excluded(item: SmeProperty) -> str:
    if item.in_force is False:
        return "不在有效期内，不计"
    if item.disputed:
        return "有争议或纠纷，不计"
    if item.for_main_products is False:
        return "与主要产品（服务）无关，不计"
    if item.kind is not None and item.kind not in CLASS_ONE_KINDS | CLASS_TWO_KINDS:
        return f"（{item.kind}）不属于Ⅰ类或Ⅱ类知识产权，不计"
    return ""


def _unclear(item: SmeProperty, path: str) -> str:
    names = {
        "class": item.ip_class,
        "kind": item.kind,
        "in_force": item.in_force,
        "disputed": item.disputed,
        "for_main_products": item.for_main_products,
    }
    if missing := [f"{path}.{name}" for name, value in names.items() if value is None]:
        return lacking(missing)
    if (item.kind in CLASS_ONE_KINDS) != (item.ip_class == 1):
        return f"{path} 的类别（class）与种类（kind）不符，请核对"
    return ""
