"""An attendance list handed in as a workbook: all lines or none; the same list again changes nothing."""

from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from config.common.workbooks import Headings, Row, Table, TableReport, read_any_table
from cultivation.enums import Role
from cultivation.models import Attendance, Firm, TrainingSession, User
from cultivation.permissions import require_role
from cultivation.selectors.training import standing_attendance
from cultivation.workbooks import attendance_columns

from .refusals import recorded

# Codes asked for together: below the 999 parameters of a statement on SQLite.
_BATCH = 500


@recorded("import_attendance")
def import_attendance(
    *,
    session: TrainingSession,
    content: bytes,
    actor: User,
    dry_run: bool = False,
    headings: Headings | None = None,
) -> TableReport:
    """Record who came; no minutes: to the end. Raises ``RowsRefused`` with every fault: ``unknown_firm``,
    ``attends_twice``, ``minutes_differ`` (recorded already, with other minutes); ``Refused``: ``session_ahead``.
    """
    require_role(actor, Role.CASEWORKER)
    session = TrainingSession.objects.select_for_update().get(pk=session.pk)
    if session.held_on > today():
        raise Refused("session_ahead", _("The session has not been held yet."))
    table = read_any_table(content, attendance_columns(session.minutes), headings=headings)
    report = TableReport.of(table)
    new = _judge(table, session, actor, report)
    table.refuse_errors()
    if not dry_run:
        Attendance.objects.bulk_create(new, batch_size=_BATCH)
    return report


def _judge(table: Table, session: TrainingSession, actor: User, report: TableReport) -> list[Attendance]:
    firms = _firms({row.get("credit_code") for row in table.rows} - {None})
    recorded_minutes = {(line.firm_id, line.attendee): line.minutes for line in standing_attendance(session)}
    first: dict[tuple[int, str], int] = {}
    new: list[Attendance] = []
    for row in table.rows:
        firm, attendee = firms.get(row.get("credit_code")), row.get("attendee")
        if row.get("credit_code") and firm is None:
            message = _("No firm here has this credit code.")
            table.errors.append(table.error(row, "credit_code", "unknown_firm", message))
        if firm is None or not attendee:
            continue
        minutes = _minutes(row, session)
        earlier = first.setdefault((firm.pk, attendee), row.number)
        known = recorded_minutes.get((firm.pk, attendee))
        if earlier != row.number:
            message = _("This person stands in row %(row)s already.") % {"row": earlier}
            table.errors.append(table.error(row, "attendee", "attends_twice", message))
        elif known is None:
            report.created += 1
            new.append(
                Attendance(session=session, firm=firm, attendee=attendee, minutes=minutes, recorded_by=actor)
            )
        elif known == minutes:
            report.unchanged += 1
        else:
            message = _("This person is recorded with %(minutes)s minutes; strike that line out first.")
            table.errors.append(table.error(row, "minutes", "minutes_differ", message % {"minutes": known}))
    return new


def _minutes(row: Row, session: TrainingSession) -> int:
    return int(row.get("minutes") or session.minutes)


def _firms(codes: set[Any]) -> dict[Any, Firm]:
    ordered = sorted(codes)
    found: dict[Any, Firm] = {}
    for start in range(0, len(ordered), _BATCH):
        batch = Firm.objects.filter(credit_code__in=ordered[start : start + _BATCH])
        found |= {firm.credit_code: firm for firm in batch}
    return found
