"""Letters about money: what one would say, its preview, and its issue."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from config.common.clock import today
from config.common.downloads import download
from config.common.errors import Refused
from cultivation.api import DisclosurePeriod, Role, User
from documents.api import Notice, NoticeFacts, NoticeKind, NoticeState, notices_of, preview_notice
from subsidies.forms.notices import AllotmentForm, AnnouncementForm, LetterForm, RecoveryLetterForm
from subsidies.models import Award
from subsidies.selectors.payment_lists import find_list
from subsidies.services.letters import (
    allotment_facts,
    announcement_facts,
    issue_allotment,
    issue_announcement,
    issue_recovery_notice,
    recovery_facts,
)
from subsidies.services.notices import GrantNotices, issue_grant_notice, subject_of

from .access import require_roles, status_of

ISSUERS = (Role.CASEWORKER, Role.REVIEWER)


@dataclass(frozen=True, slots=True)
class _Letter:
    """What the page of a letter needs to know of its kind; the functions take the form's other answers by name."""

    kind: NoticeKind
    title: Any
    form: type[LetterForm]
    issued_on: dt.date
    subject: str
    back: str
    facts: Callable[..., NoticeFacts]
    issue: Callable[..., Notice]


@require_http_methods(["GET", "HEAD", "POST"])
def allotment(request: HttpRequest, number: str) -> HttpResponse:
    """The allotment document of a payment list."""
    user = require_roles(request, *ISSUERS)
    try:
        found = find_list(number)
    except Refused as refusal:
        raise Http404 from refusal
    letter = _Letter(
        NoticeKind.ALLOTMENT,
        gettext_lazy("Allot the funds"),
        AllotmentForm,
        today(),
        f"list:{found.number}",
        reverse("subsidies:payment_list", args=[found.number]),
        lambda **answers: allotment_facts(found, **answers),
        lambda **answers: issue_allotment(payment_list=found, **answers),
    )
    return _page(request, user, letter)


@require_http_methods(["GET", "HEAD", "POST"])
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """The announcement of a round of disclosure."""
    user = require_roles(request, *ISSUERS)
    period = get_object_or_404(DisclosurePeriod.objects.filter(awards__isnull=False).distinct(), pk=pk)
    letter = _Letter(
        NoticeKind.DISCLOSURE,
        gettext_lazy("Announce the disclosure"),
        AnnouncementForm,
        period.published_on,
        f"disclosure:{period.pk}",
        reverse("subsidies:disclosures"),
        lambda **answers: announcement_facts(period, **answers),
        lambda **answers: issue_announcement(period=period, **answers),
    )
    return _page(request, user, letter)


@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """The grant notice of an award: looked at before it is issued, and replaced where the standing one is wrong."""
    user = require_roles(request, *ISSUERS)
    award = get_object_or_404(Award.objects.select_related("firm"), pk=pk)
    letter = _Letter(
        NoticeKind.GRANT,
        gettext_lazy("Grant notice"),
        LetterForm,
        today(),
        subject_of(award),
        reverse("subsidies:award", args=[award.pk]),
        lambda on: GrantNotices().facts(subject_of(award), actor=user, issued_on=on),
        lambda **answers: issue_grant_notice(award=award, **answers),
    )
    return _page(request, user, letter)


@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest, pk: int) -> HttpResponse:
    """The demand of a recovery."""
    user = require_roles(request, *ISSUERS)
    award = get_object_or_404(Award.objects.select_related("firm"), pk=pk)
    letter = _Letter(
        NoticeKind.RECOVERY,
        gettext_lazy("Demand the money back"),
        RecoveryLetterForm,
        today(),
        f"recovery:{award.pk}",
        reverse("subsidies:award", args=[award.pk]),
        lambda **answers: recovery_facts(award, **answers),
        lambda **answers: issue_recovery_notice(award=award, **answers),
    )
    return _page(request, user, letter)


def _page(request: HttpRequest, user: User, letter: _Letter) -> HttpResponse:
    """GET: the form; POST ``preview``: the PDF with its watermark; POST otherwise: the letter is issued."""
    if request.method != "POST":
        return _render(request, letter, letter.form(initial={"issued_on": letter.issued_on}))
    form = letter.form(request.POST)
    if not form.is_valid():
        return _render(request, letter, form, status=422)
    answers = dict(form.cleaned_data)
    organ, issued_on = answers.pop("organ"), answers.pop("issued_on")
    reason = answers.pop("replace_reason")
    try:
        if "preview" in request.POST:
            facts = letter.facts(on=issued_on, **answers)
            content = preview_notice(
                kind=letter.kind,
                organ=organ,
                recipient=facts.recipient,
                context=facts.context,
                bases=facts.bases,
                annexes=facts.annexes,
                issued_on=issued_on,
            )
            return download(content, name="preview.pdf", content_type="application/pdf")
        notice = letter.issue(organ=organ, issued_on=issued_on, actor=user, replace_reason=reason, **answers)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, letter, form, status=status_of(refusal))
    messages.success(request, _("%(number)s is issued.") % {"number": notice.number})
    return redirect("documents:notice", pk=notice.pk)


def _render(request: HttpRequest, letter: _Letter, form: LetterForm, status: int = 200) -> HttpResponse:
    notices = list(notices_of(subjects=[letter.subject]).filter(kind=letter.kind))
    context = {
        "title": letter.title,
        "form": form,
        "back": letter.back,
        "notices": notices,
        "standing": next((notice for notice in notices if notice.state == NoticeState.ISSUED), None),
    }
    return render(request, "documents/letter.html", context, status=status)
