"""The innovation score (国科发火〔2016〕195号 三（七）): ranges from facts, score sheets from experts.

Points inside a range belong to the experts: they are checked and averaged here, never given.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from .display import gap_text, number_text
from .facts import INDICATORS, ExpertScores, Facts
from .findings import Code, Finding, Status, joined
from .growth import Growth
from .panel import panel_average, panel_problems, panel_sheet_problems
from .score_ranges import ScoreRanges, score_ranges
from .thresholds import InnovationRules, Points, RuleSet

NAMES = {
    "ip": "知识产权",
    "conversion": "科技成果转化",
    "organisation": "研发组织管理",
    "growth": "成长性",
}


def innovation_score(facts: Facts, rule_set: RuleSet, net_assets: Growth, sales: Growth) -> Finding:
    """The panel's average against "70 分以上（不含 70 分）"; manual where anything behind it is unsure."""
    rules = rule_set.innovation
    ranges = score_ranges(facts, rules, net_assets, sales)
    problems = list(ranges.problems)
    average = _average(facts, ranges, rules, problems)
    if problems or average is None:
        return _finding(rules, Status.MANUAL, None, joined([*problems, *ranges.flags]))
    if average > rules.over.value:
        return _finding(rules, Status.PASS, number_text(average), joined(ranges.flags))
    return _finding(
        rules, Status.FAIL, number_text(average), joined([gap_to_pass(average, rules), *ranges.flags])
    )


def gap_to_pass(average: Fraction, rules: InnovationRules) -> str:
    """How far an average that does not pass is from passing, in words."""
    limit = rules.over.value
    over = f"须高于 {number_text(limit)} 分（不含）"
    if average == limit:
        return f"专家组平均分恰为 {number_text(limit)} 分，{over}"
    return f"专家组平均分还差 {gap_text(limit - average, '分')}，且{over}"


def _finding(rules: InnovationRules, status: Status, measured: str | None, note: str) -> Finding:
    limit = number_text(rules.over.value)
    return Finding(Code.INNOVATION_SCORE, status, measured, limit, str(rules.source), note)


def _average(
    facts: Facts, ranges: ScoreRanges, rules: InnovationRules, problems: list[str]
) -> Fraction | None:
    """The panel's average, from sheets by item where there are any, else from the scores by indicator."""
    if facts.expert_sheets is not None:
        found = panel_sheet_problems(facts.expert_sheets, ranges.items, rules)
        problems += found
        return None if found else panel_average(facts.expert_sheets, rules)
    average = _panel_average(facts.expert_scores, ranges, rules, problems)
    if facts.experts is not None:
        sheets = facts.expert_scores
        if sheets and sheets.ip and len(sheets.ip) != len(facts.experts):
            problems.append(f"experts 有 {len(facts.experts)} 人，expert_scores 有 {len(sheets.ip)} 份")
        problems += panel_problems(facts.experts, rules, "experts")
    return average


def _panel_average(
    sheets: ExpertScores | None,
    ranges: ScoreRanges,
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
            problems += _score_problems(indicator, scores, ranges.indicators[indicator])
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
