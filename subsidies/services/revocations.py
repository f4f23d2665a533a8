"""What follows for awards when the region takes a certificate back, or when it was recorded wrongly: pulled from the
decisions, never typed in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cultivation.api import Accreditation, User, recorded
from subsidies.permissions import AwardAction, require
from subsidies.rules.revocation import Consequence
from subsidies.selectors.revocations import ReachedAward, describe_revocation, reached_awards

from .freezing import freeze_award
from .recovery import open_recovery


@dataclass(frozen=True, slots=True)
class RevocationReport:
    """Numbers of the awards by what was done; ``on_list`` are finance's or the bank's before anything can follow."""

    frozen: tuple[str, ...]
    recovering: tuple[str, ...]
    on_list: tuple[str, ...]
    done_before: tuple[str, ...]

    def as_json(self) -> dict[str, list[str]]:
        return {
            "frozen": list(self.frozen),
            "recovering": list(self.recovering),
            "on_list": list(self.on_list),
            "done_before": list(self.done_before),
        }


@recorded("apply revocations")
def apply_revocations(
    *, actor: User, accreditation: Accreditation | None = None, dry_run: bool = False
) -> RevocationReport:
    """Freeze the unpaid awards that revoked certificates reach and open recoveries for the paid ones (edge case 23);
    and those of certificates recorded wrongly, each its own (edge case 50).

    All revocations, or that of one certificate. Running it again changes nothing; an award on a payment list is named
    and left to finance. ``dry_run`` answers the same and changes nothing.
    """
    require(actor, AwardAction.FREEZE)
    require(actor, AwardAction.OPEN_RECOVERY)
    reached = reached_awards(accreditation)
    if not dry_run:
        for found in reached:
            _apply(found, actor)
    return RevocationReport(
        frozen=_numbers(reached, Consequence.FREEZE),
        recovering=_numbers(reached, Consequence.RECOVER),
        on_list=_numbers(reached, Consequence.WAIT_FOR_LIST),
        done_before=_numbers(reached, Consequence.NONE),
    )


def _apply(found: ReachedAward, actor: User) -> None:
    if found.consequence is Consequence.FREEZE:
        freeze_award(award=found.award, actor=actor, reason=_reason(found.revocation))
    elif found.consequence is Consequence.RECOVER:
        open_recovery(award=found.award, actor=actor)


def _reason(revocation: Accreditation) -> str:
    if revocation.is_recorded_wrongly:
        return describe_revocation(revocation)
    return _("Certificate %(number)s was revoked by %(document)s; the act was in %(year)s.") % {
        "number": revocation.certificate_number,
        "document": revocation.revocation_document,
        "year": revocation.revoked_act_year,
    }


def _numbers(reached: list[ReachedAward], consequence: Consequence) -> tuple[str, ...]:
    return tuple(found.award.number for found in reached if found.consequence is consequence)
