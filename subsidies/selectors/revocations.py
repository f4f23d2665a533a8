"""Awards that revoked certificates reach, and what is still to be done about them (edge case 23).

A certificate that was recorded wrongly reaches its own award alone (edge case 50): the firm did nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from config.common.money import ZERO, MoneyField
from cultivation.api import Accreditation
from subsidies.enums import AwardState, EntryKind
from subsidies.models import Award
from subsidies.rules.revocation import Consequence, consequence_for, reaches

from .balances import Problem

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ReachedAward:
    """An award, the revoked certificate that reaches it, and what follows."""

    award: Award
    revocation: Accreditation
    consequence: Consequence


def revocation_reaching(award: Award) -> Accreditation | None:
    """The revoked certificate of the firm that reaches the award, its own first (one query)."""
    return revocations_reaching([award]).get(award.pk)


def revocations_reaching(awards: Sequence[Award]) -> dict[int, Accreditation]:
    """As :func:`revocation_reaching`, for the awards that one reaches, by their keys; still one query."""
    by_firm: dict[int, list[Accreditation]] = defaultdict(list)
    for certificate in _revocations([award.firm_id for award in awards]):
        by_firm[certificate.firm_id].append(certificate)
    found = {award.pk: _first_reaching(award, by_firm[award.firm_id]) for award in awards}
    return {pk: certificate for pk, certificate in found.items() if certificate is not None}


def reached_awards(revocation: Accreditation | None = None) -> list[ReachedAward]:
    """Awards that revocations reach, or that this one does; those with nothing left to do among them."""
    revoked = [revocation] if revocation is not None else list(_revocations(None))
    by_firm: dict[int, list[Accreditation]] = defaultdict(list)
    for certificate in revoked:
        by_firm[certificate.firm_id].append(certificate)
    firms = sorted(by_firm)
    found = []
    for start in range(0, len(firms), _BATCH):
        awards = Award.objects.filter(firm_id__in=firms[start : start + _BATCH])
        in_part = _recovered_in_part(firms[start : start + _BATCH])
        for award in awards.select_related("accreditation", "firm", "scheme").order_by("pk"):
            reaching = _first_reaching(award, by_firm[award.firm_id])
            if reaching is not None:
                consequence = Consequence.RECOVER if award.pk in in_part else consequence_for(award.state)
                found.append(ReachedAward(award, reaching, consequence))
    return found


def reached_to_do_first() -> list[ReachedAward]:
    """What revocations reach, for people: what is still to be done first."""
    return sorted(reached_awards(), key=lambda found: (found.consequence is Consequence.NONE, found.award.pk))


def _recovered_in_part(firm_ids: Sequence[int]) -> set[int]:
    """Awards whose recovery was over before less than the whole amount: a revocation asks the rest back."""
    recovered = Award.objects.filter(firm_id__in=firm_ids, state=AwardState.RECOVERED)
    back = Coalesce(
        Sum("entries__amount", filter=Q(entries__kind=EntryKind.RECOVERED)),
        Value(ZERO),
        output_field=MoneyField(),
    )
    found = recovered.annotate(back=back).filter(back__lt=F("amount"))
    return set(found.order_by().values_list("pk", flat=True))


def reaches_award(certificate: Accreditation, award: Award) -> bool:
    """Whether the certificate, taken back by the region or recorded wrongly here, reaches an award of its firm."""
    if certificate.is_recorded_wrongly:
        return certificate.pk == award.accreditation_id
    return (
        certificate.revoked_on is not None
        and certificate.revoked_act_year is not None
        and reaches(certificate.revoked_act_year, certificate.revoked_on, award.accreditation.issued_on)
    )


def describe_revocation(certificate: Accreditation) -> str:
    """Why a certificate carries no award any more, by its document."""
    if certificate.is_recorded_wrongly:
        message = _("The certificate %(number)s was recorded wrongly, as %(document)s shows.")
    else:
        message = _("The certificate %(number)s was revoked by %(document)s.")
    return message % {
        "number": certificate.certificate_number,
        "document": certificate.revocation_document,
    }


def awards_that_settle() -> QuerySet[Award]:
    """Awards that count where a firm is paid once: all that were not revoked.

    One for a certificate recorded wrongly counts only while its money is out; the right one is not paid beside it.
    """
    money_is_out = Q(state__in=(AwardState.LISTED, AwardState.PAID, AwardState.RECOVERING))
    return Award.objects.exclude(state=AwardState.REVOKED).filter(
        money_is_out | Q(accreditation__in=Accreditation.objects.rightly_recorded())
    )


def awards_of_firm(firm_id: int) -> list[Award]:
    """The awards of a firm with their accreditations, oldest first."""
    return list(Award.objects.filter(firm_id=firm_id).select_related("accreditation").order_by("pk"))


def revocation_problems() -> tuple[int, list[Problem]]:
    """How many awards revocations reach, and which of them go on as if nothing had happened."""
    reached = reached_awards()
    return len(reached), [
        Problem(
            "revocation_not_applied",
            found.award.number,
            _("%(cause)s The award is “%(state)s”, neither stopped nor asked back.")
            % {
                "cause": describe_revocation(found.revocation),
                "state": found.award.get_state_display(),
            },
        )
        for found in reached
        if found.consequence is not Consequence.NONE
    ]


def _revocations(firm_ids: Sequence[int] | None) -> Sequence[Accreditation]:
    revoked = Accreditation.objects.filter(revoked_on__isnull=False)
    if firm_ids is not None:
        revoked = revoked.filter(firm_id__in=firm_ids)
    return list(revoked.order_by("revoked_on", "pk"))


def _first_reaching(award: Award, revocations: Sequence[Accreditation]) -> Accreditation | None:
    reaching = [certificate for certificate in revocations if reaches_award(certificate, award)]
    own = [certificate for certificate in reaching if certificate.pk == award.accreditation_id]
    return next(iter([*own, *reaching]), None)
