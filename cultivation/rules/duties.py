"""What a firm owes while its certificate runs (国科发火〔2016〕32号 第十三条, 第十七条, 第十九条), as dated rules."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from .dated import DatedRules, Stated, in_order
from .rules_of_2016 import applied
from .thresholds import Source, Threshold


@dataclass(frozen=True, slots=True)
class DutyRules(DatedRules):
    """The yearly report is due by the end of ``report_month``."""

    report_month: Annotated[int, Stated("每年该月底前填报上一年度年报", "月", "report_source")]
    report_source: Source
    missed_years: Threshold
    reporting_months: Threshold


DUTIES_OF_2016 = DutyRules(
    name="gkfh-2016-32-duties",
    title="高新技术企业资格期内的义务（国科发火〔2016〕32号）",
    valid_from=date(2016, 1, 1),
    valid_until=None,
    report_month=5,
    report_source=applied("第十三条", "五（二）"),
    missed_years=Threshold(
        Fraction(2),
        "年",
        "有效期内累计（不必连续）未按时填报年报，取消资格",
        applied("第十九条（三）", "五（二）"),
    ),
    reporting_months=Threshold(
        Fraction(3), "个月", "更名或重大变化后向认定机构报告的期限", applied("第十七条", "五（四）")
    ),
)

DUTY_RULE_SETS: tuple[DutyRules, ...] = in_order(DUTIES_OF_2016)
