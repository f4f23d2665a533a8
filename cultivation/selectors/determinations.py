"""The region's decisions: as others pull them, which were lifted, and what rests on one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from cultivation.enums import POOL_CASE_STATES, CaseState, CorrectionState, DeterminationOutcome
from cultivation.models import (
    Accreditation,
    CaseEvent,
    CultivationCase,
    Determination,
    DeterminationCorrection,
)
from cultivation.models.cases import UNDER_DECISION_CASE_STATES


def final_determinations() -> QuerySet[Accreditation]:
    """Certificates that rest on a recorded decision of the region; opening data is never matched again (edge 49).

    Revoked ones are among them: what becomes of their awards is for the puller to say (edge case 23).
    """
    return (
        Accreditation.objects.filter(is_opening=False, determination__outcome=DeterminationOutcome.ACCREDITED)
        .select_related("firm", "determination")
        .order_by("pk")
    )


def is_lifted() -> Exists:
    """For filtering determinations: two people have said that it was recorded wrongly."""
    return Exists(
        DeterminationCorrection.objects.filter(determination=OuterRef("pk"), state=CorrectionState.CONFIRMED)
    )


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on a determination: its certificate, and the case it closed with the state it was decided in."""

    certificate: Accreditation | None
    case: CultivationCase | None
    back_to: CaseState | None


def resting_on(determination: Determination) -> Resting:
    """The case is none where the decision closed none, or where the case has been filed anew or closed since."""
    certificate = Accreditation.objects.filter(determination=determination).first()
    if certificate is not None:
        case = CultivationCase.objects.filter(accreditation=certificate).first()
    else:
        case = _declined_case(determination)
    return Resting(certificate, case, None if case is None else _decided_in(case, determination.outcome))


def _declined_case(determination: Determination) -> CultivationCase | None:
    """The declined case, in the pool again or not, if this was the last decision about it."""
    if Determination.objects.filter(case=determination.case, pk__gt=determination.pk).exists():
        return None
    return CultivationCase.objects.filter(
        determinations=determination, state__in=(CaseState.DECLINED, *POOL_CASE_STATES)
    ).first()


def _decided_in(case: CultivationCase, outcome: str) -> CaseState:
    """The state the last such decision about the case came from; outcomes are named as the states they lead to."""
    decisions = CaseEvent.objects.filter(
        case=case, from_state__in=UNDER_DECISION_CASE_STATES, to_state=outcome
    )
    return CaseState(decisions.latest("number").from_state)


@dataclass(frozen=True, slots=True)
class DeterminationLine:
    """A decision as it stands by now."""

    determination: Determination
    waits: bool
    is_lifted: bool

    @property
    def replaced_by(self) -> Determination | None:
        return getattr(self.determination, "corrected_by", None)


def determinations_about(case: CultivationCase) -> list[DeterminationLine]:
    """The decisions about a case, oldest first, those that were lifted among them (two queries once it is filed)."""
    if case.filed_on is None:
        return []
    found = Determination.objects.filter(
        Q(case=case) | Q(accreditation__case=case) | Q(corrections__case=case)
    )
    return lines_of(found.distinct().select_related("corrected_by").order_by("pk"))


def lines_of(determinations: Iterable[Determination]) -> list[DeterminationLine]:
    """Each with what became of it (one query more)."""
    found = list(determinations)
    standing = DeterminationCorrection.objects.filter(determination__in=found).exclude(
        state=CorrectionState.REJECTED
    )
    states = dict(standing.values_list("determination_id", "state"))
    return [
        DeterminationLine(
            determination=row,
            waits=states.get(row.pk) == CorrectionState.PROPOSED,
            is_lifted=states.get(row.pk) == CorrectionState.CONFIRMED,
        )
        for row in found
    ]


class Decided:
    """What is decided about some firms already, so that a document decides about each once (two queries).

    A lifted determination gives way to the next one about the firm that is by the same document or about the case
    which was reopened: that one replaces it.
    """

    def __init__(self, firm_ids: Iterable[int], document_number: str) -> None:
        firms = list(firm_ids)
        self._document_number = document_number
        self._by_document = list(
            Determination.objects.filter(firm_id__in=firms, document_number=document_number).values_list(
                "firm_id", "pk"
            )
        )
        self._lifted = list(
            DeterminationCorrection.objects.filter(
                determination__firm_id__in=firms, state=CorrectionState.CONFIRMED
            )
            .select_related("determination__corrected_by")
            .order_by("pk")
        )

    def replaced_by_next(self, firm_id: int, case: CultivationCase | None) -> Determination | None:
        """The lifted determination that the next one about the firm, or about its case, replaces."""
        waiting = [
            row
            for row in self._lifted
            if row.determination.firm_id == firm_id and not hasattr(row.determination, "corrected_by")
        ]
        same = [row for row in waiting if row.determination.document_number == self._document_number]
        about_case = [row for row in waiting if case is not None and row.case_id == case.pk]
        return next((row.determination for row in [*same, *about_case]), None)

    def stands(self, firm_id: int, case: CultivationCase | None) -> bool:
        """Whether the document has decided about the firm, so that it cannot decide again."""
        decisions = {pk for firm, pk in self._by_document if firm == firm_id}
        lifted = {row.determination_id for row in self._lifted}
        return bool(decisions) and (bool(decisions - lifted) or self.replaced_by_next(firm_id, case) is None)
