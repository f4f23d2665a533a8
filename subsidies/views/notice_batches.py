"""Grant notices for many awards at once: chosen here, made in the background by the batches of documents."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import Role
from documents.api import NoticeKind, Wanted, enqueue_batch, start_batch
from subsidies.forms.notices import NoticeBatchForm
from subsidies.models import Award
from subsidies.selectors.notices import awards_without_notice
from subsidies.services.notices import subject_of

from .access import require_roles, status_of

ISSUERS = (Role.CASEWORKER, Role.REVIEWER)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_batch_new(request: HttpRequest) -> HttpResponse:
    """The awards that wait for their notice; 422 where the choice is faulty, 409 where it is refused."""
    user = require_roles(request, *ISSUERS)
    if request.method != "POST":
        return _render(request, NoticeBatchForm(initial={"issued_on": today()}))
    form = NoticeBatchForm(request.POST)
    if not form.is_valid():
        return _render(request, form, status=422)
    try:
        with transaction.atomic():
            batch = start_batch(
                kind=NoticeKind.GRANT,
                organ=form.cleaned_data["organ"],
                issued_on=form.cleaned_data["issued_on"],
                wanted=[_wanted(award) for award in form.cleaned_data["awards"]],
                actor=user,
            )
            enqueue_batch(batch)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, form, status=status_of(refusal))
    return redirect("documents:batch", pk=batch.pk)


def _wanted(award: Award) -> Wanted:
    division = award.firm.division
    return Wanted(subject_of(award), award.firm.name, division.name_on(today()) if division else "")


def _render(request: HttpRequest, form: NoticeBatchForm, status: int = 200) -> HttpResponse:
    chosen = set(request.POST.getlist("awards")) if form.is_bound else None
    rows = [(award, chosen is None or str(award.pk) in chosen) for award in awards_without_notice()]
    return render(request, "subsidies/notice_batch_new.html", {"form": form, "rows": rows}, status=status)
