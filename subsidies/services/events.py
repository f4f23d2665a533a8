"""Award events and the locks they need: written in the transaction of the step they tell of.

Locks are taken in one order everywhere: a payment list, the firms, their awards, the funding lines.
"""

from collections.abc import Iterable
from typing import NoReturn

from django.utils.translation import gettext as _
from django_fsm import can_proceed

from config.common.errors import Refused
from cultivation.api import Firm, User
from subsidies.models import Award, AwardEvent
from subsidies.permissions import NEEDS_REASON, AwardAction

_LONGEST_REASON = 500


def lock_firms(keys: Iterable[int]) -> None:
    """Firms in the order of their keys, always before their awards: accounts, names and receipts change under this lock."""
    locked = Firm.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(keys))
    list(locked.order_by("pk").values_list("pk"))


def lock_award(award: Award) -> Award:
    """The award as it is now, locked until the transaction ends."""
    return Award.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=award.pk)


def lock_awards(awards: Iterable[Award]) -> list[Award]:
    """Several awards, locked in the order of their keys so that two acts never wait for each other."""
    return lock_award_keys(award.pk for award in awards)


def lock_award_keys(keys: Iterable[int]) -> list[Award]:
    """As :func:`lock_awards`, by primary key."""
    return list(
        Award.objects.select_for_update(of=("self",))
        .select_related("scheme")
        .filter(pk__in=list(keys))
        .order_by("pk")
    )


def require_reason(action: AwardAction, reason: str) -> None:
    """``Refused`` where ``action`` needs a reason and none is given, or one that an event cannot hold."""
    if action in NEEDS_REASON and not reason.strip():
        raise Refused("reason_missing", _("Give a reason for this step."))
    if len(reason) > _LONGEST_REASON:
        raise Refused(
            "reason_too_long", _("The reason is longer than %(most)s characters.") % {"most": _LONGEST_REASON}
        )


def record_award_event(
    *, award: Award, action: str, actor: User, from_state: str, reason: str = ""
) -> AwardEvent:
    """Append the next event of a locked award; ``from_state`` is the state before the step."""
    last = last_event_number(award)
    return AwardEvent.objects.create(
        award=award,
        number=last + 1,
        actor=actor,
        action=action,
        from_state=from_state if last else "",
        to_state=award.state,
        reason=reason,
    )


def last_event_number(award: Award) -> int:
    """The number of the award's last event: what a page shows, and what a stale page no longer has; 0 without any."""
    return (
        AwardEvent.objects.filter(award=award).order_by("-number").values_list("number", flat=True).first()
        or 0
    )


def require_unchanged(award: Award, seen: int) -> None:
    """``Refused`` (changed_meanwhile) unless the locked award's last event is number ``seen``, the one a person saw."""
    if last_event_number(award) != seen:
        raise Refused(
            "changed_meanwhile",
            _("The award has changed since you opened this page; nothing was done. Look at what is new."),
        )


def require_open(award: Award, step: object) -> None:
    """``Refused`` (wrong_state) unless the state machine knows ``step``, a transition of ``award``, from here.

    Asked before anything else is looked at, so that a refusal names the state and not what follows from it.
    """
    if not can_proceed(step):
        refuse_state(award)


def refuse_state(award: Award) -> NoReturn:
    """``Refused`` (wrong_state)."""
    raise Refused(
        "wrong_state",
        _("This step is not possible while the state is “%(state)s”.") % {"state": award.get_state_display()},
        state=award.state,
    )
