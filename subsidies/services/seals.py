"""Daily seals: a hash over all that happened on a day, onto the seal before, so that a later change shows."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from subsidies.models import DailySeal
from subsidies.selectors.seals import first_unsealed_day, last_seal, next_day_with_events, seal_of


def seal_day(*, day: dt.date) -> DailySeal:
    """Seal one day onto the last seal; the seal that stands when there is one already.

    Raises ``Refused``: day_not_over, day_before_last_seal (the chain only grows at its end).
    """
    if day >= today():
        raise Refused("day_not_over", _("A day is sealed when it is over."))
    with transaction.atomic():
        standing = DailySeal.objects.filter(day=day).first()
        if standing is not None:
            return standing
        previous = last_seal(locked=True)
        if previous is not None and previous.day > day:
            raise Refused("day_before_last_seal", _("A later day has been sealed already."))
        digest, events = seal_of(day, previous.sha256 if previous else "")
        return DailySeal.objects.create(
            day=day, events=events, previous=previous.sha256 if previous else "", sha256=digest
        )


def seal_through(*, day: dt.date) -> list[DailySeal]:
    """Seal every day up to ``day`` that has events and no seal yet; the new seals in order."""
    if day >= today():
        raise Refused("day_not_over", _("A day is sealed when it is over."))
    sealed = []
    with transaction.atomic():
        following = next_day_with_events(first_unsealed_day())
        while following is not None and following <= day:
            sealed.append(seal_day(day=following))
            following = next_day_with_events(following + dt.timedelta(days=1))
    return sealed
