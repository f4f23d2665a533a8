"""The innovation score (国科发火〔2016〕195号 三（七）): ranges from facts, score sheets from experts.

Points inside a range belong to the experts: they are checked and averaged here, never given.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from .display import gap_text, number_text
from .facts import INDICATORS, Expert, ExpertScores, Facts
from .findings import Code, Finding, Status, joined
from .growth import Growth
from .intellectual_property import CountedProperty, count_property
from .periods import missing_figures, missing_years
from .thresholds import NO_POINTS, InnovationRules, Points, RuleSet

NAMES = {
    "ip": "知识产权",
    "conversion": "科技成果转化",
    "organisation": "研发组织管理",
    "growth": "成长性",
}


def ip_points(counted: CountedProperty, rules: InnovationRules) -> Points:
    """The range of the property indicator: quantity and way of obtaining bind, the rest is free."""
    if not counted.total:
        return rules.ip_free_points
    bands, quantity = rules.class_two_bands, counted.class_two
    if counted.class_one:
        bands, quantity = rules.class_one_bands, counted.class_one
    quantity_points = next(band.points for band in bands if band.reached_by(Fraction(quantity)))
    obtained = rules.ip_own_points if counted.own else rules.ip_acquired_points
    points = quantity_points + obtained + rules.ip_free_points
    return Points(points.low, min(points.high, rules.ip_most))


def conversion_points(average: Fraction, rules: InnovationRules) -> Points | None:
    """The band of the yearly average; ``None`` above 0 and below 1, for which the text has none."""
    if average == 0:
        return NO_POINTS
    return next((band.points for band in rules.conversion_bands if band.reached_by(average)), None)


def growth_points(growths: Sequence[Growth]) -> Points | None:
    """The two growth bands added; ``None`` where one of them is for a person to judge."""
    total = NO_POINTS
    for growth in growths:
        if growth.points is None:
            return None
        total = total + growth.points
    return total


def innovation_score(facts: Facts, rule_set: RuleSet, net_assets: Growth, sales: Growth) -> Finding:
    """The panel's average against "70 分以上（不含 70 分）"; manual where anything behind it is unsure."""
    rules = rule_set.innovation
    flags = [f"{name}：{growth.note}" for name, growth in _growths(net_assets, sales) if growth.note]
    problems: list[str] = []
    ranges: dict[str, Points | None] = {
        "ip": _ip_range(facts, rules, problems, flags),
        "conversion": _conversion_range(facts, rules, problems, flags),
        "organisation": rules.organisation_points,
        "growth": _growth_range(facts, net_assets, sales, problems),
    }
    average = _panel_average(facts.expert_scores, ranges, rules, problems)
    if facts.experts is not None:
        problems += _panel_problems(facts.experts, facts.expert_scores, rules)
    limit = rules.over.value
    if problems or average is None:
        return _finding(rules, Status.MANUAL, None, joined([*problems, *flags]))
    if average > limit:
        return _finding(rules, Status.PASS, number_text(average), joined(flags))
    if average == limit:
        gap = f"专家组平均分恰为 {number_text(limit)} 分，须高于 {number_text(limit)} 分（不含）"
    else:
        gap = f"专家组平均分还差 {gap_text(limit - average, '分')}，且须高于 {number_text(limit)} 分（不含）"
    return _finding(rules, Status.FAIL, number_text(average), joined([gap, *flags]))


def _finding(rules: InnovationRules, status: Status, measured: str | None, note: str) -> Finding:
    limit = number_text(rules.over.value)
    return Finding(Code.INNOVATION_SCORE, status, measured, limit, str(rules.source), note)


def _growths(net_assets: Growth, sales: Growth) -> tuple[tuple[str, Growth], ...]:
    return ("净资产增长率", net_assets), ("销售收入增长率", sales)


def _ip_range(facts: Facts, rules: InnovationRules, problems: list[str], flags: list[str]) -> Points | None:
    if facts.ip is None:
        problems.append("缺少 ip（知识产权）")
        return None
    counted = count_property(facts.ip)
    problems += counted.unclear
    flags += counted.excluded
    return None if counted.unclear else ip_points(counted, rules)


