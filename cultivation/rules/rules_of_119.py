"""The super-deduction of R&D expenses (财税〔2015〕119号 and what changed it), by the year of the expense.

A caliber of its own: nothing of it may be used for the accreditation (edge cases 7 and 17). The percentage of the
deduction is a parameter with a date (``super_deduction_percent``) and is not here.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .dated import DatedRules, in_order
from .thresholds import Source, Threshold

NOTICE = "财税〔2015〕119号"
_ENTRUSTED = Source(NOTICE, "第二条第1项")
_FOREIGN = Source("财税〔2018〕64号", "第一条")


@dataclass(frozen=True, slots=True)
class SuperDeductionRules(DatedRules):
    """``cap_by_project``: the cap on other related expenses is taken project by project, else over all projects."""

    cap_by_project: bool
    other_cap_share: Threshold
    entrusted_share: Threshold
    foreign_multiple: Threshold


def _cap(scope: str, document: str, article: str) -> Threshold:
    return Threshold(
        Fraction(1, 10),
        "比例",
        f"其他相关费用占可加计扣除研发费用总额的上限，{scope}，限额 = 前五项费用之和 ×10%÷(1−10%)",
        Source(NOTICE, "第一条（一）6", also=Source(document, article)),
    )


_BY_PROJECT = _cap("按每一研发项目分别计算", "国家税务总局公告2015年第97号", "第二条（三）")
_OVER_ALL = _cap("按全部研发项目统一计算（总额法）", "国家税务总局公告2021年第28号", "第三条")
_SHARE = Threshold(Fraction(4, 5), "比例", "委托外部研发费用按实际发生额计入的比例", _ENTRUSTED)
_TWO_THIRDS = Threshold(
    Fraction(2, 3), "倍", "委托境外研发费用不超过境内符合条件的研发费用的三分之二", _FOREIGN
)

SUPER_DEDUCTION_RULE_SETS: tuple[SuperDeductionRules, ...] = in_order(
    SuperDeductionRules(
        name="cs-2015-119",
        title="研发费用加计扣除口径（财税〔2015〕119号，2016—2017年度）",
        valid_from=date(2016, 1, 1),
        valid_until=date(2018, 1, 1),
        cap_by_project=True,
        other_cap_share=_BY_PROJECT,
        entrusted_share=_SHARE,
        foreign_multiple=Threshold(
            Fraction(0), "倍", "委托境外进行研发活动所发生的费用不得加计扣除", _ENTRUSTED
        ),
    ),
    SuperDeductionRules(
        name="cs-2018-64",
        title="研发费用加计扣除口径（财税〔2015〕119号、财税〔2018〕64号，2018—2020年度）",
        valid_from=date(2018, 1, 1),
        valid_until=date(2021, 1, 1),
        cap_by_project=True,
        other_cap_share=_BY_PROJECT,
        entrusted_share=_SHARE,
        foreign_multiple=_TWO_THIRDS,
    ),
    SuperDeductionRules(
        name="sat-2021-28",
        title="研发费用加计扣除口径（财税〔2015〕119号、国家税务总局公告2021年第28号，2021年度起）",
        valid_from=date(2021, 1, 1),
        valid_until=None,
        cap_by_project=False,
        other_cap_share=_OVER_ALL,
        entrusted_share=_SHARE,
        foreign_multiple=_TWO_THIRDS,
    ),
)
"""Oldest first; a year's expenses follow the set in force on its last day."""
