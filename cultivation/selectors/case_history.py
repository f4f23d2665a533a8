"""Cases and certificates as they stood on a past day, counted for the forecast; nothing later is looked at."""

import datetime as dt
from collections import Counter

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from cultivation.enums import OPEN_CASE_STATES, CaseAction, CaseKind, CaseState, RevocationCause
from cultivation.forecasting.transitions import Evidence
from cultivation.models import Accreditation, CaseEvent, Division, InboundRelocation

from .stock import (
    OUTSIDE,
    firms_expiring,
    is_city,
    place_on,
    renewed_by,
    with_certificate_on,
)


def end_of(day: dt.date) -> dt.datetime:
    """The first instant after a day in the office's time zone."""
    return dt.datetime.combine(
        day + dt.timedelta(days=1), dt.time.min, tzinfo=timezone.get_default_timezone()
    )


def _open_on(day: dt.date) -> QuerySet[CaseEvent]:
    """The last event until the end of a day of every case that was open then: its state is ``to_state``."""
    later = CaseEvent.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"), at__lt=end_of(day))
    return CaseEvent.objects.filter(
        ~Exists(later), at__lt=end_of(day), to_state__in=OPEN_CASE_STATES
    ).order_by()


def pipeline_on(day: dt.date, division: Division | None = None) -> dict[tuple[str, bool], int]:
    """Open cases of firms of the division that are not in the stock, by (state, whether a first accreditation).

    An open case of a firm in the stock is a renewal: it adds nothing, and counts with the expiring firms.
    """
    rows = _open_on(day).annotate(place=place_on(day, "case__firm_id"))
    rows = (
        rows.exclude(place=OUTSIDE)
        if division is None or is_city(division)
        else rows.filter(place=division.pk)
    )
    counted = (
        rows.filter(~with_certificate_on(day, "case__firm_id"))
        .values_list("to_state", "case__kind")
        .annotate(cases=Count("pk"))
    )
    pipeline: Counter[tuple[str, bool]] = Counter()
    for state, kind, cases in counted:
        pipeline[state, kind == CaseKind.FIRST] += cases
    return dict(pipeline)


def stage_evidence(anchor: dt.date, through: dt.date, known_on: dt.date) -> dict[str, Evidence]:
    """What became of the cases open on ``anchor``, by their state then: certificate in force by ``through`` or not.

    Only what was recorded by ``known_on`` counts.
    """
    recorded = CaseEvent.objects.filter(
        case=OuterRef("case"), to_state=CaseState.ACCREDITED, at__lt=end_of(known_on)
    )
    in_time = Q(
        case__accreditation__issued_on__lte=through,
        case__accreditation__last_day__gte=through,
    )
    rows = (
        _open_on(anchor)
        .values_list("to_state")
        .annotate(cases=Count("pk"), accredited=Count("pk", filter=in_time & Q(Exists(recorded))))
    )
    return {state: Evidence(cases, accredited) for state, cases, accredited in rows}


def renewal_evidence(anchor: dt.date, through: dt.date) -> Evidence:
    """Of the firms whose certificate ran out between two days, how many had a new one at the end; one query."""
    expiring = firms_expiring(anchor, through).annotate(renewed=renewed_by(through, anchor)).order_by()
    counted = expiring.aggregate(firms=Count("pk"), renewed_firms=Count("pk", filter=Q(renewed=True)))
    return Evidence(counted["firms"], counted["renewed_firms"])


def pass_evidence(known_on: dt.date) -> Evidence:
    """Of the decisions on filed cases recorded so far and not undone again, how many were accreditations."""
    decided = Q(from_state__in=[CaseState.FILED, CaseState.DISCLOSED])
    undone = Q(action=CaseAction.REOPEN)
    accredited = Q(from_state=CaseState.ACCREDITED)
    counted = CaseEvent.objects.filter(at__lt=end_of(known_on)).aggregate(
        accredited=Count("pk", filter=decided & Q(to_state=CaseState.ACCREDITED)),
        declined=Count("pk", filter=decided & Q(to_state=CaseState.DECLINED)),
        accredited_undone=Count("pk", filter=undone & accredited),
        declined_undone=Count("pk", filter=undone & ~accredited),
    )
    successes = counted["accredited"] - counted["accredited_undone"]
    return Evidence(successes + counted["declined"] - counted["declined_undone"], successes)


def first_year_of_history(known_on: dt.date) -> tuple[int | None, int | None]:
    """Years of the first case event and of the first certificate known on a day."""
    event = CaseEvent.objects.filter(at__lt=end_of(known_on)).aggregate(first=Min("at"))["first"]
    issued = Accreditation.objects.filter(issued_on__lte=known_on).aggregate(first=Min("issued_on"))["first"]
    return (timezone.localtime(event).year if event else None, issued.year if issued else None)


def announced_arrivals(known_on: dt.date, through: dt.date, division: Division | None = None) -> int:
    """Whole relocations with a document of ``known_on`` or before, that arrive later with a lasting certificate."""
    moves = InboundRelocation.objects.filter(
        document_date__lte=known_on,
        moved_on__gt=known_on,
        moved_on__lte=through,
        is_whole=True,
        accreditation__issued_on__lte=known_on,
        accreditation__last_day__gte=through,
    ).exclude(accreditation__revocation_cause=RevocationCause.RECORDED_WRONGLY)
    if division is not None and not is_city(division):
        moves = moves.filter(firm__division=division)
    return moves.values("firm").distinct().count()
