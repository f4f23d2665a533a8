"""Training sessions: the list, planning one, and the page of one with who came."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import Role
from cultivation.forms.training import AttendanceForm, SessionForm
from cultivation.models import Attendance, Firm, TrainingSession, User
from cultivation.selectors.field_history import edits
from cultivation.selectors.strands import attendance_strands
from cultivation.selectors.training import (
    attendance_for,
    sessions_of,
    standing_attendance,
    waiting_sign_ins,
    years_of_sessions,
)
from cultivation.services.refusals import as_seen
from cultivation.services.training import (
    AttendanceRow,
    change_session,
    create_session,
    record_attendance,
    strike_attendance,
)

from .readers import reader, status_of


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of a year; everybody with a part in cases may know when the next one is."""
    user = reader(request)
    present = today().year
    years = years_of_sessions(present)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else present
    context = {
        "rows": sessions_of(year),
        "years": years,
        "year": year,
        "today": today(),
        "in_office": user.has_role(Role.CASEWORKER, Role.REVIEWER, Role.AUDITOR, Role.FINANCE),
        "may_plan": user.has_role(Role.CASEWORKER),
    }
    return render(request, "cultivation/training.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest) -> HttpResponse:
    user = caseworker(request)
    if request.method != "POST":
        return _render_terms(request, SessionForm(initial={"minutes": 240}))
    form = SessionForm(request.POST)
    if not form.is_valid():
        return _render_terms(request, form, status=422)
    try:
        session = create_session(**form.cleaned_data, actor=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_terms(request, form, status=status_of(refusal))
    messages.success(request, _("The session is planned."))
    return redirect("cultivation:session", pk=session.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def session_change(request: HttpRequest, pk: int) -> HttpResponse:
    user = caseworker(request)
    session = get_object_or_404(TrainingSession, pk=pk)
    if request.method != "POST":
        return _render_terms(request, SessionForm.of(session), session)
    form = SessionForm(request.POST)
    if not form.is_valid():
        return _render_terms(request, form, session, status=422)
    try:
        with as_seen(seen_in(request), lambda: [edits(session)], hold=session):
            change_session(session=session, **form.cleaned_data, actor=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_terms(request, form, session, status=status_of(refusal))
    messages.success(request, _("The session was changed."))
    return redirect("cultivation:session", pk=pk)


@require_GET
def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    return render_session(request, reader(request), get_object_or_404(TrainingSession, pk=pk))


@require_POST
def attendance_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One person who came, by the firm's credit code; 422 and 409 as with the acts of a case."""
    user = caseworker(request)
    session = get_object_or_404(TrainingSession, pk=pk)
    form = AttendanceForm(request.POST)
    if not form.is_valid():
        return render_session(request, user, session, form, status=422)
    answers = form.cleaned_data
    firm = Firm.objects.filter(credit_code=answers["credit_code"]).first()
    if firm is None:
        form.add_error("credit_code", _("No firm here has this credit code."))
        return render_session(request, user, session, form, status=422)
    row = AttendanceRow(firm=firm, attendee=answers["attendee"], minutes=answers["minutes"])
    try:
        record_attendance(session=session, rows=[row], actor=user)
    except Refused as refusal:
        faults = refusal.details.get("errors") or [{"column": None, "message": refusal.message}]
        for fault in faults:
            form.add_error(fault["column"], fault["message"])
        return render_session(request, user, session, form, status=status_of(refusal))
    messages.success(
        request, _("Recorded: %(name)s of %(firm)s.") % {"name": row.attendee, "firm": firm.name}
    )
    return redirect("cultivation:session", pk=pk)


@require_POST
def attendance_strike(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    user = caseworker(request)
    attendance = get_object_or_404(Attendance.objects.select_related("session"), pk=row, session_id=pk)
    try:
        strike_attendance(attendance=attendance, reason=request.POST.get("reason", ""), actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return render_session(request, user, attendance.session, status=status_of(refusal))
    messages.success(request, _("The line was struck out."))
    return redirect("cultivation:session", pk=pk)


def caseworker(request: HttpRequest) -> User:
    """The person; only the city's caseworkers run training."""
    user = reader(request)
    if not user.has_role(Role.CASEWORKER):
        raise PermissionDenied
    return user


def render_session(
    request: HttpRequest,
    user: User,
    session: TrainingSession,
    form: AttendanceForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page of a session, as much of it as the person may see."""
    runs_it = user.has_role(Role.CASEWORKER)
    held = session.held_on <= today()
    context: dict[str, Any] = {
        **(told(request, attendance_strands(session)) if runs_it else {}),
        "session": session,
        "ends_at": _end(session),
        "rows": list(attendance_for(user, session)),
        "people": standing_attendance(session).count() if runs_it else 0,
        "sign_ins": waiting_sign_ins(session) if runs_it else [],
        "runs_it": runs_it,
        "in_office": user.has_role(Role.CASEWORKER, Role.REVIEWER, Role.AUDITOR),
        "held": held,
        "is_today": session.held_on == today(),
        "form": form or AttendanceForm(initial={"minutes": session.minutes}),
    }
    return render(request, "cultivation/session.html", context, status=status)


def _end(session: TrainingSession) -> dt.time | None:
    if session.begins_at is None:
        return None
    begin = dt.datetime.combine(session.held_on, session.begins_at)
    return (begin + dt.timedelta(minutes=session.minutes)).time()


def _render_terms(
    request: HttpRequest, form: SessionForm, session: TrainingSession | None = None, status: int = 200
) -> HttpResponse:
    strands = [edits(session)] if session else []
    context = {**told(request, strands), "form": form, "session": session}
    return render(request, "cultivation/session_form.html", context, status=status)
