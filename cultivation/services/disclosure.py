"""Opening a public disclosure period (公示), of accreditations or of awards."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import DisclosureKind, ParameterKey, Role
from cultivation.models import DisclosurePeriod, User
from cultivation.permissions import require_role
from cultivation.rules.workdays import CalendarUnknown
from cultivation.selectors.calendar import last_disclosure_day
from cultivation.selectors.parameters import parameter

from .refusals import recorded


@recorded("open_disclosure")
def open_disclosure(
    *,
    kind: DisclosureKind,
    published_on: dt.date,
    place: str,
    actor: User,
    working_days: int | None = None,
    last_day: dt.date | None = None,
    reason: str = "",
) -> DisclosurePeriod:
    """The period published on that day in that place; an equal one that exists already is shared.

    ``working_days`` defaults to the parameter. ``last_day`` is given by a caseworker, with a reason, only where
    the calendar does not know the year (edge case 43: the deadline is manual there, not guessed).
    Refused: ``place_missing``, ``published_in_future``, ``no_working_days``, ``calendar_unknown``, ``reason_missing``,
    ``last_day_known``, ``last_day_too_early``.
    """
    require_role(actor, Role.CASEWORKER)
    place = place.strip()
    if not place:
        raise Refused("place_missing", _("Say where the disclosure was published."))
    if published_on > today():
        raise Refused("published_in_future", _("The day of publication lies in the future."))
    days = parameter(ParameterKey.DISCLOSURE_DAYS, published_on) if working_days is None else working_days
    if days < 1:
        raise Refused("no_working_days", _("A disclosure lasts at least one working day."))
    period, _made = DisclosurePeriod.objects.get_or_create(
        kind=kind,
        published_on=published_on,
        place=place,
        working_days=days,
        last_day=_last_day(published_on, days, last_day, reason),
        defaults={"opened_by": actor},
    )
    return period


def _last_day(published_on: dt.date, days: int, given: dt.date | None, reason: str) -> dt.date:
    try:
        known = last_disclosure_day(published_on=published_on, working_days=days)
    except CalendarUnknown as unknown:
        if given is None:
            raise Refused(
                "calendar_unknown",
                _("The holidays of %(year)s are not in the calendar; give the last day with a reason.")
                % {"year": unknown.year},
                year=unknown.year,
            ) from unknown
        if not reason.strip():
            raise Refused("reason_missing", _("A last day given by hand needs a reason.")) from unknown
        if (given - published_on).days < days - 1:
            raise Refused(
                "last_day_too_early",
                _("%(days)s working days cannot be over by %(date)s.")
                % {"days": days, "date": given.isoformat()},
            ) from unknown
        return given
    if given is not None and given != known:
        raise Refused(
            "last_day_known",
            _("By the calendar the last day is %(date)s; no other can be given.")
            % {"date": known.isoformat()},
        )
    return known
