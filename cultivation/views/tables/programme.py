"""What the pages about stock and targets list: targets, achievements, versions of the stock, bulletins, forecasts."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.enums import Role
from cultivation.forms.bulletins import period_name
from cultivation.forms.programme import AchievementFilterForm
from cultivation.models import Achievement, AnnualTarget, Bulletin, ForecastSnapshot, StockRecord, User
from cultivation.permissions import CITY_WIDE_ROLES
from cultivation.selectors.achievement_list import achievement_rows
from cultivation.selectors.bulletins import bulletins
from cultivation.selectors.forecast_records import forecast_rows, snapshots
from cultivation.selectors.target_list import targets_of
from cultivation.selectors.targets import counties
from cultivation.views.board_places import EVERYWHERE, place_name
from documents.api import QueryTable, TableMaker


class Targets(TableMaker):
    """Everything recorded for a year, the city first."""

    roles = EVERYWHERE

    def name(self) -> str:
        return _("Targets and quotas")

    def headers(self) -> Sequence[str]:
        return (*(_("Measure"), _("Division"), _("Year"), _("Target"), _("Source"), _("Entered by")),)

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return AnnualTarget.objects.filter(year=year_asked(parameters)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for line in targets_of(year_asked(parameters), today()).lines:
            target = line.target
            yield (
                str(target.get_measure_display()),
                line.county or _("The whole city"),
                target.year,
                target.value,
                target.source,
                str(target.entered_by or ""),
            )


def year_asked(parameters: Mapping[str, Any]) -> int:
    """The year of the address, this one where there is none."""
    text = str(parameters.get("year", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else today().year


class Achievements(QueryTable):
    roles = EVERYWHERE
    page = "cultivation:achievements"

    def name(self) -> str:
        return _("Achievements of the programme")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Name of the achievement"), _("Organisation"), _("Measure"), _("Division")),
            *(_("Achieved on"), _("Document"), _("Recorded by"), _("Recorded on")),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> AchievementFilterForm:
        return AchievementFilterForm(parameters, counties=counties(today()))

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[Achievement]:
        wanted = self.filters(parameters, owner=owner).wanted()
        return achievement_rows(**wanted).order_by("-recorded_at", "-pk")

    def cells(self, row: Achievement) -> Sequence[Value]:
        return (
            row.title,
            row.organisation,
            str(row.get_measure_display()),
            place_name(row.division),
            row.achieved_on,
            row.document,
            str(row.recorded_by),
            localdate(row.recorded_at),
        )


class StockVersions(QueryTable):
    roles = CITY_WIDE_ROLES

    def name(self) -> str:
        return _("Stock on record")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Day"), _("Version"), _("Stage"), _("Firms"), _("Drawn up by"), _("Drawn up on")),
            *(_("Locked by"), _("Locked on"), _("Reason"), _("Document"), "SHA-256"),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[StockRecord]:
        found = StockRecord.objects.select_related("drawn_up_by", "locked_by")
        return found.order_by("-day", "-number")

    def cells(self, row: StockRecord) -> Sequence[Value]:
        return (
            row.day,
            row.number,
            str(row.get_stage_display()),
            row.total,
            str(row.drawn_up_by),
            localdate(row.drawn_up_at),
            str(row.locked_by or ""),
            localdate(row.locked_at) if row.locked_at else None,
            row.reason,
            row.document,
            row.sha256,
        )


class Bulletins(QueryTable):
    roles = (Role.COUNTY, *EVERYWHERE)

    def name(self) -> str:
        return _("Bulletins")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Period"), _("Version"), _("Stock"), _("Stage"), _("Drawn up by"), _("Drawn up on")),
            "SHA-256",
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[Bulletin]:
        return bulletins()

    def cells(self, row: Bulletin) -> Sequence[Value]:
        paper = getattr(row, "paper", None)
        return (
            period_name(row.year, row.quarter),
            row.number,
            row.stock.total,
            str(row.stock.get_stage_display()),
            str(row.drawn_up_by),
            localdate(row.drawn_up_at),
            paper.sha256 if paper else "",
        )


class Forecasts(TableMaker):
    """The recorded forecasts beside what came of them, the newest first."""

    roles = EVERYWHERE

    def name(self) -> str:
        return _("Recorded forecasts")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Year"), _("Division"), _("As of"), _("Recorded by"), "P10", "P50", "P90", _("Target")),
            *(_("Probability to meet the target"), _("What came"), _("within P10–P90"), "SHA-256"),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return ForecastSnapshot.objects.count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for row in forecast_rows(list(snapshots().order_by("-recorded_at", "-pk")), today()):
            found = row.result["distribution"]
            yield (
                row.snapshot.year,
                row.place or _("The whole city"),
                row.snapshot.as_of,
                str(row.snapshot.recorded_by),
                found["p10"],
                found["p50"],
                found["p90"],
                row.result["target_stock"],
                None if row.chance is None else row.chance.quantize(Decimal("0.01")),
                row.outcome.firms if row.outcome else None,
                {True: _("Yes"), False: _("No"), None: ""}[row.is_between],
                row.snapshot.sha256,
            )
