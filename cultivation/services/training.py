"""Training sessions and attendance lists (plan, annex 4, 二（一）)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused, RowError
from cultivation.enums import Role
from cultivation.models import Attendance, Firm, TrainingSession, User
from cultivation.permissions import require_role

from .refusals import recorded

_LONGEST_DAY = 24 * 60
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One line of an attendance list."""

    firm: Firm
    attendee: str
    minutes: int


@recorded("create_session")
def create_session(
    *, title: str, held_on: dt.date, minutes: int, actor: User, place: str = ""
) -> TrainingSession:
    """A session of so many minutes. Refused: ``title_missing``, ``minutes_wrong``."""
    require_role(actor, Role.CASEWORKER)
    if not title.strip():
        raise Refused("title_missing", _("A session needs a title."))
    if not 0 < minutes <= _LONGEST_DAY:
        raise Refused("minutes_wrong", _("A session lasts between one minute and a day."))
    return TrainingSession.objects.create(
        title=title.strip(), held_on=held_on, minutes=minutes, place=place.strip(), created_by=actor
    )


@recorded("record_attendance")
def record_attendance(*, session: TrainingSession, rows: Sequence[AttendanceRow], actor: User) -> int:
    """Record who came, all lines or none, and answer how many were recorded.

    Refused: ``session_ahead``; ``attendance_wrong`` with ``errors``: a line longer than the session, without a name,
    or for a person who is on the list already. Rows are counted from 1.
    """
    require_role(actor, Role.CASEWORKER)
    session = TrainingSession.objects.select_for_update().get(pk=session.pk)
    if session.held_on > today():
        raise Refused("session_ahead", _("The session has not been held yet."))
    present = set(Attendance.objects.filter(session=session).values_list("firm_id", "attendee"))
    errors: list[RowError] = []
    new: list[Attendance] = []
    for number, row in enumerate(rows, start=1):
        name = row.attendee.strip()
        if not name or len(name) > _LONGEST_NAME:
            errors.append(
                _error(number, "attendee", name, "name_missing", _("A line needs the attendee's name."))
            )
        elif (row.firm.pk, name) in present:
            message = _("This person is on the list already.")
            errors.append(_error(number, "attendee", name, "attends_twice", message))
        if not 0 < row.minutes <= session.minutes:
            message = _("The session lasted %(minutes)s minutes.") % {"minutes": session.minutes}
            errors.append(_error(number, "minutes", str(row.minutes), "minutes_wrong", message))
        present.add((row.firm.pk, name))
        new.append(
            Attendance(session=session, firm=row.firm, attendee=name, minutes=row.minutes, recorded_by=actor)
        )
    if errors:
        raise Refused(
            "attendance_wrong",
            _("%(count)s lines are wrong; nothing was recorded.") % {"count": len({e.row for e in errors})},
            errors=[error.as_json() for error in errors],
        )
    Attendance.objects.bulk_create(new, batch_size=500)
    return len(new)


def _error(row: int, column: str, value: str, code: str, message: str) -> RowError:
    return RowError(row=row, column=column, value=value, code=code, message=message)
