"""Whether the products with core property are the firm's 主要产品 (国科发火〔2016〕195号 三（三）)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from .definitions import is_main
from .display import gap_text, percent_text
from .facts import Facts
from .thresholds import RuleSet


@dataclass(frozen=True, slots=True)
class LookAtProducts:
    """Why the listed products fail the condition, or why nothing can be said; both empty where all is well or no
    products are listed.
    """

    failures: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def look_at_main_products(facts: Facts, rule_set: RuleSet) -> LookAtProducts:
    """The income of the products with core property against half of the latest year's high-tech income."""
    products = facts.main_products
    if products is None:
        return LookAtProducts()
    missing = [
        f"main_products[{index}].{key}"
        for index, product in enumerate(products)
        for key in ("income", "core_ip")
        if getattr(product, key) is None
    ]
    last = len(facts.years or ()) - 1
    high_tech = facts.years[last].high_tech_income if facts.years else None
    if high_tech is None:
        missing.append(f"years[{last}].high_tech_income" if facts.years else "years")
    if missing or high_tech is None:
        return LookAtProducts(problems=(f"缺少 {'、'.join(missing)}",))
    everything = _sum([product.income for product in products])
    income = _sum([product.income for product in products if product.core_ip])
    if everything > high_tech:
        path = f"years[{last}].high_tech_income"
        return LookAtProducts(problems=(f"main_products 收入之和大于 {path}，请核对",))
    share = rule_set.main_products_share.value
    if is_main(income, high_tech, share):
        return LookAtProducts()
    gap = Fraction(floor(share * Fraction(high_tech) * 100) + 1, 100) - Fraction(income)
    note = (
        f"拥有核心知识产权的产品（服务）收入还差 {gap_text(gap, '元')}，须超过高新技术产品（服务）收入的 "
        f"{percent_text(share)}（main_products，{rule_set.main_products_share.source}）"
    )
    return LookAtProducts(failures=(note,))


def _sum(incomes: list[Decimal | None]) -> Decimal:
    """Each has at most 17 digits and there are at most 10,000: a Decimal carries 28."""
    return sum((income for income in incomes if income is not None), Decimal(0))
