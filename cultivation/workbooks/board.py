"""The numbers of the board, those behind its pictures included, as a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.common.workbooks import Book, Value, add_table
from cultivation.enums import StockChange

Figures = Mapping[str, Any]
Table = tuple[str, Sequence[str], Sequence[Sequence[Value]]]


def board_xlsx(figures: Figures) -> bytes:
    """Of the figures of ``selectors.board``; the same figures give the same bytes."""
    with Book() as book:
        for name, headers, rows in _tables(figures):
            add_table(book, name, headers, rows)
    return book.content


def _tables(figures: Figures) -> Iterator[Table]:
    yield _("Summary"), (_("Figure"), _("Value")), _summary(figures)
    yield _years(figures)
    yield _parts(figures)
    yield _flow(figures["flow"])
    yield _funnel(figures["funnel"])
    yield (
        _("Expiries"),
        (_("Year"), _("Month"), _("Certificates running out"), _("Renewal under way")),
        figures["expiries"]["months"],
    )
    yield _programme(figures["programme"])
    if "counties" in figures:
        yield _counties(figures["counties"])


def _summary(figures: Figures) -> list[tuple[str, Value]]:
    rows: list[tuple[str, Value]] = [
        (_("Division"), figures["place"]),
        (_("As of"), figures["as_of"]),
        (_("Stock"), figures["stock"]),
    ]
    quotas = figures.get("quotas")
    if quotas:
        rows += [
            (_("Year"), quotas["year"]),
            (_("Target of the city"), quotas["city"]),
            (_("Sum of the counties' quotas"), quotas["entered"]),
            (_("Difference"), quotas["difference"]),
        ]
    return rows


def _per_cent(share: str | None) -> Decimal | None:
    return None if share is None else Decimal(share) * 100


def _number(exact: str | None) -> Decimal | None:
    return None if exact is None else Decimal(exact)


def _years(figures: Figures) -> Table:
    headers = (
        *(_("Year"), _("Target"), _("Stock at year-end"), _("Version")),
        *("P10", "P50", "P90", _("Mean"), _("Expected net additions")),
        *(
            _("Probability to meet the target (%)"),
            _("Further filings for 80 %"),
            _("Further filings for 95 %"),
        ),
        _("Pass rate assumed (%)"),
    )
    rows = [
        (
            *(row["year"], row["target"], row["reached"], _version(row["is_final"])),
            *(row["p10"], row["p50"], row["p90"], _number(row["mean"]), _number(row["net"])),
            *(_per_cent(row["probability"]), row["needed"], row["needed_95"], _per_cent(row["pass_rate"])),
        )
        for row in figures["years"]
    ]
    return _("Year-ends"), headers, rows


def _version(is_final: bool | None) -> str:
    if is_final is None:
        return ""
    return _("final") if is_final else _("as counted now")


def _parts(figures: Figures) -> Table:
    rows = [
        (row["year"], part["name"], part["firms"], _number(part["expected"]))
        for row in figures["years"]
        for part in row["parts"]
    ]
    return (
        _("Parts of the forecast"),
        (_("Year"), _("Part"), _("Firms today"), _("Expected at year-end")),
        rows,
    )


def _flow(flow: Figures) -> Table:
    stock = _("Stock")
    rows: list[tuple[str, Value]] = [
        (f"{stock} {flow['opened']}", flow["opening"]),
        *((str(change.label), flow[change.value]) for change in StockChange),
        (f"{stock} {flow['closed']}", flow["closing"]),
        (_("Renewed meanwhile"), flow["renewed"]),
    ]
    return _("What moved the stock"), (_("Figure"), _("Firms")), rows


def _funnel(funnel: Figures) -> Table:
    headers = (_("Stage"), *funnel["ages"], _("Cases"), _("Median days in the stage"))
    rows = [
        (stage["name"], *stage["by_age"], sum(stage["by_age"]), stage["median_days"])
        for stage in funnel["stages"]
    ]
    return _("Open cases"), headers, rows


def _programme(programme: Sequence[Figures]) -> Table:
    headers = (_("Measure"), _("Clause"), _("Year"), _("Target"), _("Reached"))
    rows: list[tuple[Value, ...]] = []
    for row in programme:
        rows += [
            (row["label"], row["clause"], year["year"], year["target"], year["reached"])
            for year in row["years"]
        ]
        rows.append((row["label"], row["clause"], _("total"), row["total"], row["reached"]))
    return _("Programme"), headers, rows


def _counties(counties: Sequence[Figures]) -> Table:
    labels = [cell["label"] for cell in counties[0]["programme"]] if counties else []
    headers = [_("Code"), _("Division"), _("Stock"), _("Target of this year")]
    target, reached = _("Target"), _("Reached")
    for label in labels:
        headers += [f"{label} · {target}", f"{label} · {reached}"]
    rows = []
    for county in counties:
        row: list[Value] = [county["code"], county["name"], county["stock"], county["target"]]
        for cell in county["programme"]:
            row += [cell["target"], cell["reached"]]
        rows.append(row)
    return _("Counties"), headers, rows
