"""The panel of experts (国科发火〔2016〕195号 二（四）, 一（四）2) and the average over its sheets (附件5)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from .facts import INDICATORS, Expert
from .score_sheets import ItemRange, ScoreSheet, indicator_points, sheet_problems
from .thresholds import InnovationRules


def panel_problems(experts: Sequence[Expert | ScoreSheet], rules: InnovationRules, name: str) -> list[str]:
    """Size and make-up of the panel; ``name`` is how the facts call it."""
    source = rules.experts_least.source
    technical = sum(expert.kind == "technical" for expert in experts)
    leaders = [expert for expert in experts if expert.leader]
    problems = [f"缺少 {name}[{index}].kind" for index, expert in enumerate(experts) if expert.kind is None]
    if len(experts) < rules.experts_least.value:
        problems.append(f"{name} 只有 {len(experts)} 人，{rules.experts_least.meaning}（{source}）")
    if technical < rules.technical_experts_share.value * len(experts):
        problems.append(
            f"{name} 中技术专家 {technical} 人，{rules.technical_experts_share.meaning}（{source}）"
        )
    if sum(expert.kind == "finance" for expert in experts) < rules.finance_experts_least.value:
        problems.append(f"{name} 中没有财务专家，{rules.finance_experts_least.meaning}（{source}）")
    if len(leaders) != 1 or leaders[0].kind != "technical":
        problems.append(f"{name} 须有且仅有一名组长，且为技术专家")
    return problems


def panel_sheet_problems(
    sheets: Sequence[ScoreSheet], ranges: Mapping[str, ItemRange], rules: InnovationRules
) -> list[str]:
    """What keeps the sheets from being averaged: an item of a sheet, or the panel itself."""
    if not sheets:
        return ["缺少 expert_sheets（专家评价表）"]
    problems = [
        f"expert_sheets[{index}]{'.' + problem.item if problem.item else ''} {problem.message}"
        for index, sheet in enumerate(sheets)
        for problem in sheet_problems(sheet, ranges)
    ]
    return [*problems, *panel_problems(sheets, rules, "expert_sheets")]


def indicator_averages(sheets: Sequence[ScoreSheet], rules: InnovationRules) -> dict[str, Fraction]:
    """The exact mean of each indicator over the experts whose sheet has it; an indicator nobody scored is
    absent.
    """
    given: dict[str, list[Fraction]] = {}
    for sheet in sheets:
        for indicator, points in indicator_points(sheet, rules.items, rules.ip_most).items():
            given.setdefault(indicator, []).append(Fraction(points))
    return {key: sum(given[key], Fraction(0)) / len(given[key]) for key in INDICATORS if key in given}


def panel_average(sheets: Sequence[ScoreSheet], rules: InnovationRules) -> Fraction:
    """The total of the averages: what the leader writes into 附件5."""
    return sum(indicator_averages(sheets, rules).values(), Fraction(0))
