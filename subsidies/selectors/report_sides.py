"""The money of funding lines at the end of a day, reckoned three times: from the ledger, the awards, and the lists."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.timezone import make_aware

from config.common.money import ZERO
from subsidies.enums import AwardState, ReturnOutcome
from subsidies.models import (
    Award,
    AwardEvent,
    BankReturnRow,
    FundingLine,
    LedgerEntry,
    PaymentLine,
    PaymentList,
)
from subsidies.permissions import AwardAction
from subsidies.rules.balances import Kind, Movement
from subsidies.rules.reporting import LEDGER_FIGURES, contribution

Sums = dict[str, Decimal]

_IS_COMMITTED = Q(state_on__in=[AwardState.APPROVED, AwardState.LISTED]) | Q(
    state_on=AwardState.FROZEN, frozen_from_on=AwardState.APPROVED
)
# By what the awards of a line, and the lines of its lists, count for a figure.
AWARD_FIGURES: dict[str, Q] = {
    "committed": _IS_COMMITTED,
    "listed": Q(state_on=AwardState.LISTED),
    "paid": Q(state_on__in=[AwardState.PAID, AwardState.RECOVERING, AwardState.RECOVERED]),
    "in_recovery": Q(state_on=AwardState.RECOVERING),
}
LIST_FIGURES: dict[str, Q] = {
    "listed": Q(answer_on__isnull=True),
    "released": Q(is_released=True),
    "paid": Q(answer_on=ReturnOutcome.PAID),
    "failed": Q(answer_on=ReturnOutcome.FAILED, was_paid=False),
    "returned": Q(answer_on=ReturnOutcome.FAILED, was_paid=True),
}
# In the order in which the report shows them.
FIGURES = (
    *(
        "appropriated",
        "carried_over",
        "opening",
        "committed",
        "listed",
        "released",
        "paid",
        "failed",
        "returned",
    ),
    *("in_recovery", "recovered", "available"),
)


@dataclass(frozen=True, slots=True)
class ListReport:
    """A payment list with its sums; ``total`` is that of all its lines."""

    payment_list: PaymentList
    total: Decimal
    sums: Sums


@dataclass(frozen=True, slots=True)
class LineReport:
    """A funding line with each figure as the three sides have it; a figure that a side does not know is missing."""

    line: FundingLine
    ledger: Sums
    awards: Sums
    lists: Sums
    by_list: tuple[ListReport, ...]


def end_of(on: dt.date) -> dt.datetime:
    """The instant at which a day is over in the office's time zone."""
    return make_aware(dt.datetime.combine(on + dt.timedelta(days=1), dt.time.min))


def line_reports(on: dt.date, year: int | None = None) -> list[LineReport]:
    """Every funding line, or those of a fiscal year; six queries."""
    lines = FundingLine.objects.filter(**({"fiscal_year": year} if year else {}))
    found = list(lines.order_by("-fiscal_year", "fund", "name"))
    ledger, awards = _ledger_sums(found, on), _award_sums(found, on)
    by_list = _list_reports(found, on)
    return [
        LineReport(line, ledger[line.pk], awards[line.pk], _sum_of(by_list[line.pk]), tuple(by_list[line.pk]))
        for line in found
    ]


def entries_on(line: FundingLine, on: dt.date, figure: str) -> QuerySet[LedgerEntry]:
    """The entries behind a figure of the ledger."""
    entries = LedgerEntry.objects.filter(line=line, on__lte=on, kind__in=LEDGER_FIGURES[figure])
    return entries.select_related("award__firm", "actor").order_by("-pk")


def awards_on(on: dt.date) -> QuerySet[Award]:
    """Awards with ``state_on`` and, for a frozen one, ``frozen_from_on``: what they were when the day was over."""
    events = AwardEvent.objects.filter(award=OuterRef("pk"), at__lt=end_of(on)).order_by("-number")
    freezing = events.filter(to_state=AwardState.FROZEN).exclude(from_state=AwardState.FROZEN)
    return Award.objects.annotate(
        state_on=Subquery(events.values("to_state")[:1]),
        frozen_from_on=Subquery(freezing.values("from_state")[:1]),
    )


