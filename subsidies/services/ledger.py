"""The only way money moves on a funding line: one checked, idempotent entry at a time."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Value
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from config.common.money import MoneyField
from cultivation.api import User
from subsidies.enums import EntryKind
from subsidies.models import Award, FundingLine, LedgerEntry
from subsidies.rules.balances import TWO_WAY_KINDS, Figures, Kind, Movement, effect_of


def lock_line(line: FundingLine) -> FundingLine:
    """The funding line as it is now, locked until the transaction ends; take it late, after every other lock."""
    return FundingLine.objects.select_for_update().get(pk=line.pk)


def lock_lines(lines: Iterable[FundingLine]) -> list[FundingLine]:
    """Several funding lines in the order of their keys."""
    keys = {line.pk for line in lines}
    return list(FundingLine.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def post_entry(
    *,
    line: FundingLine,
    kind: EntryKind,
    amount: Decimal,
    actor: User,
    key: str,
    award: Award | None = None,
    direction: int = 1,
    document_number: str = "",
    reverses: LedgerEntry | None = None,
    note: str = "",
    on: dt.date | None = None,
    returns_to_line: bool = False,
) -> LedgerEntry:
    """Book ``amount`` (positive yuan) on ``line`` and carry the guard figures along; ``line`` is refreshed.

    The same ``key`` with the same content gives the entry that stands already and has no further effect.
    Raises :class:`Refused`: ``overdrawn`` (naming what is available and what is needed), ``figures_negative``,
    ``key_reused``, ``amount_not_positive``, ``direction_not_open``.
    """
    if amount <= 0:
        raise Refused("amount_not_positive", _("A ledger entry has an amount above zero."))
    entry = LedgerEntry(
        line=line,
        kind=kind,
        amount=amount,
        direction=direction,
        award=award,
        reverses=reverses,
        returns_to_line=returns_to_line,
        idempotency_key=key,
        document_number=document_number,
        note=note,
        on=on or today(),
        actor=actor,
    )
    _require_direction(entry)
    with transaction.atomic():
        locked = lock_line(line)
        standing = LedgerEntry.objects.filter(idempotency_key=key).first()
        if standing is not None:
            _require_same(standing, entry)
            line.refresh_from_db()
            return standing
        effect = effect_of(movement_of(entry))
        _require_bearable(locked, effect)
        _change_figures(locked, effect)
        entry.save(force_insert=True)
    line.refresh_from_db()
    return entry


def movement_of(entry: LedgerEntry) -> Movement:
    """The entry as the pure rules see it."""
    return Movement(Kind(entry.kind), entry.amount, entry.direction, entry.returns_to_line)


def figures_of(line: FundingLine) -> Figures:
    """The guard figures as they stand on the row."""
    return Figures(line.appropriated, line.committed, line.paid)


def _require_direction(entry: LedgerEntry) -> None:
    """A kind that only adds may take away just once: to reverse an entry of its own."""
    if entry.direction == 1 or (entry.direction == -1 and Kind(entry.kind) in TWO_WAY_KINDS):
        return
    origin = entry.reverses
    if entry.direction == -1 and origin is not None:
        same = (origin.line_id, origin.kind, origin.amount, origin.award_id, origin.direction)
        if same == (entry.line_id, entry.kind, entry.amount, entry.award_id, 1):
            return
    raise Refused(
        "direction_not_open", _("An entry of this kind takes away only to reverse an equal entry before it.")
    )


def _require_same(standing: LedgerEntry, entry: LedgerEntry) -> None:
    content = (
        "line_id",
        "kind",
        "amount",
        "direction",
        "award_id",
        "reverses_id",
        "returns_to_line",
        "document_number",
    )
    if any(getattr(standing, name) != getattr(entry, name) for name in content):
        raise Refused(
            "key_reused",
            _("Another entry was booked under the key %(key)s.") % {"key": entry.idempotency_key},
            key=entry.idempotency_key,
        )


def _require_bearable(line: FundingLine, effect: Figures) -> None:
    before = figures_of(line)
    after = before + effect
    if after.is_overdrawn:
        needed = before.available - after.available
        raise Refused(
            "overdrawn",
            _("The funding line %(line)s has %(available)s yuan available; %(needed)s yuan are needed.")
            % {"line": line, "available": f"{before.available:.2f}", "needed": f"{needed:.2f}"},
            available=f"{before.available:.2f}",
            needed=f"{needed:.2f}",
        )
    if after.is_negative:
        raise Refused("figures_negative", _("This entry would make a figure of the funding line negative."))


def _change_figures(line: FundingLine, effect: Figures) -> None:
    """Add in the database, never from a figure read before: even without the lock no change would be lost."""
    FundingLine.objects.filter(pk=line.pk).update(
        **{
            name: F(name) + Value(getattr(effect, name), output_field=MoneyField())
            for name in ("appropriated", "committed", "paid")
            if getattr(effect, name)
        }
    )
