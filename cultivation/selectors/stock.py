"""The stock: firms of Baise with a valid certificate on a day, each once.

国科发火〔2016〕32号 第九条 (three years from issue), 第十八条 (whole relocations keep the certificate), 第十九条
(revocation). A certificate counts from ``issued_on`` through ``last_day`` and not from ``revoked_on`` on.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from cultivation.models import Accreditation, Division, Firm, FirmDivision, InboundRelocation

# Stands for "outside Baise" where a division's key is expected; no row has it.
OUTSIDE = 0


@dataclass(frozen=True, slots=True)
class Stock:
    """Number of firms on a day, in all and by the primary key of the division they belonged to that day."""

    day: dt.date
    total: int
    by_division: dict[int, int]


def certificates_on(day: dt.date) -> QuerySet[Accreditation]:
    """Certificates valid on a day."""
    return Accreditation.objects.filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=day), issued_on__lte=day, last_day__gte=day
    )


def place_on(day: dt.date, firm: str = "pk") -> Coalesce:
    """Key of the division a firm belonged to on a day, ``OUTSIDE`` where it was outside Baise.

    ``firm`` is the path to the firm's key. The latest place at or before the day decides. Before the first one: outside
    where the firm moved in later, else the division it was first recorded with.
    """
    path = "" if firm == "pk" else firm.removesuffix("_id") + "__"
    places = FirmDivision.objects.filter(firm=OuterRef(firm), valid_from__lte=day).order_by("-valid_from")
    division = Coalesce("division_id", Value(OUTSIDE))
    first_record = Firm.history.filter(id=OuterRef(firm)).order_by("history_date", "history_id")
    moves_in_later = Exists(InboundRelocation.objects.filter(firm=OuterRef(firm), moved_on__gt=day))
    return Coalesce(
        Subquery(places.annotate(place=division).values("place")[:1]),
        Case(When(moves_in_later, then=Value(OUTSIDE))),
        Subquery(first_record.annotate(place=division).values("place")[:1]),
        F(f"{path}division_id"),
        Value(OUTSIDE),
    )


def is_city(division: Division | None) -> bool:
    """Whether a division stands for the whole city: none named, or the one above the counties."""
    return division is None or division.parent_id is None


def in_division(firms: QuerySet[Firm], day: dt.date, division: Division | None) -> QuerySet[Firm]:
    """Those of ``firms`` that belonged to the division on the day; the city holds all that were in Baise."""
    placed = firms.annotate(place=place_on(day))
    wanted = ~Q(place=OUTSIDE) if division is None or is_city(division) else Q(place=division.pk)
    return placed.filter(wanted)


def with_certificate_on(day: dt.date, firm: str = "pk") -> Exists:
    """Whether a firm holds a valid certificate on a day, wherever it is."""
    return Exists(certificates_on(day).filter(firm=OuterRef(firm)))


def firms_in_stock(day: dt.date, division: Division | None = None) -> QuerySet[Firm]:
    """Firms that count on a day, each once however many certificates it holds (edge case 19)."""
    return in_division(Firm.objects.filter(with_certificate_on(day)), day, division)


def stock_on(day: dt.date, division: Division | None = None) -> Stock:
    """The stock on a day, in all and by division; one query."""
    placed: QuerySet[Any] = firms_in_stock(day, division).order_by()
    rows = placed.values_list("place").annotate(firms=Count("pk"))
    by_division = {int(place): int(firms) for place, firms in rows}
    return Stock(day, sum(by_division.values()), by_division)


def current_certificate(day: dt.date, column: str, firm: str = "pk") -> Subquery:
    """A column of the certificate by which a firm counts on a day: the one issued last of those valid then."""
    valid = certificates_on(day).filter(firm=OuterRef(firm)).order_by("-issued_on", "-pk")
    return Subquery(valid.values(column)[:1])


@dataclass(frozen=True, slots=True)
class CountedFirm:
    """A firm in the stock: its division that day, its industry field as recorded now, the certificate it counts by."""

    firm_id: int
    division_id: int
    field_id: int | None
    kind: str
    accreditation_id: int


def counted_firms(day: dt.date, division: Division | None = None) -> list[CountedFirm]:
    """Every firm in the stock with what it counts under, in the order of keys; one query."""
    rows = firms_in_stock(day, division).annotate(
        certificate=current_certificate(day, "pk"), certificate_kind=current_certificate(day, "kind")
    )
    columns = ("pk", "place", "industry_field", "certificate_kind", "certificate")
    return [CountedFirm(*row) for row in rows.order_by("pk").values_list(*columns)]


def year_end(year: int) -> dt.date:
    return dt.date(year, 12, 31)


def stock_at_year_ends(first: int, last: int, division: Division | None = None) -> dict[int, int]:
    """Stock on 31 December of each year (edge case 20: the plan's targets are year-end numbers)."""
    return {year: stock_on(year_end(year), division).total for year in range(first, last + 1)}


def firms_expiring(after: dt.date, through: dt.date, division: Division | None = None) -> QuerySet[Firm]:
    """Firms in stock on ``after`` that drop out by the end of ``through`` unless they get a new certificate.

    Only certificates that run on ``after`` are looked at, so that later ones change nothing.
    """
    lasting = Accreditation.objects.filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=after),
        firm=OuterRef("pk"),
        issued_on__lte=after,
        last_day__gte=through,
    )
    return firms_in_stock(after, division).filter(~Exists(lasting))


def renewed_by(through: dt.date, after: dt.date) -> Case:
    """For counting among expiring firms: whether a certificate issued later than ``after`` carries on ``through``."""
    later = certificates_on(through).filter(firm=OuterRef("pk"), issued_on__gt=after)
    return Case(When(Exists(later), then=Value(True)), default=Value(False), output_field=BooleanField())
