"""国科发火〔2016〕32号 with 国科发火〔2016〕195号, in force from 1 January 2016.

Articles of 195号 are cited by its section 三 "认定条件", items （一） to （七）.
"""

from datetime import date
from fractions import Fraction

from .score_items import ITEMS_OF_2016
from .thresholds import (
    NO_POINTS,
    Band,
    InnovationRules,
    IntensityBand,
    Points,
    RuleSet,
    Source,
    Threshold,
)

MEASURES = "国科发火〔2016〕32号"
GUIDELINES = "国科发火〔2016〕195号"


def applied(measure: str, guideline: str) -> Source:
    """An article of the measures as the guidelines apply it."""
    return Source(MEASURES, measure, also=Source(GUIDELINES, guideline))


def _share(text: str, meaning: str, source: Source) -> Threshold:
    return Threshold(Fraction(text), "比例", meaning, source)


def _bands(*rows: tuple[str, str, int, int]) -> tuple[Band, ...]:
    return tuple(Band(letter, Fraction(floor), Points(low, high)) for letter, floor, low, high in rows)


_PANEL = Source(GUIDELINES, "二（四）")

RULES_OF_2016 = RuleSet(
    name="gkfh-2016-32-195",
    title="高新技术企业认定管理办法（国科发火〔2016〕32号）及工作指引（国科发火〔2016〕195号）",
    valid_from=date(2016, 1, 1),
    valid_until=None,
    registered_days=Threshold(
        Fraction(365),
        "天",
        "申请认定时注册成立满 365 个日历天数",
        applied("第十一条（一）", "三（一）"),
    ),
    core_ip=Threshold(
        Fraction(1),
        "项",
        "拥有对主要产品（服务）在技术上发挥核心支持作用的知识产权所有权",
        applied("第十一条（二）", "三（二）"),
    ),
    technical_fields=(
        "电子信息",
        "生物与新医药",
        "航空航天",
        "新材料",
        "高技术服务",
        "新能源与节能",
        "资源与环境",
        "先进制造与自动化",
    ),
    technical_fields_source=Source(MEASURES, "第十一条（三）及附件《国家重点支持的高新技术领域》"),
    main_products_share=_share(
        "0.50",
        "主要产品（服务）收入之和占同期高新技术产品（服务）收入的比例（须超过）",
        Source(GUIDELINES, "三（三）"),
    ),
    staff_share=_share(
        "0.10",
        "科技人员占企业当年职工总数的比例（全年月平均数）",
        applied("第十一条（四）", "三（五）"),
    ),
    technical_days=Threshold(
        Fraction(183), "天", "科技人员全年须累计实际工作满的天数", Source(GUIDELINES, "三（五）1")
    ),
    intensity_bands=(
        IntensityBand(Fraction(50_000_000), Fraction("0.05")),
        IntensityBand(Fraction(200_000_000), Fraction("0.04")),
        IntensityBand(None, Fraction("0.03")),
    ),
    intensity_source=applied("第十一条（五）", "三（六）"),
    accounting_years=3,
    years_source=Source(GUIDELINES, "三（一）"),
    outsourced_share=_share(
        "0.80", "委托外部研究开发费用按实际发生额计入的比例", Source(GUIDELINES, "三（六）2（7）")
    ),
    other_cap_share=_share(
        "0.20",
        "其他费用占研究开发总费用的上限",
        Source(GUIDELINES, "三（六）2（8）", remark="比例已核；条文没有给出计算公式，两种口径均列示"),
    ),
    domestic_share=_share(
        "0.60", "境内研究开发费用占全部研究开发费用的比例", applied("第十一条（五）", "三（六）3")
    ),
    high_tech_share=_share(
        "0.60",
        "近一年高新技术产品（服务）收入占同期总收入的比例",
        applied("第十一条（六）", "三（四）"),
    ),
    incident_days=Threshold(
        Fraction(365),
        "天",
        "申请认定前一年（365 天）内无重大安全、重大质量事故或严重环境违法行为",
        applied("第十一条（八）", "五（六）2"),
    ),
    innovation=InnovationRules(
        source=applied("第十一条（七）", "三（七）"),
        over=Threshold(
            Fraction(70), "分", "综合得分 70 分以上（不含 70 分）", Source(GUIDELINES, "三（七）")
        ),
        growth_bands=(
            *_bands(("A", "0.35", 9, 10), ("B", "0.25", 7, 8), ("C", "0.15", 5, 6), ("D", "0.05", 3, 4)),
            Band("E", Fraction(0), Points(1, 2), above=True),
        ),
        growth_source=Source(GUIDELINES, "三（七）4"),
        growth_flagged=Fraction("0.05"),
        conversion_bands=_bands(
            ("A", "5", 25, 30), ("B", "4", 19, 24), ("C", "3", 13, 18), ("D", "2", 7, 12), ("E", "1", 1, 6)
        ),
        conversion_source=Source(GUIDELINES, "三（七）2"),
        class_one_bands=_bands(("A", "1", 7, 8)),
        class_two_bands=(
            *_bands(("B", "5", 5, 6), ("C", "3", 3, 4), ("D", "1", 1, 2)),
            Band("E", Fraction(0), NO_POINTS),
        ),
        ip_source=Source(GUIDELINES, "三（七）1"),
        ip_most=30,
        ip_free_points=Points(0, 8 + 8 + 2),
        ip_own_points=Points(1, 6),
        ip_acquired_points=Points(1, 3),
        organisation_points=Points(0, 6 + 6 + 4 + 4),
        organisation_source=Source(GUIDELINES, "三（七）3"),
        items=ITEMS_OF_2016,
        items_source=Source(GUIDELINES, "附件3、附件4"),
        experts_least=Threshold(Fraction(5), "人", "每个企业的评审专家不少于 5 人", _PANEL),
        technical_experts_share=_share("0.60", "技术专家不少于 60%", _PANEL),
        finance_experts_least=Threshold(Fraction(1), "人", "至少有 1 名财务专家", _PANEL),
    ),
)
