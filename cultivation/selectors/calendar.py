"""The working calendar from its table, and the end of a disclosure period by it (edge case 43)."""

import datetime as dt

from cultivation.enums import ParameterKey
from cultivation.models import CalendarDay, CalendarYear, DisclosurePeriod
from cultivation.rules.workdays import WorkCalendar, working_day_after

from .parameters import parameter


def work_calendar() -> WorkCalendar:
    """What the bureau has entered: the years known and the days that differ from the plain week (two queries)."""
    days = list(CalendarDay.objects.values_list("day", "is_workday"))
    return WorkCalendar(
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
        holidays=frozenset(day for day, worked in days if not worked),
        make_up_workdays=frozenset(day for day, worked in days if worked),
    )


def last_disclosure_day(*, published_on: dt.date, working_days: int) -> dt.date:
    """The last counted working day of a period; raises ``CalendarUnknown``.

    The first counted day comes from the parameter ``disclosure_first_day``: 1, the day after publication, or 0,
    the day itself.
    """
    offset = parameter(ParameterKey.DISCLOSURE_FIRST_DAY, published_on)
    start = published_on + dt.timedelta(days=max(offset - 1, 0))
    return working_day_after(start, working_days, work_calendar(), count_start_day=offset == 0)


def disclosure_is_over(period: DisclosurePeriod, on: dt.date) -> bool:
    """Whether the step after the disclosure is open: from the day after its last working day."""
    return on > period.last_day