def _conversion_range(
    facts: Facts, rules: InnovationRules, problems: list[str], flags: list[str]
) -> Points | None:
    numbers = facts.conversions
    if not numbers:
        problems.append("缺少 conversions（各年科技成果转化项数）")
        return None
    known = [number for number in numbers if number is not None]
    missing = [f"缺少 conversions[{index}]" for index, number in enumerate(numbers) if number is None]
    if facts.years and len(numbers) < len(facts.years):
        missing.append(f"conversions 只有 {len(numbers)} 年，会计年度有 {len(facts.years)} 年")
    if missing:
        problems += missing
        return None
    average = Fraction(sum(known), len(known))
    points = conversion_points(average, rules)
    if points is None:
        problems.append(
            f"科技成果转化年平均 {number_text(average)} 项，介于 0 与 1 之间，条文没有档位，由技术专家判定"
        )
    return points


def _growth_range(facts: Facts, net_assets: Growth, sales: Growth, problems: list[str]) -> Points | None:
    points = growth_points((net_assets, sales))
    if points is None:
        missing = [
            *missing_years(facts),
            *missing_figures(facts, "net_assets_end"),
            *missing_figures(facts, "sales"),
        ]
        if missing:
            problems.append(f"缺少 {'、'.join(missing)}")
        unsure = [name for name, growth in _growths(net_assets, sales) if growth.points is None]
        problems.append(f"成长性须人工判定（{'、'.join(unsure)}）")
    return points


def _panel_average(
    sheets: ExpertScores | None,
    ranges: dict[str, Points | None],
    rules: InnovationRules,
    problems: list[str],
) -> Fraction | None:
    """The mean of the experts' totals; ``None``, with the reason among ``problems``, where a score may not be
    used.
    """
    if sheets is None:
        problems.append("缺少 expert_scores（专家评分）")
        return None
    before = len(problems)
    lists: dict[str, tuple[Decimal | None, ...]] = {}
    for indicator in INDICATORS:
        scores = getattr(sheets, indicator)
        if not scores:
            problems.append(f"缺少 expert_scores.{indicator}（{NAMES[indicator]}评分）")
        else:
            lists[indicator] = scores
            problems += _score_problems(indicator, scores, ranges[indicator])
    if len({len(scores) for scores in lists.values()}) > 1:
        counts = "、".join(f"{NAMES[indicator]} {len(scores)}" for indicator, scores in lists.items())
        problems.append(f"expert_scores 各项评分的专家人数不一致（{counts}）")
    elif lists and (experts := len(next(iter(lists.values())))) < rules.experts_least.value:
        least = rules.experts_least
        problems.append(f"expert_scores 只有 {experts} 名专家，{least.meaning}（{least.source}）")
    if len(problems) > before:
        return None
    points = sum(int(score) for scores in lists.values() for score in scores if score is not None)
    return Fraction(points, len(lists["ip"]))


def _score_problems(indicator: str, scores: Sequence[Decimal | None], allowed: Points | None) -> list[str]:
    problems = []
    for index, score in enumerate(scores):
        path = f"expert_scores.{indicator}[{index}]"
        if score is None:
            problems.append(f"缺少 {path}")
        elif allowed is not None and score not in allowed:
            problems.append(f"{path} 为 {number_text(score)} 分，{NAMES[indicator]}须为 {allowed} 的整数分")
    return problems


def _panel_problems(
    experts: Sequence[Expert], sheets: ExpertScores | None, rules: InnovationRules
) -> list[str]:
    """Size and make-up of the panel (国科发火〔2016〕195号 二（四）, 一（四）2)."""
    source = rules.experts_least.source
    technical = sum(expert.kind == "technical" for expert in experts)
    leaders = [expert for expert in experts if expert.leader]
    problems = [f"缺少 experts[{index}].kind" for index, expert in enumerate(experts) if expert.kind is None]
    if sheets and sheets.ip and len(sheets.ip) != len(experts):
        problems.append(f"experts 有 {len(experts)} 人，expert_scores 有 {len(sheets.ip)} 份")
    if len(experts) < rules.experts_least.value:
        problems.append(f"experts 只有 {len(experts)} 人，{rules.experts_least.meaning}（{source}）")
    if technical < rules.technical_experts_share.value * len(experts):
        problems.append(
            f"experts 中技术专家 {technical} 人，{rules.technical_experts_share.meaning}（{source}）"
        )
    if sum(expert.kind == "finance" for expert in experts) < rules.finance_experts_least.value:
        problems.append(f"experts 中没有财务专家，{rules.finance_experts_least.meaning}（{source}）")
    if len(leaders) != 1 or leaders[0].kind != "technical":
        problems.append("experts 须有且仅有一名组长，且为技术专家")
    return problems
