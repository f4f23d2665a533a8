"""The ledger of intellectual property used in filings, and what stands in it against an item."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from cultivation.enums import CaseState, DeterminationOutcome, ParameterKey
from cultivation.models import Accreditation, CaseFacts, CultivationCase, Determination, IpUse
from cultivation.rules.facts import IntellectualProperty, parse_facts
from cultivation.rules.intellectual_property import class_of, exclusion
from cultivation.rules.property_numbers import registration_number
from cultivation.rules.property_use import Outcome, Standing, Use, note_on, standing

from .determinations import is_lifted
from .parameters import parameter

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A row of the ledger with what became of its filing; ``use`` is how the rules see it."""

    row: IpUse
    use: Use


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """A declared item with the entries of its number and what they mean for the next filing."""

    number: str
    entries: Sequence[LedgerEntry]
    standing: Standing

    @property
    def spent_by(self) -> LedgerEntry | None:
        index = self.standing.spent_by
        return None if index is None else self.entries[index]

    @property
    def held_by(self) -> LedgerEntry | None:
        index = self.standing.held_by
        return None if index is None else self.entries[index]

    @property
    def against(self) -> LedgerEntry | None:
        """The entry that keeps the item out, another firm's before the firm's own."""
        return self.held_by or self.spent_by


def item_standings(
    firm_id: int, items: Sequence[Item], on: dt.date, case: CultivationCase | None = None
) -> list[ItemStanding]:
    """Each item's standing for a filing of the firm on ``on``, in the order of ``items``.

    With ``case`` its own present filing is left out, and what came after it. At most three queries, none where
    no item has a number.
    """
    numbers = [registration_number(item.get("number") or "") for item in items]
    entries = ledger_entries(firm_id, {number for number in numbers if number}, case)
    counts = bool(parameter(ParameterKey.CLASS_TWO_DECLINED_COUNTS, on)) if entries else True
    return [
        ItemStanding(
            number=number,
            entries=(found := entries.get(number, [])),
            standing=standing(
                [entry.use for entry in found],
                ip_class=item.get("class"),
                on=on,
                unsuccessful_counts=counts,
            ),
        )
        for number, item in zip(numbers, items, strict=True)
    ]


def ledger_entries(
    firm_id: int, numbers: Iterable[str], case: CultivationCase | None = None
) -> dict[str, list[LedgerEntry]]:
    """The entries of these numbers, oldest first, as the firm's filings see them (two queries)."""
    wanted = set(numbers)
    if not wanted:
        return {}
    declined = Determination.objects.filter(
        ~is_lifted(), case_id=OuterRef("case_id"), outcome=DeterminationOutcome.DECLINED
    )
    rows = (
        IpUse.objects.filter(_not_of_present_filing(case), number__in=wanted)
        .select_related("firm", "case__accreditation")
        .prefetch_related("firm__accreditations")
        .annotate(has_declined=Exists(declined))
        .order_by("number", "filed_on", "pk")
    )
    found: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in rows:
        found[row.number].append(LedgerEntry(row=row, use=_use(row, firm_id, row.has_declined)))
    return found


def _not_of_present_filing(case: CultivationCase | None) -> Q:
    """Once a case is filed, the facts of its filing are what was on record before it."""
    if case is None or case.filed_on is None or case.state not in _FILED:
        return Q()
    return Q(filed_on__lte=case.filed_on) & ~Q(case=case, filed_on=case.filed_on)


_UNDER_WAY = (CaseState.FILED, CaseState.DISCLOSED)
_ENDED = (CaseState.WITHDRAWN, CaseState.REMOVED)
_FILED = (*_UNDER_WAY, CaseState.ACCREDITED, CaseState.DECLINED, *_ENDED)


def _use(row: IpUse, firm_id: int, has_declined: bool) -> Use:
    outcome, certificate = _outcome(row, has_declined)
    return Use(
        filed_on=row.filed_on,
        own=row.firm_id == firm_id,
        outcome=outcome,
        holds_until=None if certificate is None else _last_day(certificate),
    )


