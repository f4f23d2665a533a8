"""Letters about a case: enrolment, return for correction, where it stands; previewed, then issued."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.common.clock import today
from config.common.downloads import download
from config.common.errors import Refused
from cultivation.enums import Role
from cultivation.forms.letters import CaseLetterForm
from cultivation.models import CultivationCase
from cultivation.permissions import visible_cases
from cultivation.services.letters import issue_letter, letter_facts, letter_subject
from documents.api import NoticeKind, NoticeState, notices_of, preview_notice

from .readers import reader, status_of

KINDS = (NoticeKind.ENROLMENT, NoticeKind.RETURN, NoticeKind.STATUS)


@require_http_methods(["GET", "HEAD", "POST"])
def case_letter(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """GET: the form; POST ``preview``: the PDF with its watermark; POST otherwise: the letter is issued."""
    user = reader(request)
    if not user.has_role(Role.CASEWORKER, Role.REVIEWER):
        raise PermissionDenied
    case = visible_cases(user).select_related("firm").filter(pk=pk).first()
    if case is None or kind not in KINDS:
        raise Http404
    wanted = NoticeKind(kind)
    if request.method != "POST":
        return _render(request, case, wanted, CaseLetterForm(initial={"issued_on": today()}))
    form = CaseLetterForm(request.POST)
    if not form.is_valid():
        return _render(request, case, wanted, form, status=422)
    organ, issued_on, bases = (form.cleaned_data[name] for name in ("organ", "issued_on", "bases"))
    reason = form.cleaned_data["replace_reason"]
    try:
        if "preview" in request.POST:
            facts = letter_facts(case, kind=wanted, bases=list(bases), on=issued_on)
            content = preview_notice(
                kind=wanted,
                organ=organ,
                recipient=facts.recipient,
                context=facts.context,
                bases=facts.bases,
                issued_on=issued_on,
            )
            return download(content, name="preview.pdf", content_type="application/pdf")
        notice = issue_letter(
            case=case,
            kind=wanted,
            bases=list(bases),
            organ=organ,
            actor=user,
            issued_on=issued_on,
            replace_reason=reason,
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, case, wanted, form, status=status_of(refusal))
    messages.success(request, _("%(number)s is issued.") % {"number": notice.number})
    return redirect("documents:notice", pk=notice.pk)


def _render(
    request: HttpRequest, case: CultivationCase, kind: NoticeKind, form: CaseLetterForm, status: int = 200
) -> HttpResponse:
    try:
        notices = list(notices_of(subjects=[letter_subject(case, kind, today())]).filter(kind=kind))
    except Refused as refusal:  # not returned: there is nothing such a letter could be about
        raise Http404 from refusal
    context = {
        "title": f"{kind.label} · {case.firm.name}",
        "form": form,
        "back": reverse("cultivation:case", args=[case.pk]),
        "notices": notices,
        "standing": next((notice for notice in notices if notice.state == NoticeState.ISSUED), None),
    }
    return render(request, "documents/letter.html", context, status=status)
