"""Files that leave the house: the forecast as table, chart and report; bulletins."""

import base64
import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from config.common.text import harmless
from cultivation.charts import BOARD_CHARTS, stock_chart
from cultivation.enums import CaseState, StockChange
from cultivation.forecasting.picture import StockPicture
from cultivation.rules.board_lines import year_line
from documents.api import chinese_date, render_report


def _cell(value: object) -> str:
    return "" if value is None else harmless(str(value))


def summary(answer: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """The figures of an answer beside the distribution, each with its name for people."""
    yield _("As of"), answer["as_of"]
    yield _("Year"), answer["year"]
    yield _("Division"), answer["division_name"] or _("The whole city")
    yield _("Target at year-end"), answer["target_stock"]
    yield _("Stock on the day"), answer["stock_on_as_of"]
    yield _("Certificates running out"), answer["expiring"]
    expected = answer["expected"]
    yield _("Expected: renewed"), expected["renewed"]
    yield _("Expected: new"), expected["new"]
    yield _("Expected: moved in"), expected["inbound"]
    yield _("Expected: lost"), expected["lost"]
    yield _("Mean"), answer["distribution"]["mean"]
    for name in ("p10", "p50", "p90"):
        yield name.upper(), answer["distribution"][name]
    yield _("Probability to meet the target"), answer["probability_met"]
    needed = answer["needed_for_80_percent"]
    yield _("Further filings for 80 %"), needed["new_filings"]
    yield _("at a pass rate of"), needed["at_pass_rate"]
    if award := answer["award_exposure"]:
        for name in ("mean", "p10", "p50", "p90"):
            yield _("Awards in yuan: %(figure)s") % {"figure": name}, award[name]


def forecast_csv(answer: Mapping[str, Any]) -> str:
    """Figures, then the distribution; with a byte order mark, so that Excel takes it for UTF-8."""
    output = io.StringIO()
    write = csv.writer(output, lineterminator="\r\n")
    for row in summary(answer):
        write.writerow(map(_cell, row))
    write.writerow([])
    write.writerow([_("Stock at year-end"), _("Probability")])
    write.writerows(answer["pmf"].items())
    write.writerow([])
    write.writerow([_("Method"), _cell(answer["method"])])
    for key, note in answer["notes"].items():
        write.writerow([_cell(key), _cell(note)])
    return "\ufeff" + output.getvalue()


def _shown(value: object) -> object:
    """A figure for reading: at most three decimals where the answer keeps eighteen."""
    if isinstance(value, str) and len(value.partition(".")[2]) > 3:
        return f"{Decimal(value):.3f}"
    return value


def _shown_group(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the assumptions for reading; those of a file have no evidence and no prior."""
    stage = row.get("stage")
    return {
        "name": _("Certificates running out") if stage is None else dict(CaseState.choices).get(stage, stage),
        "count": row["count"],
        "share": f"{Decimal(str(row['renewal' if stage is None else 'by_year_end'])):.1%}",
        "evidence": f"{row['came_through']}/{row['observed']}" if "observed" in row else "—",
        "prior": f"{Decimal(row['prior']):.1%}" if "prior" in row else "—",
        "source": row.get("prior_source", ""),
    }


def forecast_html(answer: Mapping[str, Any], picture: StockPicture) -> str:
    """The report as a page of its own: chart, figures, the rows of the distribution that matter, what it rests on."""
    shown = {number: share for number, share in answer["pmf"].items() if Decimal(share) >= Decimal("0.001")}
    groups = [
        _shown_group(row) for row in (*answer["assumptions"]["pipeline"], *answer["assumptions"]["expiring"])
    ]
    return render_to_string(
        "cultivation/forecast_report.html",
        {
            "answer": answer,
            "place": picture.place,
            # Drawn here from numbers; its words are escaped there.
            "chart": mark_safe(stock_chart(picture)),  # noqa: S308
            "summary": [(name, _shown(value)) for name, value in summary(answer)],
            "distribution": [(number, f"{Decimal(share):.1%}") for number, share in shown.items()],
            "groups": groups,
            "sources": list(dict.fromkeys(group["source"] for group in groups if group["source"])),
        },
    )


def forecast_pdf(answer: Mapping[str, Any], picture: StockPicture) -> bytes:
    """The report on paper."""
    return render_report(forecast_html(answer, picture))


def bulletin_html(content: Mapping[str, Any], *, version: int, maker: str, sha256: str) -> str:
    """A bulletin (通报) or yearly report from its frozen content, in official Chinese."""
    board, stock = content["board"], content["stock"]
    net = stock["total"] - content["last_year_end"]["firms"]
    years = [year_line(row) for row in board["years"]]
    months = [month for month in board["expiries"]["months"] if month[0] == content["year"]]
    return render_to_string(
        "cultivation/bulletin_report.html",
        {
            "content": content,
            "stock": stock,
            "board": board,
            "day": chinese_date(dt.date.fromisoformat(content["day"])),
            "known_on": chinese_date(dt.date.fromisoformat(board["as_of"])),
            "net": net,
            "net_firms": abs(net),
            "gap": None if content["target"] is None else content["target"] - stock["total"],
            "changes": [
                (str(change.label), content["flow_of_period"][change], content["flow_of_year"][change])
                for change in StockChange
            ],
            "years": years,
            "ahead": [line for line in years if line["parts"]],
            "stages": [{**row, "cases": sum(row["by_age"])} for row in board["funnel"]["stages"]],
            "cases": sum(sum(row["by_age"]) for row in board["funnel"]["stages"]),
            "ending": sum(month[2] for month in months),
            "prepared": sum(month[3] for month in months),
            # As addresses: the names inside two pictures on one page would collide.
            "charts": {key: _svg_address(draw(board)) for key, draw in BOARD_CHARTS.items()},
            "version": version,
            "maker": maker,
            "sha256": sha256,
        },
    )


def _svg_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def bulletin_pdf(content: Mapping[str, Any], *, version: int, maker: str, sha256: str) -> bytes:
    """The same on paper; the same content gives the same bytes."""
    return render_report(bulletin_html(content, version=version, maker=maker, sha256=sha256))
