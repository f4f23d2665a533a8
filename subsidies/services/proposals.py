"""Proposing awards: one for each final determination a scheme covers, and what the waiting ones wait for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from config.common.clock import now
from cultivation.api import Accreditation, User, final_determinations, recorded
from subsidies.enums import AwardState
from subsidies.models import Award, AwardEvent, Scheme
from subsidies.models.awards import WAITING_AWARD_STATES
from subsidies.permissions import AwardAction, require
from subsidies.rules.eligibility import Eligibility, Switch, eligibility
from subsidies.selectors.claims import past_awards
from subsidies.selectors.regional_awards import certificates_with_basis
from subsidies.selectors.revocations import awards_that_settle
from subsidies.selectors.schemes import PublishedVersions, published_schemes, switches_of

from .eligibility import explain
from .events import lock_award_keys, record_award_event

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Earlier:
    """An award of a firm in the scheme; ``pk`` is 0 for one before this system, by its document's number."""

    pk: int
    accreditation_id: int
    number: str


@recorded("propose awards")
def propose_awards(*, actor: User) -> dict[str, object]:
    """Make the awards that are missing and look again at those that wait; running it again creates nothing.

    A certificate is judged by the scheme version in force on the date of the document that granted it. Opening
    data and revoked certificates make no award (edge cases 23 and 49); excluded kinds make none either.
    """
    require(actor, AwardAction.PROPOSE)
    created = existing = 0
    for published in published_schemes():
        # One proposer a scheme at a time: the second finds the awards of the first.
        Scheme.objects.select_for_update().get(pk=published.scheme.pk)
        existing += Award.objects.filter(scheme=published.scheme).count()
        _reconsider(published, actor)
        created += sum(_create(published, batch, actor) for batch in _candidates(published.scheme))
    waiting = dict(
        Award.objects.filter(state__in=WAITING_AWARD_STATES)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    return {
        "created": created,
        "existing": existing,
        "waiting": {state.value: waiting.get(state.value, 0) for state in WAITING_AWARD_STATES},
    }


def _candidates(scheme: Scheme) -> Iterator[Sequence[Accreditation]]:
    """Certificates without an award, oldest first, in batches in which a firm occurs once.

    A firm's second certificate is judged with the award of the first one at hand, so it waits for a later batch.
    """
    keys = list(
        final_determinations()
        .filter(revoked_on__isnull=True)
        .exclude(awards__scheme=scheme)
        .order_by("document_date", "pk")
        .values_list("pk", "firm_id")
    )
    while keys:
        batch, later, firms = [], [], set()
        for pk, firm_id in keys:
            if firm_id in firms:
                later.append((pk, firm_id))
            else:
                firms.add(firm_id)
                batch.append(pk)
        for start in range(0, len(batch), _BATCH):
            found = Accreditation.objects.in_bulk(batch[start : start + _BATCH])
            yield [found[pk] for pk in batch[start : start + _BATCH]]
        keys = later


def _create(published: PublishedVersions, batch: Sequence[Accreditation], actor: User) -> int:
    earlier = _awards_of_firms(published.scheme, [row.firm_id for row in batch])
    with_basis = certificates_with_basis([row.pk for row in batch])
    at = now()
    awards = []
    for certificate in batch:
        found = _judge(published, certificate, earlier[certificate.firm_id])
        if found is None or found.decision is Switch.NO:
            continue
        state, waiting_for = _standing(found, certificate, has_basis=certificate.pk in with_basis)
        awards.append(
            Award(
                scheme=published.scheme,
                accreditation=certificate,
                firm_id=certificate.firm_id,
                state=state,
                state_since=at,
                state_by=actor,
                waiting_for=waiting_for,
            )
        )
    Award.objects.bulk_create(awards)
    AwardEvent.objects.bulk_create(
        AwardEvent(
            award=award,
            number=1,
            at=at,
            actor=actor,
            action=AwardAction.PROPOSE,
            to_state=award.state,
            reason=award.waiting_for,
        )
        for award in awards
    )
    return len(awards)


def _reconsider(published: PublishedVersions, actor: User) -> None:
    """Where a policy was decided or a document arrived, the waiting award learns of it."""
    keys = list(
        Award.objects.filter(scheme=published.scheme, state__in=WAITING_AWARD_STATES)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for start in range(0, len(keys), _BATCH):
        batch = lock_award_keys(keys[start : start + _BATCH])
        for award, state, waiting_for in outlooks(published, batch):
            _move(award, state, waiting_for, actor)


def outlooks(published: PublishedVersions, batch: Sequence[Award]) -> Iterator[tuple[Award, AwardState, str]]:
    """Where the waiting ones among some awards of the scheme belong, and what they wait for then (four queries)."""
    certificates = Accreditation.objects.in_bulk([award.accreditation_id for award in batch])
    earlier = _awards_of_firms(published.scheme, [award.firm_id for award in batch])
    with_basis = certificates_with_basis(certificates)
    for award in batch:
        if award.state not in WAITING_AWARD_STATES:
            continue
        certificate = certificates[award.accreditation_id]
        found = _judge(published, certificate, [row for row in earlier[award.firm_id] if row.pk < award.pk])
        state = AwardState(award.state)
        if certificate.is_recorded_wrongly:
            yield award, state, _("The certificate was recorded wrongly: the award is to be revoked.")
        elif certificate.revoked_on is not None:
            yield award, state, _("The certificate was revoked: the award is to be revoked.")
        elif found is None:
            yield award, AwardState.AWAITING_POLICY, _("No published version covers it any more.")
        elif found.decision is Switch.NO:
            # A person ends an award, never a run: a further version may decide otherwise.
            yield award, state, explain(found, certificate.kind)
        else:
            yield award, *_standing(found, certificate, has_basis=certificate.pk in with_basis)


def _move(award: Award, state: AwardState, waiting_for: str, actor: User) -> None:
    if state == award.state:
        if waiting_for != award.waiting_for:
            award.waiting_for = waiting_for
            award.save(update_fields=["waiting_for"])
        return
    before = award.state
    step = award.await_basis if state == AwardState.AWAITING_BASIS else award.await_policy
    step(by=actor, reason=waiting_for)
    award.save()
    record_award_event(
        award=award, action=AwardAction.RECONSIDER, actor=actor, from_state=before, reason=waiting_for
    )


def _judge(
    published: PublishedVersions, certificate: Accreditation, earlier: Sequence[Earlier]
) -> Eligibility | None:
    version = published.in_force_on(certificate.document_date)
    if version is None:
        return None
    matched = [row.number for row in earlier if row.accreditation_id == certificate.pk]
    return eligibility(
        certificate.kind,
        switches_of(version),
        [row.number for row in earlier],
        matched[0] if matched else "",
    )


def _standing(found: Eligibility, certificate: Accreditation, *, has_basis: bool) -> tuple[AwardState, str]:
    if found.decision is Switch.UNDECIDED:
        return AwardState.AWAITING_POLICY, explain(found, certificate.kind)
    if has_basis:
        return AwardState.AWAITING_BASIS, _("The region's document is here: to be calculated.")
    return AwardState.AWAITING_BASIS, _("Waits for the region's document.")


def _awards_of_firms(scheme: Scheme, firm_ids: Sequence[int]) -> dict[int, list[Earlier]]:
    """The awards of the firms in the scheme that settle something, oldest first, those before this system ahead."""
    found: dict[int, list[Earlier]] = defaultdict(list)
    for firm_id, rows in past_awards(scheme.pk, firm_ids).items():
        found[firm_id] = [Earlier(0, row.accreditation_id, row.number) for row in rows]
    for award in (
        awards_that_settle()
        .filter(scheme=scheme, firm_id__in=firm_ids)
        .order_by("pk")
        .only("pk", "firm_id", "accreditation_id", "state")
    ):
        found[award.firm_id].append(Earlier(award.pk, award.accreditation_id, award.number))
    return found
