"""One award with everything behind it, for its page; the number of queries does not grow with its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from config.common.clock import today
from config.common.money import ZERO
from cultivation.api import User, disclosure_is_over, work_calendar
from documents.api import NoticeDelivery
from subsidies.enums import AwardState, EntryKind
from subsidies.models import (
    AmountOverride,
    Award,
    AwardEvent,
    Calculation,
    Exclusion,
    LedgerEntry,
    Objection,
    OtherReceipt,
    PaymentLine,
    RegionalAward,
)
from subsidies.rules.balances import Figures, Kind, Movement, fold

from .awards import visible_awards
from .claims import exclusions_in_force, standing_receipts
from .disclosures import working_days_left
from .recovery import Recovery, recovery_of
from .regional_awards import latest_correction, matched_row

_RECOVERY_STATES = (AwardState.PAID, AwardState.RECOVERING, AwardState.RECOVERED)


@dataclass(frozen=True, slots=True)
class DisclosureStanding:
    """How long a disclosure still runs: ``days_left`` in working days with today; ``None``: a year without calendar."""

    days_left: int | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class AwardPage:
    """What the page of an award shows; lists are oldest first.

    ``regional`` is the region's row in force, whether calculated from or not; ``correction`` a later one that changes
    the row the award was calculated from. ``held`` are the award's own figures on its funding line, from its entries.
    """

    award: Award
    regional: RegionalAward | None
    correction: RegionalAward | None
    calculations: Sequence[Calculation]
    overrides: Sequence[AmountOverride]
    disclosure: DisclosureStanding | None
    objections: Sequence[Objection]
    deliveries: Sequence[NoticeDelivery]
    lines: Sequence[PaymentLine]
    entries: Sequence[LedgerEntry]
    held: Figures
    recovery: Recovery
    receipts: Sequence[OtherReceipt]
    exclusions: Sequence[Exclusion]
    events: Sequence[AwardEvent]

    @property
    def last_event(self) -> int:
        return self.events[-1].number if self.events else 0

    @property
    def open_objections(self) -> int:
        return sum(not objection.outcome for objection in self.objections)

    @property
    def repayments(self) -> list[LedgerEntry]:
        return [entry for entry in self.entries if entry.kind == EntryKind.RECOVERED]

    @property
    def has_recovery(self) -> bool:
        return self.recovery.due > 0 or bool(self.repayments)


def award_page_of(user: User | AnonymousUser, pk: int) -> AwardPage:
    """The award with all its history, if the person may see it. Raises ``Award.DoesNotExist``."""
    award = (
        visible_awards(user)
        .select_related(
            "firm",
            "accreditation",
            "scheme",
            "version__basis",
            "calculation",
            "regional_award__document__policy",
            "disclosure",
            "funding_line",
            "notice",
            "state_by",
            "calculated_by",
            "reviewed_by",
            "approved_by",
        )
        .get(pk=pk)
    )
    entries = list(award.entries.select_related("line", "actor").order_by("pk"))
    row = award.regional_award or matched_row(award)
    correction = latest_correction(row) if row is not None else None
    deliveries = NoticeDelivery.objects.filter(notice=award.notice_id).select_related("recorded_by")
    return AwardPage(
        award=award,
        regional=correction or row,
        correction=correction if award.regional_award_id is not None else None,
        calculations=list(
            award.calculations.select_related("calculated_by", "version", "override").order_by("pk")
        ),
        overrides=list(award.overrides.select_related("proposed_by", "decided_by").order_by("pk")),
        disclosure=_standing(award),
        objections=list(
            award.objections.select_related("recorded_by", "answered_by").order_by("raised_on", "pk")
        ),
        deliveries=list(deliveries.order_by("delivered_on", "pk")),
        lines=list(award.payment_lines.select_related("payment_list").order_by("pk")),
        entries=entries,
        held=fold(Movement(Kind(entry.kind), entry.amount, entry.direction) for entry in entries),
        recovery=recovery_of(award) if award.state in _RECOVERY_STATES else Recovery(ZERO, ZERO, ""),
        receipts=standing_receipts(award),
        exclusions=list(exclusions_in_force([award.firm_id], today())),
        events=list(award.events.select_related("actor").order_by("number")),
    )


def calculation_of(user: User | AnonymousUser, pk: int, calculation: int) -> Calculation:
    """A calculation of an award the person may see, in force or earlier. Raises ``Calculation.DoesNotExist``."""
    return (
        Calculation.objects.filter(award__in=visible_awards(user).filter(pk=pk))
        .select_related(
            "award__firm", "award__accreditation", "award__scheme", "version__basis", "calculated_by"
        )
        .get(pk=calculation)
    )


def _standing(award: Award) -> DisclosureStanding | None:
    if award.disclosure is None:
        return None
    on = today()
    return DisclosureStanding(
        days_left=working_days_left(on, award.disclosure.last_day, work_calendar()),
        is_over=disclosure_is_over(award.disclosure, on),
    )
