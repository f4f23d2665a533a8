"""Acts on many awards: told beforehand one by one, then done one by one.

The pre-flight of a bulk act is a rehearsal: the single services themselves, run in order inside a transaction that is
always rolled back. There is no second copy of their rules, so what is told is what the same state of things would
bring, the running balance of a funding line included: each approval sees the commitments before it, which no check of
one award by itself could tell. Why this is sound:

- The append-only triggers refuse updates and deletes; a rollback is neither.
- Events are numbered by counting, so their numbers are given again; only primary keys from a sequence of PostgreSQL
  may leave gaps, and nothing official is numbered by them here.
- Refused attempts are written inside the transaction and go with it: to ask what would happen is no attempt.
- Nothing leaves the database in these services: no file, no message, nothing on commit.
- Firms and awards are locked beforehand in the order of their keys, and the line after them, as everywhere: a
  rehearsal may wait for an act and an act for a rehearsal, never one for the other in a circle. ``MOST`` bounds how long.

The act itself runs each award in a transaction of its own, on the state the person was shown: an award that has moved
since is refused, and one that this very act has moved is told as done before. So sending it twice does nothing twice,
and after a crash half-way, sending it again does the rest.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.api import User
from subsidies.models import Award, AwardEvent, FundingLine
from subsidies.permissions import AwardAction, require

from . import acting
from .acting import act_on_award
from .events import last_event_number, lock_award_keys, lock_firms
from .ledger import figures_of

MOST = 100
DONE_BEFORE = "done_before"


SERVICES: Mapping[AwardAction, Callable[..., Award]] = {
    action: acting.SERVICES[action]
    for action in (
        AwardAction.CALCULATE,
        AwardAction.REVIEW,
        AwardAction.DISCLOSE,
        AwardAction.APPROVE,
        AwardAction.SEND_BACK,
    )
}
"""The acts that are done on many awards, each by the service of the single act."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the act makes of one award, or has made of it. ``code`` and ``message`` are of a refusal; none: done.

    ``seen`` is the number of the last event before the act; ``amount`` the award's in yuan, after a calculation the new
    one; ``available`` what the funding line has left after an approval; ``last_day`` that of a disclosure.
    """

    award: int
    seen: int
    amount: Decimal | None
    code: str = ""
    message: str = ""
    available: Decimal | None = None
    last_day: dt.date | None = None

    @property
    def done(self) -> bool:
        return not self.code

    @property
    def done_before(self) -> bool:
        return self.code == DONE_BEFORE


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The outcomes in the order in which the act would run; what the funding line has before and after an approval."""

    outcomes: tuple[Outcome, ...]
    available_before: Decimal | None = None
    available_after: Decimal | None = None


def rehearse(*, awards: Iterable[int], action: AwardAction, actor: User, **answers: Any) -> Rehearsal:
    """What ``action`` would do with the awards of these keys, oldest first; changes nothing.

    Raises ``NotAllowed`` where the person may not do it at all, ``Refused``: nothing_chosen, too_many.
    """
    require(actor, action)
    keys = sorted(set(awards))
    _require_bounded(keys)
    line: FundingLine | None = answers.get("funding_line")
    with transaction.atomic():
        found = _locked(keys)
        before = _available(line)
        outcomes = tuple(_tell(award, last_event_number(award), action, actor, answers) for award in found)
        after = _available(line)
        transaction.set_rollback(True)
    if line is not None:
        line.refresh_from_db()
    return Rehearsal(outcomes, before, after)


def run(
    *, awards: Iterable[tuple[int, int]], action: AwardAction, actor: User, **answers: Any
) -> list[Outcome]:
    """Do ``action`` with each award, given as its key and the number of the last event the person saw; oldest first.

    Raises as :func:`rehearse`; what is refused for one award is told in its outcome and stops no other.
    """
    require(actor, action)
    seen = dict(awards)
    _require_bounded(list(seen))
    found = Award.objects.filter(pk__in=seen).order_by("pk")
    return [_tell(award, seen[award.pk], action, actor, answers) for award in found]


def source_states(action: AwardAction) -> list[str]:
    """The states from which the state machine knows the act."""
    transitions = Award._meta.get_field("state").get_all_transitions(Award)
    return sorted(str(found.source) for found in transitions if found.name == action.value)


def _require_bounded(keys: Sequence[int]) -> None:
    if not keys:
        raise Refused("nothing_chosen", _("Choose at least one award."))
    if len(keys) > MOST:
        raise Refused(
            "too_many",
            _("At most %(most)s awards at once; %(count)s are chosen.") % {"most": MOST, "count": len(keys)},
        )


def _locked(keys: Sequence[int]) -> list[Award]:
    lock_firms(Award.objects.filter(pk__in=keys).values_list("firm_id", flat=True))
    return lock_award_keys(keys)


def _tell(award: Award, seen: int, action: AwardAction, actor: User, answers: Mapping[str, Any]) -> Outcome:
    try:
        after = act_on_award(award=award, action=action, actor=actor, seen=seen, **answers)
    except Refused as refusal:
        if refusal.code == "changed_meanwhile" and _did(award, seen + 1, action, actor):
            message = _("Done before, by the same act; nothing was done twice.")
            return Outcome(award.pk, seen, award.amount, DONE_BEFORE, message)
        return Outcome(award.pk, seen, award.amount, refusal.code, refusal.message)
    return Outcome(
        award=award.pk,
        seen=seen,
        amount=after.amount or award.amount,
        available=_available(answers.get("funding_line")),
        last_day=after.disclosure.last_day if after.disclosure and action == AwardAction.DISCLOSE else None,
    )


def _did(award: Award, number: int, action: AwardAction, actor: User) -> bool:
    return AwardEvent.objects.filter(award=award, number=number, action=action.value, actor=actor).exists()


def _available(line: FundingLine | None) -> Decimal | None:
    if line is None:
        return None
    return figures_of(FundingLine.objects.get(pk=line.pk)).available
