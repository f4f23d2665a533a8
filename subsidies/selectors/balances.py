"""Balances from the entries: on any date, and held against the guard figures of the line."""

import datetime as dt
from collections import defaultdict
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from config.common.money import ZERO
from subsidies.models import Award, FundingLine, LedgerEntry
from subsidies.models.awards import APPROVED_AWARD_STATES
from subsidies.rules.balances import Figures, Kind, Movement, fold


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not agree, with the record it is about."""

    code: str
    record: str
    message: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def entries_of(line: FundingLine) -> QuerySet[LedgerEntry]:
    """The entries behind the figures of a line, oldest first."""
    return LedgerEntry.objects.filter(line=line).select_related("award", "actor").order_by("pk")


def figures_on(line: FundingLine, on: dt.date | None = None) -> Figures:
    """The figures at the end of the day ``on``, or now, summed from the entries in one query."""
    entries = LedgerEntry.objects.filter(line=line)
    if on is not None:
        entries = entries.filter(on__lte=on)
    return figures_by_line(entries)[line.pk]


def figures_by_line(entries: QuerySet[LedgerEntry]) -> dict[int, Figures]:
    """The figures that entries come to, by the key of their line; one query, nothing where a line has none."""
    sums = (
        entries.order_by()
        .values_list("line_id", "kind", "direction", "returns_to_line")
        .annotate(total=Sum("amount"))
    )
    movements: dict[int, list[Movement]] = defaultdict(list)
    for line_id, kind, direction, returns_to_line, total in sums:
        movements[line_id].append(Movement(Kind(kind), total, direction, returns_to_line))
    return defaultdict(Figures, {line_id: fold(found) for line_id, found in movements.items()})


def guard_problems() -> list[Problem]:
    """Where the guard figures of a line are not what its entries come to."""
    from_entries = figures_by_line(LedgerEntry.objects.all())
    return [
        Problem(
            "guard_differs_from_ledger",
            str(line),
            _("%(figure)s: the line says %(guard)s, its entries come to %(entries)s.")
            % {"figure": name, "guard": getattr(line, name), "entries": getattr(from_entries[line.pk], name)},
        )
        for line in FundingLine.objects.order_by("pk")
        for name in ("appropriated", "committed", "paid")
        if getattr(line, name) != getattr(from_entries[line.pk], name)
    ]


def award_entry_problems() -> list[Problem]:
    """Where the entries of an award do not come to what its state says is committed and paid."""
    held: dict[int, list[Movement]] = defaultdict(list)
    for award_id, kind, direction, amount in (
        LedgerEntry.objects.filter(award__isnull=False)
        .order_by("pk")
        .values_list("award_id", "kind", "direction", "amount")
        .iterator()
    ):
        held[award_id].append(Movement(Kind(kind), amount, direction))
    problems = []
    for award in Award.objects.order_by("pk").iterator():
        figures = fold(held.get(award.pk, ()))
        expected = _expected(award)
        if (figures.committed, figures.paid) != expected:
            problems.append(
                Problem(
                    "award_differs_from_ledger",
                    award.number,
                    _("State %(state)s: committed %(committed)s and paid %(paid)s by the entries.")
                    % {"state": award.state, "committed": figures.committed, "paid": figures.paid},
                )
            )
    return problems


def _expected(award: Award) -> tuple[Decimal, Decimal]:
    """(committed, paid) of an award by its state; recovered money leaves what was paid as it was."""
    amount = award.amount or ZERO
    if award.is_committed:
        return amount, ZERO
    if award.state in APPROVED_AWARD_STATES:
        return ZERO, amount
    return ZERO, ZERO
