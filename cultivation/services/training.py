"""Training sessions and attendance lists (plan, annex 4, 二（一）)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused, RowError
from cultivation.enums import OPEN_CASE_STATES, CheckKind, Role
from cultivation.models import Attendance, CaseCheck, Firm, TrainingSession, User
from cultivation.permissions import require_role
from cultivation.selectors.training import standing_attendance

from .refusals import recorded

_LONGEST_DAY = 24 * 60
_LONGEST_NAME = 60
_MOST_SEATS = 5000


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One line of an attendance list."""

    firm: Firm
    attendee: str
    minutes: int


@recorded("create_session")
def create_session(
    *,
    title: str,
    held_on: dt.date,
    minutes: int,
    actor: User,
    place: str = "",
    begins_at: dt.time | None = None,
    seats: int | None = None,
) -> TrainingSession:
    """A session of so many minutes, planned or held. Refused: ``title_missing``, ``minutes_wrong``, ``seats_wrong``."""
    require_role(actor, Role.CASEWORKER)
    _require_terms(title, minutes, seats)
    return TrainingSession.objects.create(
        title=title.strip(),
        held_on=held_on,
        begins_at=begins_at,
        minutes=minutes,
        place=place.strip(),
        seats=seats,
        created_by=actor,
    )


@recorded("change_session")
def change_session(
    *,
    session: TrainingSession,
    title: str,
    held_on: dt.date,
    minutes: int,
    actor: User,
    place: str = "",
    begins_at: dt.time | None = None,
    seats: int | None = None,
) -> TrainingSession:
    """Other terms for a session; day and length stay once somebody's attendance is recorded.

    Refused: ``session_attended`` and those of :func:`create_session`.
    """
    require_role(actor, Role.CASEWORKER)
    _require_terms(title, minutes, seats)
    session = TrainingSession.objects.select_for_update().get(pk=session.pk)
    moved = (session.held_on, session.minutes) != (held_on, minutes)
    if moved and session.attendances.filter(struck_at__isnull=True).exists():
        raise Refused(
            "session_attended", _("Attendance is recorded: the day and the length of the session stay.")
        )
    session.title, session.place = title.strip(), place.strip()
    session.held_on, session.begins_at = held_on, begins_at
    session.minutes, session.seats = minutes, seats
    session._history_user = actor  # type: ignore[attr-defined]
    session.save()
    return session


def _require_terms(title: str, minutes: int, seats: int | None) -> None:
    if not title.strip():
        raise Refused("title_missing", _("A session needs a title."))
    if not 0 < minutes <= _LONGEST_DAY:
        raise Refused("minutes_wrong", _("A session lasts between one minute and a day."))
    if seats is not None and not 0 < seats <= _MOST_SEATS:
        raise Refused(
            "seats_wrong", _("A session has between one and %(most)s seats.") % {"most": _MOST_SEATS}
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
    present = set(standing_attendance(session).values_list("firm_id", "attendee"))
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


@recorded("strike_attendance")
def strike_attendance(*, attendance: Attendance, reason: str, actor: User) -> Attendance:
    """Strike a wrong line out; it is kept and no longer counts.

    Refused: ``reason_missing``, ``struck_already``, ``attendance_counted`` while a passed training check of the firm's
    open case rests on it.
    """
    require_role(actor, Role.CASEWORKER)
    attendance = Attendance.objects.select_for_update().get(pk=attendance.pk)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    if attendance.struck_at is not None:
        raise Refused("struck_already", _("This line has been struck out already."))
    counted = CaseCheck.objects.filter(
        case__firm_id=attendance.firm_id,
        kind=CheckKind.TRAINING,
        passed=True,
        reset_at__isnull=True,
        case__pooled_on__lte=attendance.session.held_on,
    )
    if counted.filter(case__state__in=OPEN_CASE_STATES).exists():
        raise Refused(
            "attendance_counted",
            _("The firm's training check rests on this line; reset the check first, with a reason."),
        )
    attendance.struck_by, attendance.struck_at, attendance.struck_reason = actor, now(), reason.strip()
    attendance.save(update_fields=["struck_by", "struck_at", "struck_reason"])
    return attendance


def _error(row: int, column: str, value: str, code: str, message: str) -> RowError:
    return RowError(row=row, column=column, value=value, code=code, message=message)
