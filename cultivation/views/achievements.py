"""What the programme has brought about: entered one by one with document and evidence, corrected by a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.downloads import download
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from config.common.paging import page_by_key
from cultivation.enums import RECORDED_MEASURES, Role
from cultivation.forms.programme import (
    AchievementCorrectionForm,
    AchievementFilterForm,
    AchievementForm,
    ReasonForm,
)
from cultivation.models import Achievement, User
from cultivation.selectors.achievement_list import achievement_rows, chain_of
from cultivation.selectors.strands import achievement_strands
from cultivation.selectors.targets import counties
from cultivation.services.achievements import correct_achievement, record_achievement, strike_achievement
from cultivation.services.refusals import as_seen
from documents.api import AttachmentState, confirm_attachment

from .board_places import caseworker, city_office, city_staff, place_name
from .readers import status_of

_FIELDS = {
    "title_missing": "title",
    "already_recorded": "title",
    "future_date": "achieved_on",
    "document_missing": "document",
    "reason_missing": "reason",
}


@require_GET
def achievements(request: HttpRequest) -> HttpResponse:
    """The entries, the latest recorded first."""
    user = city_office(request)
    places = counties(today())
    form, after = AchievementFilterForm(request.GET, counties=places), request.GET.get("after", "")
    wanted = form.wanted()
    page = page_by_key(achievement_rows(**wanted), "recorded_at", after=after)
    context = {
        "section": "achievements",
        "form": form,
        "rows": [(row, place_name(row.division)) for row in page.rows],
        "next": page.next,
        "after": after,
        "measures": RECORDED_MEASURES,
        "measure": wanted["measure"],
        "counties": [(one.key, name) for one, name in places],
        "chosen": wanted["county"],
        "corrected": wanted["corrected"],
        "may_record": user.has_role(Role.CASEWORKER),
    }
    return render(request, "cultivation/achievements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def achievement_new(request: HttpRequest) -> HttpResponse:
    """Record one; 422 where the form or the entry is faulty."""
    user = caseworker(request)
    form = AchievementForm(request.POST or None, request.FILES or None)
    context = {"section": "achievements", "form": form}
    if request.method != "POST":
        return render(request, "cultivation/achievement_new.html", context)
    if form.is_valid():
        try:
            entry = record_achievement(**_given(form), actor=user)
        except Refused as refusal:
            form.add_error(_field(refusal, form), refusal.message)
        else:
            messages.success(request, _("The achievement is recorded."))
            return redirect("cultivation:achievement", pk=entry.pk)
    return render(request, "cultivation/achievement_new.html", context, status=422)


@require_GET
def achievement(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry with its evidence, and what became of it."""
    user = city_office(request)
    return _render(request, user, _entry(pk))


@require_GET
def achievement_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that shows it, once it has been found clean."""
    city_staff(request)
    evidence = _entry(pk).evidence
    if evidence is None or evidence.state != AttachmentState.CLEAN:
        raise Http404
    with evidence.file.open("rb") as stored:
        content = stored.read()
    return download(content, name=evidence.original_name, content_type=evidence.content_type)


@require_POST
def achievement_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Correct or strike an entry, or find its file clean; 422, 409 and 403 as with the acts of a case."""
    user = caseworker(request)
    entry = _entry(pk)
    form = _form_of(action, request)
    if not form.is_valid():
        return _render(request, user, entry, {action: form}, status=422)
    try:
        with as_seen(seen_in(request), lambda: achievement_strands(entry)):
            entry, done = _act(action, entry, form, user)
    except Refused as refusal:
        form.add_error(_field(refusal, form), refusal.message)
        return _render(request, user, entry, {action: form}, status=status_of(refusal))
    messages.success(request, done)
    return redirect("cultivation:achievement", pk=entry.pk)


def _form_of(action: str, request: HttpRequest) -> forms.Form:
    match action:
        case "correct":
            return AchievementCorrectionForm(request.POST, request.FILES, auto_id="correct-%s")
        case "strike":
            return ReasonForm(request.POST, auto_id="strike-%s")
        case "confirm-evidence":
            return forms.Form(request.POST)
    raise Http404


def _act(action: str, entry: Achievement, form: forms.Form, user: User) -> tuple[Achievement, str]:
    if action == "correct":
        return correct_achievement(achievement=entry, **_given(form), actor=user), _(
            "The entry is corrected; what it said before stays on record."
        )
    if action == "strike":
        struck = strike_achievement(achievement=entry, reason=form.cleaned_data["reason"], actor=user)
        return struck, _("The entry is struck and no longer counts.")
    if entry.evidence is None:
        raise Http404
    confirm_attachment(attachment=entry.evidence, actor=user)
    return entry, _("The file may be opened now.")


def _given(form: forms.Form) -> dict[str, Any]:
    """What the form says, as the services take it."""
    given = dict(form.cleaned_data)
    file = given.pop("evidence", None)
    return {**given, "evidence": file, "evidence_name": file.name if file else ""}


def _field(refusal: Refused, form: forms.Form) -> str | None:
    """The field a refusal is about; what concerns the uploaded file stands beside it."""
    field = "evidence" if refusal.code.startswith("attachment_") else _FIELDS.get(refusal.code)
    return field if field in form.fields else None


def _entry(pk: int) -> Achievement:
    rows = Achievement.objects.select_related("division", "evidence", "recorded_by", "corrects")
    return get_object_or_404(rows, pk=pk)


def _render(
    request: HttpRequest,
    user: User,
    entry: Achievement,
    sent: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    chain = chain_of(entry)
    counts = chain[-1].pk == entry.pk and not entry.is_struck
    is_caseworker = user.has_role(Role.CASEWORKER)
    open_forms = {
        "correct": AchievementCorrectionForm.showing(entry),
        "strike": ReasonForm(auto_id="strike-%s"),
        **(sent or {}),
    }
    evidence = entry.evidence
    context = {
        **told(request, achievement_strands(entry)),
        "stray": None if counts else next(iter((sent or {}).values()), None),
        "section": "achievements",
        "entry": entry,
        "place": place_name(entry.division),
        "counts": counts,
        "chain": chain if len(chain) > 1 else [],
        "evidence": evidence,
        "may_open": evidence is not None
        and evidence.state == AttachmentState.CLEAN
        and not (user.has_role(Role.ADMINISTRATOR) and not is_caseworker),
        "may_confirm": evidence is not None
        and evidence.state == AttachmentState.QUARANTINED
        and is_caseworker,
        "is_recorder": user.counts_as(entry.recorded_by_id, today()),
        "forms": open_forms if is_caseworker and counts else {},
        "fault": (sent or {}).get("confirm-evidence"),
    }
    return render(request, "cultivation/achievement.html", context, status=status)
