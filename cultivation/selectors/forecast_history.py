"""The record of the database as the tables the forecast reads: a handful of queries, however long the history."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import CaseKind, CaseState
from cultivation.forecasting.history import NEVER, NOWHERE, History
from cultivation.forecasting.priors import Prior, Priors, PriorsMissing
from cultivation.models import (
    Accreditation,
    Assessment,
    CaseEvent,
    Firm,
    FirmDivision,
    ForecastPrior,
    InboundRelocation,
)

# Where a firm was before the first row of its places.
_BEFORE_ALL = 1


def _ordinal(at: dt.datetime) -> int:
    """The office's day of an instant."""
    return timezone.localtime(at, timezone.get_default_timezone()).date().toordinal()


def load_history() -> History:
    """Everything on record; ``History.known_on`` cuts it to what a day knew."""
    accredited: dict[int, int] = {}
    events = []
    steps = CaseEvent.objects.exclude(from_state=F("to_state")).order_by("case", "number")
    for case, firm, kind, number, at, state in steps.values_list(
        "case", "case__firm", "case__kind", "number", "at", "to_state"
    ).iterator():
        day = _ordinal(at)
        events.append((case, firm, kind == CaseKind.FIRST, number, day, state))
        if state == CaseState.ACCREDITED:
            accredited[case] = day
    findings = [
        (case, _ordinal(at), verdict)
        for case, at, verdict in Assessment.objects.order_by("assessed_at", "pk")
        .values_list("case", "assessed_at", "verdict")
        .iterator()
    ]
    return History.of(events, list(_certificates(accredited)), list(_places()), findings, list(_arrivals()))


def _certificates(accredited: dict[int, int]) -> Iterator[tuple[int, int, int, int, int]]:
    """A certificate of a case is known when its case was closed; any other from its document on, or its issue."""
    rows = Accreditation.objects.order_by("pk").values_list(
        "firm", "case", "document_date", "issued_on", "last_day", "revoked_on"
    )
    for firm, case, document, issued, last, revoked in rows.iterator():
        known = accredited.get(case, issued.toordinal()) if case else min(document, issued).toordinal()
        gone = revoked.toordinal() if revoked else NEVER
        yield firm, max(known, issued.toordinal()), issued.toordinal(), last.toordinal(), gone


def _places() -> Iterator[tuple[int, int, int]]:
    """Divisions of firms from days on; before the first: outside for those that moved in, else as first recorded."""
    moved_in = set(InboundRelocation.objects.values_list("firm", flat=True))
    first_record: dict[int, int | None] = {}
    for firm, division in (
        Firm.history.order_by("history_date", "history_id").values_list("id", "division").iterator()
    ):
        first_record.setdefault(firm, division)
    for firm, division in Firm.objects.order_by("pk").values_list("pk", "division").iterator():
        before = None if firm in moved_in else first_record.get(firm, division)
        yield firm, _BEFORE_ALL, before or NOWHERE
    rows = FirmDivision.objects.order_by("valid_from", "pk").values_list("firm", "valid_from", "division")
    for firm, since, division in rows.iterator():
        yield firm, since.toordinal(), division or NOWHERE


def _arrivals() -> Iterator[tuple[int, int, int, int, int]]:
    moves = InboundRelocation.objects.filter(
        is_whole=True, accreditation__in=Accreditation.objects.rightly_recorded()
    )
    rows = moves.values_list("firm", "document_date", "moved_on", "accreditation__last_day", "firm__division")
    for firm, announced, moved, last, division in rows.order_by("moved_on", "pk").iterator():
        yield firm, announced.toordinal(), moved.toordinal(), last.toordinal(), division or NOWHERE


def priors_on(day: dt.date) -> Priors:
    """The priors in force on a day; ``Refused("prior_missing")`` names those that have none."""
    rows = ForecastPrior.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day
    ).order_by("valid_from")
    found = {
        row.key: Prior(row.key, row.value, row.weight, row.lead_days, row.valid_from, row.source)
        for row in rows
    }
    try:
        return Priors(found)
    except PriorsMissing as error:
        raise Refused(
            "prior_missing",
            _("No prior of the forecast is in force on %(date)s for: %(keys)s.")
            % {"date": day.isoformat(), "keys": str(error)},
        ) from error
