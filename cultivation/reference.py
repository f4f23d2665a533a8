"""Reference data: loaded by a migration, and again whenever a table has lost it. Each row names its source.

The tables stand in ``reference_data/*.csv`` under their sources. What the bureau has changed since is left
alone: rows are only added. Works with the models of a migration as well as with the real ones.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chinese_calendar import constants
from django.contrib.auth.hashers import make_password

from cultivation.enums import Origin, Role, TargetMeasure, Verification
from cultivation.selectors.people import SYSTEM_USERNAME

_FOLDER = Path(__file__).parent / "reference_data"
_PLAN = "百色市科技创新支撑产业高质量发展三年行动实施方案（2018—2020年）"
_SATURDAY = 5


def load(apps: Any) -> None:
    """Add what is missing; ``apps`` is a registry: of a migration, or ``django.apps.apps``."""
    _load_roles(apps)
    _load_divisions(apps)
    _load_fields(apps)
    load_parameters(apps)
    _load_calendar(apps)
    _load_policy_documents(apps)
    _load_targets(apps)


def load_tiers(apps: Any) -> None:
    """The criteria of the tiers; apart from :func:`load`, which the first migration runs before they exist."""
    criteria = apps.get_model("cultivation", "TierCriterion").objects
    for row in rows("tier_criteria.csv"):
        criteria.get_or_create(
            tier=row["tier"],
            key=row["key"],
            valid_from=_date(row["valid_from"]),
            defaults={
                "text": row["text"],
                "order": int(row["order"]),
                "verification": row["verification"],
                "source": row["table_source"],
            },
        )


def load_forecast_priors(apps: Any) -> None:
    """What the forecast starts from; its own migration runs it, as the first one runs before the table exists."""
    priors = apps.get_model("cultivation", "ForecastPrior").objects
    for row in rows("forecast_priors.csv"):
        priors.get_or_create(
            key=row["key"],
            valid_from=_date(row["valid_from"]),
            defaults={
                "value": Decimal(row["value"]),
                "weight": Decimal(row["weight"]),
                "lead_days": int(row["lead_days"]),
                "meaning": row["meaning"],
                "verification": Verification.UNVERIFIED,
                "source": row["table_source"],
            },
        )


def _lines(name: str) -> tuple[str, list[str]]:
    """The source (the lines that begin with ``#``) and the lines of a table."""
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    source = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    return source.removeprefix("来源: "), [line for line in lines if not line.startswith("#")]


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table; ``table_source`` is its source, cut to what a source field holds."""
    source, lines = _lines(name)
    for row in csv.DictReader(lines):
        yield {**row, "table_source": source[:300]}


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _commas(text: str) -> str:
    return text.replace("|", ",")


def _load_roles(apps: Any) -> None:
    """The groups, and the user in whose name a command imports; no password opens it."""
    groups = apps.get_model("auth", "Group").objects
    for role in Role:
        groups.get_or_create(name=role.value)
    user, _created = apps.get_model("cultivation", "User").objects.get_or_create(
        username=SYSTEM_USERNAME, defaults={"display_name": "系统", "password": make_password(None)}
    )
    user.groups.add(groups.get(name=Role.CASEWORKER.value))


def _load_divisions(apps: Any) -> None:
    divisions = apps.get_model("cultivation", "Division").objects
    names = apps.get_model("cultivation", "DivisionName").objects
    city = None
    for row in rows("divisions.csv"):
        division, _created = divisions.get_or_create(
            key=row["key"], defaults={"order": int(row["order"]), "parent": city}
        )
        city = city or division
        names.get_or_create(
            division=division,
            valid_from=_date(row["valid_from"]),
            defaults={
                "code": row["code"],
                "name": row["name"],
                "synonyms": _commas(row["synonyms"]),
                "valid_to": _date(row["valid_to"]),
                "document": row["document"],
                "document_date": _date(row["document_date"]),
                "source": row["table_source"],
            },
        )
    zones = apps.get_model("cultivation", "Zone").objects
    for row in rows("zones.csv"):
        zones.get_or_create(name=row["name"], defaults={"source": row["table_source"]})


def _load_fields(apps: Any) -> None:
    technical = apps.get_model("cultivation", "TechnicalField").objects
    for row in rows("technical_fields.csv"):
        defaults = {"name": row["name"], "order": int(row["order"]), "source": row["table_source"]}
        technical.get_or_create(ordinal=row["ordinal"], defaults=defaults)
    industry = apps.get_model("cultivation", "IndustryField").objects
    for row in rows("industry_fields.csv"):
        defaults = {
            "synonyms": _commas(row["synonyms"]),
            "order": int(row["order"]),
            "source": row["table_source"],
        }
        industry.get_or_create(name=row["name"], defaults=defaults)


def load_parameters(apps: Any) -> None:
    """What is not there yet; a row that was entered for the same day stays as it is."""
    parameters = apps.get_model("cultivation", "Parameter").objects
    for row in rows("parameters.csv"):
        parameters.get_or_create(
            key=row["key"],
            valid_from=_date(row["valid_from"]),
            defaults={
                "value": int(row["value"]),
                "verification": row["verification"],
                "source": row["source"],
            },
        )


def _load_calendar(apps: Any) -> None:
    """Weekdays that are free and weekends that are worked, for the years the published calendar covers."""
    source = f"国务院办公厅历年节假日安排，取自 chinesecalendar {version('chinesecalendar')}"
    years = range(min(constants.holidays).year, max(constants.holidays).year + 1)
    apps.get_model("cultivation", "CalendarYear").objects.bulk_create(
        [apps.get_model("cultivation", "CalendarYear")(year=year, source=source) for year in years],
        ignore_conflicts=True,
    )
    model = apps.get_model("cultivation", "CalendarDay")
    chinese = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    free = {day: name for day, name in constants.holidays.items() if day.weekday() < _SATURDAY}
    worked = {day: name for day, name in constants.workdays.items() if day.weekday() >= _SATURDAY}
    model.objects.bulk_create(
        [
            model(day=day, is_workday=is_workday, name=chinese.get(name, str(name)), source=source)
            for is_workday, days in ((False, free), (True, worked))
            for day, name in sorted(days.items())
        ],
        ignore_conflicts=True,
    )


def _load_policy_documents(apps: Any) -> None:
    documents = apps.get_model("documents", "PolicyDocument").objects
    for row in rows("policy_documents.csv"):
        documents.get_or_create(
            title=row["title"],
            issuer=row["issuer"],
            defaults={
                "document_number": row["document_number"],
                "issued_on": _date(row["issued_on"]),
                "is_formal": row["is_formal"] == "1",
                "mark": row["mark"],
                "source": row["source"],
            },
        )


def _load_targets(apps: Any) -> None:
    """Targets of firms for the city alone; the county table counts conversions, never firms (edge case 48)."""
    targets = apps.get_model("cultivation", "AnnualTarget").objects
    divisions = apps.get_model("cultivation", "Division").objects
    plan = apps.get_model("documents", "PolicyDocument").objects.get(title=_PLAN)
    for row in rows("annual_targets.csv"):
        targets.get_or_create(
            measure=row["measure"],
            division=None,
            year=int(row["year"]),
            defaults={
                "value": int(row["value"]),
                "origin": row["origin"],
                "basis": plan,
                "source": row["clause"],
            },
        )
    for row in rows("conversions.csv"):
        division = divisions.get(key=row["division"]) if row["division"] else None
        for year in (2018, 2019, 2020):
            targets.get_or_create(
                measure=TargetMeasure.CONVERSIONS.value,
                division=division,
                year=year,
                defaults={
                    "value": int(row[str(year)]),
                    "origin": Origin.SOURCE.value,
                    "basis": plan,
                    "source": "附件5 一",
                },
            )