def _outcome(row: IpUse, has_declined: bool) -> tuple[Outcome, Accreditation | None]:
    case = row.case
    if case is None:
        later = [
            found
            for found in row.firm.accreditations.all()
            if found.issued_on >= row.filed_on and not found.is_recorded_wrongly
        ]
        return Outcome.EARLIER, min(later, key=lambda found: found.issued_on, default=None)
    if row.filed_on == case.filed_on:
        if case.state in _UNDER_WAY:
            return Outcome.UNDER_WAY, None
        if case.state == CaseState.ACCREDITED:
            return Outcome.ACCREDITED, case.accreditation
        if case.state in _ENDED and not has_declined:
            return Outcome.WITHDRAWN, None
    # A case that is open again, or was filed again, had been declined.
    return Outcome.DECLINED, None


def _last_day(certificate: Accreditation) -> dt.date:
    if certificate.revoked_on is None:
        return certificate.last_day
    return min(certificate.last_day, certificate.revoked_on - dt.timedelta(days=1))


def with_ledger(case: CultivationCase, items: Sequence[Item], on: dt.date) -> list[dict[str, Any]]:
    """The declared items as the ledger knows them better; what is declared as used stays so."""
    standings = item_standings(case.firm_id, items, on, case)
    return [marked(item, found) for item, found in zip(items, standings, strict=True)]


def marked(item: Item, found: ItemStanding) -> dict[str, Any]:
    """An item with what stands against it in the ledger."""
    changes: dict[str, Any] = {}
    if found.standing.spent_by is not None:
        changes["used_before"] = True
    if found.standing.held_by is not None:
        changes["co_owned_used_by_other"] = True
    if found.against is not None:
        changes["ledger"] = note_on(found.against.use)
    return {**item, **changes}


def as_declared(case: CultivationCase, items: Sequence[Item], on: dt.date) -> list[dict[str, Any]]:
    """Items that came marked by the ledger, with what the case declared of them in place of the marks.

    So that what the ledger says today is never kept as the firm's own word (one query more).
    """
    row = CaseFacts.objects.filter(case_id=case.pk).values_list("declared", flat=True).first() or {}
    declared = {registration_number(item.get("number") or ""): item for item in row.get("ip") or []}
    found = zip(items, item_standings(case.firm_id, items, on, case), strict=True)
    return [_unmarked(item, seen.standing, declared.get(seen.number, {})) for item, seen in found]


def _unmarked(item: Item, seen: Standing, declared: Item) -> dict[str, Any]:
    kept = {key: value for key, value in item.items() if key != "ledger"}
    if seen.spent_by is not None and kept.get("used_before"):
        kept["used_before"] = declared.get("used_before", False)
    if seen.held_by is not None and kept.get("co_owned_used_by_other"):
        kept["co_owned_used_by_other"] = declared.get("co_owned_used_by_other", False)
    return kept


def counted_items(items: Sequence[Item]) -> list[tuple[str, IntellectualProperty]]:
    """The items with a number that a filing makes use of, by that number, each once."""
    parsed = parse_facts({"ip": items}).ip or ()
    found: dict[str, IntellectualProperty] = {}
    for item in parsed:
        number = registration_number(item.number or "")
        if number and not exclusion(item):
            found.setdefault(number, item)
    return list(found.items())


def class_used(item: IntellectualProperty) -> int | None:
    """The class an item is used under, from its kind where it is not stated."""
    return item.ip_class or class_of(item.kind or "")


def taken_meanwhile(case: CultivationCase, judged: Sequence[Item], on: dt.date) -> list[ItemStanding]:
    """Items that the assessment still counted and another firm has used since (three queries at most)."""
    counted = {number for number, _item in counted_items(judged)}
    return [
        found
        for found in item_standings(case.firm_id, judged, on, case)
        if found.number in counted and found.against is not None and not found.against.use.own
    ]
