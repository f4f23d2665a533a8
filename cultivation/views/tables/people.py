"""Who stands in for whom, who is invited, who came to training, and whose attempts were refused."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.workbooks import Value
from cultivation.enums import Role
from cultivation.forms.refusals import RefusalFilterForm
from cultivation.models import Attendance, Delegation, Invitation, RefusedAttempt, TrainingSession, User
from cultivation.permissions import CITY_WIDE_ROLES
from cultivation.selectors.delegations import delegations_for
from cultivation.selectors.invitations import visible_invitations
from cultivation.selectors.refusals import refused_attempts
from cultivation.selectors.training import attendance_for, sessions_of
from cultivation.views.delegations import READERS as DELEGATION_READERS
from cultivation.views.invitations import READERS as INVITATION_READERS
from cultivation.views.readers import READERS
from cultivation.views.refused_acts import act_choices, act_label
from documents.api import QueryTable, TableMaker, one_of

from .programme import year_asked


class Delegations(QueryTable):
    roles = DELEGATION_READERS

    def name(self) -> str:
        return _("Delegations")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Principal"), _("Delegate"), _("Role"), _("First day"), _("Last day"), _("Reason")),
            *(_("Granted by"), _("Ended on")),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[Delegation]:
        return delegations_for(owner)

    def cells(self, row: Delegation) -> Sequence[Value]:
        return (
            str(row.principal),
            str(row.delegate),
            str(row.get_role_display()),
            row.starts_on,
            row.ends_on,
            row.reason,
            str(row.granted_by),
            localdate(row.ended_at) if row.ended_at else None,
        )


class Invitations(QueryTable):
    roles = INVITATION_READERS

    def name(self) -> str:
        return _("Invitations of firms")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Firm"), _("Unified social credit code"), _("Issued by"), _("Issued on"), _("Valid until")),
            *(_("State"), _("Used by"), _("Withdrawn by")),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[Invitation]:
        return visible_invitations(owner).order_by("-issued_at", "-pk")

    def cells(self, row: Invitation) -> Sequence[Value]:
        return (
            row.firm.name,
            row.firm.credit_code,
            str(row.issued_by),
            localdate(row.issued_at),
            localdate(row.expires_at),
            _invitation_state(row),
            row.used_by.username if row.used_by else "",
            str(row.withdrawn_by or ""),
        )


def _invitation_state(row: Invitation) -> str:
    if row.used_at:
        return _("Used")
    if row.withdrawn_at:
        return _("Withdrawn")
    return _("Expired") if row.expires_at <= now() else _("Open")


class Training(TableMaker):
    """The sessions of a year; how many came is the city's to know."""

    roles = READERS

    def name(self) -> str:
        return _("Training")

    def headers(self) -> Sequence[str]:
        return (_("Day"), _("Subject"), _("Place"), _("Minutes"), _("Seats"), _("Firms"), _("Attendees"))

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return sessions_of(year_asked(parameters)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        in_city = owner.has_role(*CITY_WIDE_ROLES)
        for session in sessions_of(year_asked(parameters)):
            counted = vars(session)
            came = (counted["firms"], counted["people"]) if in_city else (None, None)
            yield (session.held_on, session.title, session.place, session.minutes, session.seats, *came)


class AttendanceOf(QueryTable):
    """Who came to one ``session``, of the firms that the person sees."""

    roles = READERS

    def name(self) -> str:
        return _("Attendance")

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        session = _session(parameters)
        return f"attendance-{session.held_on.isoformat()}-{session.pk}.xlsx"

    def headers(self) -> Sequence[str]:
        return (
            *(_("Firm"), _("Unified social credit code"), _("Attendee"), _("Minutes present")),
            *(_("Recorded by"), _("Recorded on"), _("Struck out")),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[Attendance]:
        return attendance_for(owner, _session(parameters))

    def cells(self, row: Attendance) -> Sequence[Value]:
        return (
            row.firm.name,
            row.firm.credit_code,
            row.attendee,
            row.minutes,
            str(row.recorded_by),
            localdate(row.recorded_at),
            row.struck_reason,
        )


def _session(parameters: Mapping[str, Any]) -> TrainingSession:
    return one_of(TrainingSession.objects.all(), parameters.get("session", ""))


class Refusals(QueryTable):
    roles = (Role.AUDITOR,)
    stem = "refused"
    page = "cultivation:refusals"

    def name(self) -> str:
        return _("Refused attempts")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Date and time"), _("Who"), _("What was tried"), _("About"), _("Key of the record")),
            *(_("Code"), _("Why it was refused")),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> RefusalFilterForm:
        return RefusalFilterForm(parameters, acts=act_choices())

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[RefusedAttempt]:
        wanted = self.filters(parameters, owner=owner).wanted()
        return refused_attempts(wanted).order_by("-at", "-pk")

    def cells(self, row: RefusedAttempt) -> Sequence[Value]:
        return (
            f"{localtime(row.at):%Y-%m-%d %H:%M:%S}",
            str(row.actor or ""),
            act_label(row),
            row.subject_name,
            row.subject,
            row.code,
            row.message,
        )
