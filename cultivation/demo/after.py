"""After accreditation: two lists of annual reports, a new name reported late, a change of business."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from config.common import clock
from config.common.workbooks import write_table
from cultivation.enums import ChangeKind
from cultivation.models import Accreditation, Firm
from cultivation.rules.after_accreditation import reports_due
from cultivation.services.annual_reports import import_annual_reports
from cultivation.services.changes import record_material_change
from cultivation.services.firms import rename_firm

from .firms import DemoFirm, Part

if TYPE_CHECKING:
    from .story import Stage

_LISTS = (dt.date(2018, 6, 11), dt.date(2019, 6, 10))
_HEADERS = ("企业名称", "统一社会信用代码", "年度", "填报日期")


def play_after(stage: "Stage") -> None:
    """Who filed when, as the ministry's system listed it; one firm missed two years, one was late, one left out a year."""
    silent, late, renamed, changed = stage.playing(Part.HOLDER)[:4]
    gap = stage.playing(Part.EXPIRING)[0]
    earlier = dt.date.min
    for taken_on in _LISTS:
        rows = [
            (demo.name, demo.credit_code, year, filed_on)
            for demo in stage.cast.values()
            for year, filed_on in _filed(stage, demo, earlier, taken_on)
            if demo is not silent and not (demo is gap and year == 2016)
        ]
        rows = [
            (*row[:3], dt.date(2018, 6, 6)) if row[1] == late.credit_code and row[2] == 2017 else row
            for row in rows
        ]
        path = stage.inputs / f"annual-reports-{taken_on.year}.xlsx"
        path.write_bytes(write_table(_HEADERS, rows, sheet="演示年报填报"))
        with clock.fixed(taken_on):
            import_annual_reports(content=path.read_bytes(), actor=stage.people.caseworker)
        earlier = taken_on
    _changes(stage, renamed, changed)


def _filed(
    stage: "Stage", demo: DemoFirm, earlier: dt.date, taken_on: dt.date
) -> Iterator[tuple[int, dt.date]]:
    """The reports of a firm that fell due between two lists, each filed in April."""
    if demo.index not in stage.firms:
        return
    due = {
        item.year: item.due_on
        for certificate in Accreditation.objects.filter(firm=stage.firm(demo))
        for item in reports_due(certificate.issued_on, certificate.last_day, certificate.revoked_on)
    }
    for year, due_on in sorted(due.items()):
        if earlier < due_on < taken_on:
            yield year, dt.date(due_on.year, 4, 1 + demo.index % 28)


def _changes(stage: "Stage", renamed: DemoFirm, changed: DemoFirm) -> None:
    """A name of October 2018 reported in February, a month too late; a change of business reported in time."""
    with clock.fixed(dt.date(2019, 2, 20)):
        firm = rename_firm(
            firm=stage.firm(renamed),
            name=renamed.name.replace("有限公司", "股份有限公司"),
            valid_from=dt.date(2018, 10, 15),
            document="演市监变更〔2018〕207号",
            actor=stage.people.caseworker,
        )
    stage.firms[renamed.index] = Firm.objects.get(pk=firm.pk)
    with clock.fixed(dt.date(2019, 4, 10)):
        record_material_change(
            firm=stage.firm(changed),
            kind=ChangeKind.BUSINESS,
            happened_on=dt.date(2019, 3, 1),
            reported_on=dt.date(2019, 4, 10),
            document="企业报告（演示）",
            remark="停产原有产品，转产节能设备（演示）",
            actor=stage.people.caseworker,
        )
