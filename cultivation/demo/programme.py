"""Beside the firms: quotas of counties, achievements of the "11155" programme, the stock put on record, and a bulletin."""

import datetime as dt
from typing import TYPE_CHECKING

from config.common import clock
from config.common.workbooks import write_table
from cultivation.enums import TargetMeasure
from cultivation.models import Division
from cultivation.services.achievements import correct_achievement, record_achievement
from cultivation.services.bulletins import draw_up_bulletin
from cultivation.services.programme_lists import import_achievements
from cultivation.services.stock_records import draw_up_stock, lock_stock
from cultivation.services.targets import enter_target

if TYPE_CHECKING:
    from .story import Stage

_QUOTAS = {"youjiang": 5, "tianyang": 4, "pingguo": 4, "jingxi": 4}
_OTHER_QUOTA = 3
_HEADERS = ("指标", "名称", "单位", "县（市、区）", "取得日期", "依据文件")
_LIST = (
    (
        "技术",
        "赤泥综合利用关键技术（演示）",
        "演示铝业研究院",
        "平果县",
        dt.date(2018, 11, 20),
        "演科验〔2018〕3号",
    ),
    (
        "技术",
        "芒果采后保鲜关键技术（演示）",
        "演示农业科学所",
        "田东县",
        dt.date(2019, 5, 16),
        "演科验〔2019〕1号",
    ),
    ("平台", "铝合金新材料创新平台（演示）", "演示铝业研究院", "", dt.date(2019, 4, 10), "演科平〔2019〕2号"),
    ("人才", "铝精深加工人才团队（演示）", "演示铝业研究院", "", dt.date(2018, 9, 3), "演人才〔2018〕5号"),
    (
        "转化",
        "桂西山茶油精炼工艺转化（演示）",
        "演示油茶公司",
        "田林县",
        dt.date(2018, 10, 12),
        "演科转〔2018〕4号",
    ),
    (
        "转化",
        "铝灰渣回收工艺转化（演示）",
        "演示环保公司",
        "平果县",
        dt.date(2018, 12, 5),
        "演科转〔2018〕7号",
    ),
    (
        "转化",
        "芒果干加工工艺转化（演示）",
        "演示食品公司",
        "田东县",
        dt.date(2019, 3, 22),
        "演科转〔2019〕1号",
    ),
)
_DRAWN_UP, _LOCKED = dt.date(2019, 1, 8), dt.date(2019, 1, 15)
_QUOTAS_SET, _TODAY = dt.date(2019, 3, 5), dt.date(2019, 6, 30)


def play_programme(stage: "Stage") -> None:
    office, second = stage.people.caseworker, stage.people.caseworker2
    with clock.fixed(_DRAWN_UP):
        drawn = draw_up_stock(day=dt.date(2018, 12, 31), actor=office)
    with clock.fixed(_LOCKED):
        lock_stock(record=drawn, actor=stage.people.reviewer)
    with clock.fixed(_QUOTAS_SET):
        for county in Division.objects.filter(parent__isnull=False):
            enter_target(
                measure=TargetMeasure.STOCK,
                division=county,
                year=2019,
                value=_QUOTAS.get(county.key, _OTHER_QUOTA),
                source="演科发〔2019〕6号（演示）",
                actor=office,
            )
    path = stage.inputs / "achievements.xlsx"
    path.write_bytes(write_table(_HEADERS, _LIST, sheet="演示成果"))
    with clock.fixed(_TODAY):
        import_achievements(content=path.read_bytes(), actor=office)
        wrong = record_achievement(
            measure=TargetMeasure.CONVERSIONS,
            title="铝型材表面处理工艺转化（演示）",
            achieved_on=dt.date(2019, 5, 8),
            document="演科转〔2019〕3号",
            division=Division.objects.get(key="youjiang"),
            actor=office,
        )
        correct_achievement(
            achievement=wrong,
            title=wrong.title,
            achieved_on=dt.date(2019, 5, 18),
            document=wrong.document,
            division=wrong.division,
            reason="取得日期录错（演示）",
            actor=second,
        )
        draw_up_stock(day=_TODAY, actor=office)
        draw_up_bulletin(year=2019, quarter=2, actor=office)
