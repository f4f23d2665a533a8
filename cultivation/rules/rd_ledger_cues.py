"""Words in a line that make one ask whether the expense belongs to R&D at all.

A word proves nothing, so none of them excludes a line: it is put to a caseworker with the article it rests on. Each cue
holds from the day of its source on; a new source is a new record, an old one is never edited.
"""

from dataclasses import dataclass
from datetime import date

from .rules_of_2016 import GUIDELINES
from .thresholds import Mark, Source

_ALL: frozenset[str] = frozenset()
_SINCE_2016 = date(2016, 1, 1)
_ADVICE_OF_2022 = "粤注协〔2022〕191号"
_ADVICE_REMARK = "地方行业协会对审计的风险提示，不是认定文件"


@dataclass(frozen=True, slots=True)
class Cue:
    """``words`` of a summary or category text; ``categories`` it is asked in (empty: all of them)."""

    words: tuple[str, ...]
    question: str
    cure: str
    source: Source
    since: date = _SINCE_2016
    categories: frozenset[str] = _ALL


CUES: tuple[Cue, ...] = (
    Cue(
        ("常规工装", "常规性工装", "批量生产", "批量化", "量产", "商业化生产", "工业工程"),
        "为大规模批量化和商业化生产所进行的常规性工装准备和工业工程发生的费用不能计入",
        "属于研制特殊、专用生产机器等研发活动的，请附说明",
        Source(GUIDELINES, "三（六）2（6）"),
    ),
    Cue(
        ("常规升级", "常规性升级", "售后"),
        "对产品（服务）的常规性升级、对某项科研成果的直接应用不属于研究开发活动",
        "有明确研发目标和实质性改进的，请附立项及结果材料",
        Source(GUIDELINES, "三（六）1"),
    ),
    Cue(
        ("社会科学", "人文", "艺术创作"),
        "社会科学、艺术或人文学不属于研究开发活动",
        "属于技术研发的，请附立项材料",
        Source(GUIDELINES, "三（六）1"),
    ),
    Cue(
        ("福利费", "工会经费", "教育经费", "补充养老", "补充医疗", "企业年金", "商业保险"),
        "人员人工费用只列举工资薪金、五项社会保险费、住房公积金和外聘科技人员劳务费用",
        "属于上述列举项目的，请更正摘要并附凭证",
        Source(GUIDELINES, "三（六）2（1）"),
        categories=frozenset({"personnel"}),
    ),
    Cue(
        (
            "购置设备",
            "设备购置",
            "购入设备",
            "采购设备",
            "固定资产购置",
            "购置固定资产",
            "一次性扣除",
            "一次性计入",
        ),
        "构成固定资产的仪器、设备按折旧计入，不按购置价计入",
        "不构成固定资产的样品、样机及一般测试手段购置费，请附说明；其余按折旧费更正",
        Source(GUIDELINES, "三（六）2（2）（3）"),
    ),
    Cue(
        ("利息", "融资费用", "财务费用", "汇兑损失"),
        "归集范围的八类费用中没有财务费用",
        "实为其他支出的，请更正摘要并附凭证",
        Source(GUIDELINES, "三（六）2"),
    ),
    Cue(
        ("租赁负债", "使用权资产利息", "租赁利息"),
        "租赁负债的利息在财务费用列示，不能归集；使用权资产的折旧可以归集",
        "请将利息转出，仅保留折旧",
        Source(
            _ADVICE_OF_2022,
            "风险提示7",
            also=Source("《企业会计准则第21号——租赁》", "第五十三条", mark=Mark.SECOND_HAND),
            remark=_ADVICE_REMARK,
        ),
        since=date(2022, 11, 10),
    ),
    Cue(
        ("招待", "餐费", "宴请", "礼品", "旅游"),
        "业务招待不在其他费用的列举之内，须与研究开发活动直接相关",
        "确属研发会议、差旅的，请附会议通知、行程等材料",
        Source(GUIDELINES, "三（六）2（8）"),
    ),
    Cue(
        ("广告", "市场推广", "推广费", "展会", "参展", "销售", "营销"),
        "市场推广和销售支出不属于为研究开发活动发生的费用",
        "确与研究开发活动直接相关的，请附说明",
        Source(GUIDELINES, "三（六）2（8）"),
    ),
    Cue(
        ("罚款", "滞纳金", "违约金", "捐赠", "赞助"),
        "罚款、捐赠、赞助不属于为研究开发活动发生的费用",
        "实为其他支出的，请更正摘要并附凭证",
        Source(GUIDELINES, "三（六）2（8）"),
    ),
)

BUILDING_WORDS = ("房屋", "建筑", "厂房", "楼", "宿舍", "房产", "构筑物")
"""Words for a building in the asset, summary or category text of a depreciation line."""


def cues_in(text: str, category: str, booked_on: date) -> tuple[Cue, ...]:
    """The cues whose words occur in a folded text, as far as they held on the day and are asked in the category."""
    return tuple(
        cue
        for cue in CUES
        if cue.since <= booked_on
        and (not cue.categories or category in cue.categories)
        and any(word in text for word in cue.words)
    )
