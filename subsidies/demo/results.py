"""What the demonstration leaves in ``var/demo``: notices, list, forecast and their summary."""

import json
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path

from django.core.management import call_command
from django.db.models import Sum

from config.common.clock import today
from cultivation.api import (
    command_actor,
    record_backtest,
    record_forecast,
    stock_at_year_ends,
    stock_targets,
)
from documents.api import read_notice
from subsidies.enums import ExportFormat
from subsidies.models import Award, PaymentList
from subsidies.selectors.awards import awards_by_state
from subsidies.selectors.exposure import recorded_award_amounts
from subsidies.services.exports import export_payment_list


def write_results(payment_list: PaymentList, folder: Path) -> dict[str, object]:
    """Write the files and return the content of ``summary.json``; amounts as strings in yuan."""
    notices = folder / "notices"
    notices.mkdir(parents=True)
    awards = list(
        Award.objects.filter(payment_lines__payment_list=payment_list)
        .select_related("notice", "regional_award")
        .order_by("pk")
    )
    for award in awards:
        if award.notice:
            (notices / f"{award.notice.number}.pdf").write_bytes(read_notice(award.notice))
    for format_ in (ExportFormat.XLSX, ExportFormat.CSV):
        released = export_payment_list(payment_list=payment_list, format=format_)
        (folder / f"payment-list.{format_.value}").write_bytes(bytes(released.content))
    for format_name in ("json", "svg"):
        with redirect_stdout(sys.stderr):  # standard output is for the summary alone
            call_command(
                "forecast",
                year=today().year,
                as_of=today(),
                format=format_name,
                out=folder / f"forecast.{format_name}",
            )
    _keep_forecasts()
    summary = _summary(payment_list, awards)
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8")
    return summary


def _keep_forecasts() -> None:
    """Today's forecasts and the back-test on record, for their pages."""
    actor = command_actor(None)
    for year in stock_targets():
        if year >= today().year:
            record_forecast(year=year, actor=actor, award_amounts=recorded_award_amounts(today()))
    record_backtest(actor=actor)


def _summary(payment_list: PaymentList, awards: list[Award]) -> dict[str, object]:
    targets = stock_targets()
    stock = stock_at_year_ends(min(targets), today().year - 1)
    lines = payment_list.lines.aggregate(total=Sum("amount"))
    others = awards_by_state()
    for award in awards:
        others[award.state] -= 1
    return {
        "stock": {str(year): count for year, count in stock.items()},
        "targets": {str(year): value for year, value in targets.items()},
        "awards": len(awards),
        "award_total": str(sum(award.amount for award in awards if award.amount is not None)),
        "regional_total": str(sum(award.regional_award.amount for award in awards if award.regional_award)),
        "notices": sum(award.notice is not None for award in awards),
        "payment_list": payment_list.number,
        "payment_lines": payment_list.lines.count(),
        "payment_total": str(lines["total"]),
        "other_awards": {state: count for state, count in others.items() if count},
    }


def empty(folder: Path) -> Path:
    """The folder of results, empty, with room for the input workbooks."""
    shutil.rmtree(folder, ignore_errors=True)
    inputs = folder / "input"
    inputs.mkdir(parents=True)
    return inputs
