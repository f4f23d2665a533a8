"""The firms whose progress would do most for this year's target, as far as a person may see them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from django.utils.timezone import localdate

from cultivation.enums import OPEN_CASE_STATES
from cultivation.forecasting.answer import Forecast
from cultivation.models import CultivationCase, Firm, User
from cultivation.permissions import visible_firms

from .forecast_words import step_name

MOST_SHOWN = 10
# How many of the heaviest are looked at for those the person may see.
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class FirmPush:
    """How much likelier the target gets if this firm is moved a step on, or surely gets its certificate this year."""

    firm: Firm
    case: CultivationCase | None
    step: str
    days: int | None
    if_moved: Decimal
    if_accredited: Decimal


def firm_pushes(made: Forecast, user: User, on: dt.date) -> list[FirmPush]:
    """The heaviest first, at most ``MOST_SHOWN``; empty without a target. Two queries."""
    heaviest = list(islice(((firm, push) for push in made.pushes for firm in push.firms), _LOOKED_AT))
    if not heaviest:
        return []
    keys = [firm for firm, _push in heaviest]
    firms = visible_firms(user).select_related("division").in_bulk(keys)
    cases = {
        case.firm_id: case
        for case in CultivationCase.objects.filter(firm__in=list(firms), state__in=OPEN_CASE_STATES)
    }
    seen = ((firm, push) for firm, push in heaviest if firm in firms)
    return [
        FirmPush(
            firm=firms[firm],
            case=cases.get(firm),
            step=step_name(push.stage, push.next_stage),
            days=(on - localdate(cases[firm].state_since)).days if firm in cases else None,
            if_moved=push.if_moved,
            if_accredited=push.if_accredited,
        )
        for firm, push in islice(seen, MOST_SHOWN)
    ]
