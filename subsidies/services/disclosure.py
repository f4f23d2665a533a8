"""Public disclosure of proposed awards with their amounts, before approval."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import DisclosureKind, DisclosurePeriod, User, open_disclosure, recorded
from subsidies.models import Award
from subsidies.permissions import AwardAction, require

from .conditions import require_conditions
from .events import lock_awards, record_award_event, require_open


@recorded("disclose awards")
def disclose_awards(
    *,
    awards: Sequence[Award],
    actor: User,
    place: str,
    published_on: dt.date | None = None,
    last_day: dt.date | None = None,
    reason: str = "",
) -> DisclosurePeriod:
    """Put reviewed awards into one disclosure period; all of them or none.

    ``last_day`` with a ``reason`` is for years the calendar does not know (edge case 43).
    Raises ``Refused``: nothing_to_disclose, wrong_state, certificate_revoked, basis_changed and those of
    ``cultivation.api.open_disclosure``.
    """
    require(actor, AwardAction.DISCLOSE)
    locked = lock_awards(awards)
    if not locked:
        raise Refused("nothing_to_disclose", _("Choose at least one award."))
    for award in locked:
        require_open(award, award.disclose)
        require_conditions(award=award, action=AwardAction.DISCLOSE, actor=actor)
    period = open_disclosure(
        kind=DisclosureKind.AWARD,
        published_on=published_on or today(),
        place=place,
        actor=actor,
        last_day=last_day,
        reason=reason,
    )
    for award in locked:
        before = award.state
        award.disclose(by=actor, period=period)
        award.save()
        record_award_event(
            award=award, action=AwardAction.DISCLOSE, actor=actor, from_state=before, reason=place
        )
    return period
