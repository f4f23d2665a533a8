"""The items of the experts' score sheets (国科发火〔2016〕195号 附件3 and 附件4) and who fills in which."""

from dataclasses import dataclass

TECHNICAL = "technical"
FINANCE = "finance"


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One line of a sheet: ``most`` are the points it can bear whatever the firm, ``expert`` fills it in."""

    key: str
    name: str
    indicator: str
    most: int
    expert: str


def _items(expert: str, indicator: str, *rows: tuple[str, str, int]) -> tuple[ScoreItem, ...]:
    return tuple(ScoreItem(key, name, indicator, most, expert) for key, name, most in rows)


ITEMS_OF_2016 = (
    *_items(
        TECHNICAL,
        "ip",
        ("ip_level", "技术的先进程度", 8),
        ("ip_support", "对主要产品（服务）在技术上发挥核心支持作用", 8),
        ("ip_quantity", "知识产权数量", 8),
        ("ip_obtained", "知识产权获得方式", 6),
        ("ip_standards", "（加分项）参与编制国家标准、行业标准、检测方法、技术规范", 2),
    ),
    *_items(TECHNICAL, "conversion", ("conversion", "科技成果转化能力", 30)),
    *_items(
        TECHNICAL,
        "organisation",
        ("system", "研究开发组织管理制度、研发投入核算体系、研发费用辅助账", 6),
        ("institution", "研究开发机构、科研条件、产学研合作", 6),
        ("incentive", "科技成果转化的组织实施与激励奖励制度、创新创业平台", 4),
        ("talent", "科技人员培养进修、技能培训、人才引进、绩效评价奖励制度", 4),
    ),
    *_items(FINANCE, "growth", ("net_assets", "净资产增长率", 10), ("sales", "销售收入增长率", 10)),
)
"""附件3 is the technical expert's sheet, 附件4 the finance expert's; all points are whole."""

ITEM_KEYS = frozenset(item.key for item in ITEMS_OF_2016)
"""What a sheet in the facts may hold, whatever the rule set."""
