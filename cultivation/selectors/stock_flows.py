"""What moved the stock between two days, firm by firm: opening + gains - losses = closing, for city and counties.

A renewal adds nothing (edge case 19). A firm that came and went between the two days is in neither stock and in no
change. A county that is renamed or upgraded stays one unit and moves nobody (edge case 25).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from cultivation.enums import STOCK_GAINS, AccreditationKind, StockChange
from cultivation.models import Accreditation, Firm

from .stock import OUTSIDE, current_certificate, place_on, with_certificate_on

# Which change a certificate issued between the two days stands for.
_BY_KIND = {
    AccreditationKind.FIRST.value: StockChange.NEW,
    AccreditationKind.RENEWAL.value: StockChange.BACK,
    AccreditationKind.INBOUND.value: StockChange.INBOUND,
}


@dataclass(slots=True)
class StockFlow:
    """Of the city or one county; ``renewed`` counts firms in both stocks whose certificate is a later one."""

    opening: int = 0
    closing: int = 0
    renewed: int = 0
    changes: Counter[StockChange] = field(default_factory=Counter)

    @property
    def gains(self) -> int:
        return sum(self.changes[change] for change in STOCK_GAINS)

    @property
    def losses(self) -> int:
        return self.changes.total() - self.gains

    @property
    def net(self) -> int:
        return self.closing - self.opening

    def as_json(self) -> dict[str, int]:
        return {
            "opening": self.opening,
            "closing": self.closing,
            "renewed": self.renewed,
            **{change.value: self.changes[change] for change in StockChange},
        }


@dataclass(frozen=True, slots=True)
class _Span:
    """A firm on both days: its place, whether it held a certificate, and what happened to it in between."""

    held_before: bool
    place_before: int
    held_after: bool
    place_after: int
    issued_on: dt.date | None
    kind: str | None
    was_revoked: bool


@dataclass(frozen=True, slots=True)
class StockFlows:
    """The city's flow and those of the counties by primary key; a county without firms on either day is left out."""

    opened: dt.date
    closed: dt.date
    city: StockFlow
    by_division: dict[int, StockFlow]

    def of(self, division_id: int) -> StockFlow:
        return self.by_division.get(division_id, StockFlow())


def stock_flows(opened: dt.date, closed: dt.date) -> StockFlows:
    """From the end of ``opened`` to the end of ``closed``; one query."""
    city = StockFlow()
    divisions: dict[int, StockFlow] = {}
    for span in _spans(opened, closed):
        _enter(city, span, None, opened)
        for place in {span.place_before, span.place_after} - {OUTSIDE}:
            _enter(divisions.setdefault(place, StockFlow()), span, place, opened)
    return StockFlows(opened, closed, city, divisions)


def _spans(opened: dt.date, closed: dt.date) -> Iterator[_Span]:
    held_before, held_after = with_certificate_on(opened), with_certificate_on(closed)
    revoked = Accreditation.objects.filter(
        firm=OuterRef("pk"),
        issued_on__lte=opened,
        last_day__gte=opened,
        revoked_on__gt=opened,
        revoked_on__lte=closed,
    )
    rows = (
        Firm.objects.annotate(held_before=held_before, held_after=held_after)
        .filter(Q(held_before=True) | Q(held_after=True))
        .annotate(
            place_before=place_on(opened),
            place_after=place_on(closed),
            issued_on=current_certificate(closed, "issued_on"),
            kind=current_certificate(closed, "kind"),
            was_revoked=Exists(revoked),
        )
        .order_by("pk")
    )
    columns = (
        "held_before",
        "place_before",
        "held_after",
        "place_after",
        "issued_on",
        "kind",
        "was_revoked",
    )
    return (_Span(*row) for row in rows.values_list(*columns).iterator())


def _enter(flow: StockFlow, span: _Span, place: int | None, opened: dt.date) -> None:
    """Count a firm in the flow of the city (``place`` is ``None``) or of a county."""
    was = span.held_before and _inside(span.place_before, place)
    stays = span.held_after and _inside(span.place_after, place)
    flow.opening += was
    flow.closing += stays
    if was and stays:
        flow.renewed += span.issued_on is not None and span.issued_on > opened
    elif stays:
        flow.changes[_gain(span)] += 1
    elif was:
        flow.changes[_loss(span)] += 1


def _inside(where: int, place: int | None) -> bool:
    return where != OUTSIDE if place is None else where == place


def _gain(span: _Span) -> StockChange:
    if span.held_before:
        return StockChange.INBOUND if span.place_before == OUTSIDE else StockChange.FROM_COUNTY
    return _BY_KIND[span.kind or ""]


def _loss(span: _Span) -> StockChange:
    if span.held_after:
        return StockChange.OUTBOUND if span.place_after == OUTSIDE else StockChange.TO_COUNTY
    return StockChange.REVOKED if span.was_revoked else StockChange.EXPIRED
