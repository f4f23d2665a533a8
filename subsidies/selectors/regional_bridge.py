"""From what the region granted to what the city pays (1:1), document by document, each difference explained."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from config.common.money import ZERO
from subsidies.enums import AwardState, Reconciliation
from subsidies.models import Award, Calculation, RegionalAward, RegionalAwardDocument, SchemeVersion
from subsidies.models.awards import APPROVED_AWARD_STATES, WAITING_AWARD_STATES
from subsidies.rules.reporting import explain_difference

from .claims import exclusions_in_force
from .regional_documents import documents, standing_rows
from .report_sides import awards_on, end_of

_STANDING = (Reconciliation.MATCHED, Reconciliation.AMOUNT_CHANGED)
_PAID = (AwardState.PAID, AwardState.RECOVERING, AwardState.RECOVERED)


@dataclass
class Bridge:
    """A document: the region's total less every difference is what the city calculated; yuan.

    ``reasons`` are outcomes of the reconciliation, ``corrected`` (a later document stands), ``not_proposed``,
    ``waiting``, ``exclusion``, ``award_revoked``, ``further_scheme``, and those of ``explain_difference``.
    """

    document: RegionalAwardDocument
    total: Decimal = ZERO
    matched: Decimal = ZERO
    calculated: Decimal = ZERO
    approved: Decimal = ZERO
    paid: Decimal = ZERO
    reasons: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    @property
    def unexplained(self) -> Decimal:
        """Zero, unless something is wrong."""
        return self.total - self.calculated - sum(self.reasons.values(), ZERO)


@dataclass(frozen=True, slots=True)
class _Side:
    """What the city has at the end of the day: awards by certificate, their calculations, who is excluded."""

    awards: Mapping[int, list[Award]]
    calculations: Mapping[int, Calculation]
    excluded: frozenset[int]


def bridges(on: dt.date, year: int | None = None) -> list[Bridge]:
    """The documents imported until a day, those dated in ``year`` where it is given; six queries.

    The findings of the rows are those that stand now: a finding has no day of its own.
    """
    found = documents().filter(imported_at__lt=end_of(on)).order_by("policy__issued_on", "pk")
    if year:
        found = found.filter(policy__issued_on__year=year)
    by_key = {document.pk: Bridge(document) for document in found}
    rows = _rows(found, on)
    side = _city_side(rows, on)
    for row in rows.iterator(chunk_size=1000):
        _cross(by_key[row.document_id], row, side)
    return list(by_key.values())


def _rows(found: QuerySet[RegionalAwardDocument], on: dt.date) -> QuerySet[RegionalAward]:
    later = RegionalAward.objects.filter(corrects=OuterRef("pk"), document__imported_at__lt=end_of(on))
    keys = found.order_by().values("pk")
    return standing_rows().filter(document__in=keys).annotate(is_corrected=Exists(later)).order_by("pk")


def _city_side(rows: QuerySet[RegionalAward], on: dt.date) -> _Side:
    certificates = rows.filter(accreditation__isnull=False).order_by().values("accreditation")
    by_certificate: dict[int, list[Award]] = defaultdict(list)
    awards = list(awards_on(on).filter(accreditation__in=certificates).order_by("pk"))
    for award in awards:
        if _state(award):
            by_certificate[award.accreditation_id].append(award)
    calculations = Calculation.objects.filter(
        award__accreditation__in=certificates, calculated_at__lt=end_of(on)
    ).order_by("pk")
    return _Side(
        by_certificate,
        {calculation.award_id: calculation for calculation in calculations},
        _excluded(awards, on),
    )


def _excluded(awards: Iterable[Award], on: dt.date) -> frozenset[int]:
    """The waiting awards whose scheme names a kind of exclusion that is in force for the firm."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for scheme_id, named in SchemeVersion.objects.order_by().values_list("scheme_id", "exclusions"):
        kinds[scheme_id] |= set(named)
    waiting = [award for award in awards if _state(award) in WAITING_AWARD_STATES]
    held: dict[int, set[str]] = defaultdict(set)
    for exclusion in exclusions_in_force({award.firm_id for award in waiting}, on):
        held[exclusion.firm_id].add(exclusion.kind)
    return frozenset(award.pk for award in waiting if held[award.firm_id] & kinds[award.scheme_id])


def _cross(bridge: Bridge, row: RegionalAward, side: _Side) -> None:
    """Add one row: its amount on the region's side, its award on the city's, what lies between to the reasons."""
    bridge.total += row.amount
    if row.outcome not in _STANDING:
        bridge.reasons[row.outcome] += row.amount
        return
    if vars(row)["is_corrected"]:
        bridge.reasons["corrected"] += row.amount
        return
    bridge.matched += row.amount
    awards = side.awards.get(row.accreditation_id or 0, [])
    if not awards:
        bridge.reasons["not_proposed"] += row.amount
        return
    _add(bridge, row.amount, awards[0], side)
    for award in awards[1:]:
        amount = _amount(award, side)
        if amount:
            _count(bridge, award, amount)
            bridge.reasons["further_scheme"] -= amount


def _add(bridge: Bridge, granted: Decimal, award: Award, side: _Side) -> None:
    amount = _amount(award, side)
    if _state(award) == AwardState.REVOKED:
        bridge.reasons["award_revoked"] += granted
    elif award.pk in side.excluded:
        bridge.reasons["exclusion"] += granted
    elif not amount:
        bridge.reasons["waiting"] += granted
    else:
        _count(bridge, award, amount)
        for reason, part in explain_difference(granted, amount, side.calculations[award.pk].inputs).items():
            bridge.reasons[reason] += part


def _count(bridge: Bridge, award: Award, amount: Decimal) -> None:
    state = _state(award)
    bridge.calculated += amount
    if state in APPROVED_AWARD_STATES:
        bridge.approved += amount
    if state in _PAID:
        bridge.paid += amount


def _state(award: Award) -> str:
    """The state at the end of the day, of a frozen award the one it was frozen from; empty before it was proposed."""
    name = "frozen_from_on" if vars(award)["state_on"] == AwardState.FROZEN else "state_on"
    return vars(award)[name] or ""


def _amount(award: Award, side: _Side) -> Decimal:
    """What was calculated until then; nothing while the award waits, or after it was revoked."""
    calculation = side.calculations.get(award.pk)
    stands = _state(award) not in (*WAITING_AWARD_STATES, AwardState.REVOKED)
    return calculation.amount if calculation is not None and stands else ZERO
