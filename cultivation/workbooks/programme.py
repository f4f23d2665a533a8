"""The lists of the "11155" programme: targets by county and year, and what has been achieved."""

from config.common.workbooks import Column, Kind, write_template
from cultivation.enums import TargetMeasure

from .lists import division_choices, not_ahead

_FIRST_YEAR, _LAST_YEAR = 2008, 2100
# The plan's words for its counts, and what people write for short.
_WORDS = {
    TargetMeasure.TECHNOLOGIES: ("重大技术", "突破重大技术", "技术", "攻关技术"),
    TargetMeasure.PLATFORMS: ("创新平台", "国家级创新平台", "平台"),
    TargetMeasure.TALENTS: ("人才和团队", "高层次创新人才和团队", "人才团队", "人才"),
    TargetMeasure.CONVERSIONS: ("科技成果转化", "成果转化", "转化科技成果", "转化"),
}
_FIRMS = ("高新技术企业", "高新技术企业保有量", "保有量", "高企")


def _measure(*, with_firms: bool) -> Column:
    choices = {word: measure for measure, words in _WORDS.items() for word in words}
    if with_firms:
        choices |= dict.fromkeys(_FIRMS, TargetMeasure.STOCK)
    return Column(
        "measure", "指标", Kind.CHOICE, ("类别", "指标名称"), choices=choices, unknown="unknown_measure"
    )


def _county() -> Column:
    return Column(
        "county",
        "县（市、区）",
        Kind.CHOICE,
        ("县市区", "县区", "所属县（市、区）"),
        required=False,
        choices=division_choices(),
        unknown="unknown_county",
    )


def target_columns() -> tuple[Column, ...]:
    """An empty county is the whole city."""
    return (
        _measure(with_firms=True),
        _county(),
        Column("year", "年度", Kind.INTEGER, ("年份",), minimum=_FIRST_YEAR, maximum=_LAST_YEAR),
        Column("value", "目标数", Kind.INTEGER, ("目标", "任务数", "指标数"), minimum=0, maximum=1_000_000),
        Column("source", "来源", synonyms=("依据", "依据文件", "文件"), max_length=300),
    )


def achievement_columns() -> tuple[Column, ...]:
    return (
        _measure(with_firms=False),
        Column("title", "名称", synonyms=("项目名称", "成果名称", "平台名称"), max_length=200),
        Column("organisation", "单位", synonyms=("依托单位", "承担单位"), required=False, max_length=120),
        _county(),
        Column("achieved_on", "取得日期", Kind.DATE, ("日期", "完成日期", "认定日期"), check=not_ahead),
        Column("document", "依据文件", synonyms=("文件", "凭据", "文号"), max_length=120),
    )


def write_target_template() -> bytes:
    return write_template(target_columns(), sheet="目标任务")


def write_achievement_template() -> bytes:
    return write_template(achievement_columns(), sheet="取得成果")
