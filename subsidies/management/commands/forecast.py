"""``forecast``: how many high-new-tech enterprises at a year's end, how likely the target, what it may cost.

The command stands here, above ``cultivation``, because the cost rests on the region's recorded awards.
"""

import datetime as dt
import hashlib
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.commands import JsonCommand, UsageError
from config.common.usage import file_problem
from cultivation.api import (
    Assumptions,
    Division,
    Forecast,
    MalformedAssumptions,
    StockPicture,
    command_actor,
    division_of_code,
    forecast,
    forecast_csv,
    forecast_pdf,
    picture_of,
    read_assumptions,
    record_forecast,
    stock_chart,
    stock_picture,
)
from subsidies.selectors.exposure import recorded_award_amounts

FORMATS = ("json", "csv", "svg", "pdf")


def _day(text: str) -> dt.date:
    # Of the ISO forms only the plain one: 20190630 and week dates are slips more often than dates.
    return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007


def _year(text: str) -> int:
    year = int(text)
    if not 1990 <= year <= 2200:
        raise ValueError(text)
    return year


class Command(JsonCommand):
    help = "Forecast the stock at the end of a year, from the history or from a file of assumptions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--year", type=_year, help="the year whose end is forecast; default: that of --as-of"
        )
        parser.add_argument(
            "--as-of", type=_day, metavar="DATE", help="what was known on this day; default: today"
        )
        parser.add_argument("--division", metavar="CODE", help="a county by any code it ever had")
        parser.add_argument("--assumptions", type=Path, metavar="FILE.json", help="instead of estimates")
        parser.add_argument("--record", action="store_true", help="put the estimate on record")
        parser.add_argument(
            "--as", dest="username", metavar="USERNAME", help="who records it; default: system"
        )
        parser.add_argument("--format", choices=FORMATS, default="json")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write there instead of standard output")

    def answer(self, **options: Any) -> dict[str, Any] | None:
        as_of = options["as_of"] or today()
        out, form = options["out"], options["format"]
        _check_out(out, form, options["assumptions"])
        division = _division(options["division"])
        assumptions = _assumptions(options["assumptions"])
        made = forecast(
            year=options["year"] or as_of.year,
            as_of=as_of,
            division=division,
            assumptions=assumptions,
            award_amounts=recorded_award_amounts(as_of),
        )
        answer = made.as_json()
        if options["record"]:
            answer["snapshot"] = _recorded(made, division, assumptions, options["username"])
        if form == "json" and out is None:
            return answer
        content = _content(form, made, answer, division, assumptions)
        if out is None:
            sys.stdout.write(content.decode())
            return None
        out.write_bytes(content)
        return {"out": str(out), "format": form, "sha256": hashlib.sha256(content).hexdigest()}


def _recorded(
    made: Forecast, division: Division | None, assumptions: Assumptions | None, username: str | None
) -> dict[str, Any]:
    if assumptions is not None:
        raise UsageError("assumed_not_recorded", _("A forecast from a file of assumptions is not recorded."))
    snapshot = record_forecast(
        year=made.year,
        as_of=made.as_of,
        division=division,
        award_amounts=recorded_award_amounts(made.as_of),
        actor=command_actor(username),
    )
    return {"id": snapshot.pk, "sha256": snapshot.sha256}


def _check_out(out: Path | None, form: str, assumptions: Path | None) -> None:
    if out is None:
        if form == "pdf":
            raise UsageError("out_missing", _("A PDF is written to a file: name it with --out."))
        return
    if out.is_dir() or not out.parent.is_dir():
        raise UsageError("out_not_writable", _("%(path)s cannot be written.") % {"path": out})
    if assumptions is not None and assumptions.resolve() == out.resolve():
        raise UsageError("out_is_input", _("The file of assumptions is never written over."))


def _division(code: str | None) -> Division | None:
    if code is None:
        return None
    try:
        return division_of_code(code)
    except LookupError as error:
        raise UsageError(
            "unknown_division", _("No division has the code %(code)s.") % {"code": code}
        ) from error


def _assumptions(path: Path | None) -> Assumptions | None:
    if path is None:
        return None
    try:
        return read_assumptions(path.read_bytes())
    except MalformedAssumptions as error:
        raise UsageError("malformed_assumptions", str(error)) from error
    except OSError as error:
        raise UsageError("file_not_readable", file_problem(error)) from error


def _picture(made: Forecast, division: Division | None, assumptions: Assumptions | None) -> StockPicture:
    if assumptions is not None:
        return picture_of(made)
    return stock_picture(as_of=made.as_of, division=division, forecasts=[made])


def _content(
    form: str,
    made: Forecast,
    answer: dict[str, Any],
    division: Division | None,
    assumptions: Assumptions | None,
) -> bytes:
    if form == "json":
        return (json.dumps(answer, ensure_ascii=False, indent=2) + "\n").encode()
    if form == "csv":
        return forecast_csv(answer).encode()
    picture = _picture(made, division, assumptions)
    return stock_chart(picture).encode() if form == "svg" else forecast_pdf(answer, picture)