def bounces_on(on: dt.date) -> QuerySet[AwardEvent]:
    """The events by which money that the bank had paid came back."""
    events = AwardEvent.objects.filter(action=AwardAction.BOUNCE, at__lt=end_of(on))
    return events.select_related("award__firm").order_by("-pk")


def lines_on(on: dt.date) -> QuerySet[PaymentLine]:
    """Lines of the lists that stood, with the bank's last answer until then, and whether it had paid them."""
    end = end_of(on)
    answers = BankReturnRow.objects.filter(line=OuterRef("pk"), bank_return__loaded_at__lt=end)
    applied = answers.filter(outcome__in=[ReturnOutcome.PAID, ReturnOutcome.FAILED]).order_by("-pk")
    return (
        PaymentLine.objects.filter(payment_list__drafted_at__lt=end)
        .exclude(payment_list__cancelled_at__lt=end)
        .annotate(
            answer_on=Subquery(applied.values("outcome")[:1]),
            was_paid=Exists(applied.filter(outcome=ReturnOutcome.PAID)),
            is_released=Exists(
                PaymentList.objects.filter(pk=OuterRef("payment_list_id"), released_at__lt=end)
            ),
        )
    )


def _ledger_sums(lines: Sequence[FundingLine], on: dt.date) -> dict[int, Sums]:
    entries = LedgerEntry.objects.filter(line__in=lines, on__lte=on).order_by()
    grouped = entries.values_list("line_id", "kind", "direction", "returns_to_line")
    found = {line.pk: dict.fromkeys(LEDGER_FIGURES, ZERO) for line in lines}
    for line_id, kind, direction, returns, amount in grouped.annotate(sum=Sum("amount")):
        movement = Movement(Kind(kind), amount, direction, returns)
        for figure in LEDGER_FIGURES:
            found[line_id][figure] += contribution(figure, movement)
    return found


def _award_sums(lines: Sequence[FundingLine], on: dt.date) -> dict[int, Sums]:
    found = {line.pk: dict.fromkeys((*AWARD_FIGURES, "returned"), ZERO) for line in lines}
    sums = awards_on(on).filter(funding_line__in=lines).order_by().values("funding_line_id")
    for row in sums.annotate(**_conditional(AWARD_FIGURES)):
        found[row["funding_line_id"]].update(_amounts(row, AWARD_FIGURES))
    bounced = bounces_on(on).filter(award__funding_line__in=lines).order_by()
    for line_id, amount in bounced.values_list("award__funding_line_id").annotate(sum=Sum("award__amount")):
        found[line_id]["returned"] = amount
    return found


def _list_reports(lines: Sequence[FundingLine], on: dt.date) -> dict[int, list[ListReport]]:
    sums = lines_on(on).filter(payment_list__funding_line__in=lines).order_by().values("payment_list_id")
    rows = {
        row["payment_list_id"]: row
        for row in sums.annotate(sum_total=Sum("amount"), **_conditional(LIST_FIGURES))
    }
    lists = PaymentList.objects.filter(funding_line__in=lines, drafted_at__lt=end_of(on))
    found: dict[int, list[ListReport]] = defaultdict(list)
    for payment_list in lists.exclude(cancelled_at__lt=end_of(on)).order_by("year", "sequence"):
        row: Mapping[str, Any] = rows.get(payment_list.pk) or {}
        report = ListReport(payment_list, row.get("sum_total") or ZERO, _amounts(row, LIST_FIGURES))
        found[payment_list.funding_line_id].append(report)
    return found


def _conditional(figures: dict[str, Q]) -> dict[str, Sum]:
    return {f"sum_{figure}": Sum("amount", filter=condition) for figure, condition in figures.items()}


def _amounts(row: Mapping[str, Any], figures: dict[str, Q]) -> Sums:
    return {figure: row.get(f"sum_{figure}") or ZERO for figure in figures}


def _sum_of(reports: Sequence[ListReport]) -> Sums:
    return {figure: sum((report.sums[figure] for report in reports), ZERO) for figure in LIST_FIGURES}
