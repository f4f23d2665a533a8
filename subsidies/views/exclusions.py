"""What authorities found about firms: looked through, recorded by document, ended by a second person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from config.common.paging import page_by_key
from cultivation.api import User, as_seen
from subsidies.enums import ExclusionKind
from subsidies.forms.claims import EndExclusionForm, ExclusionFilterForm, ExclusionForm
from subsidies.models import Exclusion
from subsidies.selectors.claim_lists import ExclusionFilter, exclusions
from subsidies.selectors.strands import exclusion_strands
from subsidies.services.claims import EXCLUSION_KEEPERS, end_exclusion, record_exclusion

from .access import reader, require_roles, status_of


@require_GET
def exclusion_list(request: HttpRequest) -> HttpResponse:
    """Exclusions by what they are today, the latest recorded first."""
    user = reader(request)
    after = request.GET.get("after", "")
    form = ExclusionFilterForm(request.GET)
    wanted = form.wanted()
    page = page_by_key(exclusions(on=today(), **wanted), "recorded_at", after=after)
    context = {
        "rows": page.rows,
        "next": page.next,
        "after": after,
        "form": form,
        **wanted,
        "states": ExclusionFilter,
        "kinds": ExclusionKind,
        "on": today(),
        "may_keep": user.has_role(*EXCLUSION_KEEPERS),
    }
    return render(request, "subsidies/exclusions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exclusion_new(request: HttpRequest) -> HttpResponse:
    """Record a finding; 422 where the form or the finding is faulty."""
    user = require_roles(request, *EXCLUSION_KEEPERS)
    if request.method != "POST":
        return _render_new(request, ExclusionForm(initial={"firm": request.GET.get("firm", "")}))
    form = ExclusionForm(request.POST)
    if not form.is_valid():
        return _render_new(request, form, status=422)
    try:
        exclusion = record_exclusion(**form.cleaned_data, actor=user)
    except Refused as refusal:
        field = _FIELDS.get(refusal.code)
        form.add_error(field, refusal.message)
        return _render_new(request, form, status=422 if field else status_of(refusal))
    messages.success(request, _("Recorded; it counts from its first day on."))
    return redirect("subsidies:exclusion", pk=exclusion.pk)


_FIELDS = {"span_empty": "effective_until", "date_in_future": "document_date"}


@require_GET
def exclusion(request: HttpRequest, pk: int) -> HttpResponse:
    user = reader(request)
    return _render(request, user, get_object_or_404(exclusions(on=today()), pk=pk))


@require_POST
def exclusion_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a finding by the authority's decision, as a second person."""
    user = require_roles(request, *EXCLUSION_KEEPERS)
    found = get_object_or_404(exclusions(on=today()), pk=pk)
    form = EndExclusionForm(request.POST)
    if not form.is_valid():
        return _render(request, user, found, form, status=422)
    try:
        with as_seen(seen_in(request), lambda: exclusion_strands(found), hold=found):
            end_exclusion(exclusion=found, **form.cleaned_data, actor=user)
    except Refused as refusal:
        form.add_error("until" if refusal.code == "span_empty" else None, refusal.message)
        status = 422 if refusal.code == "span_empty" else status_of(refusal)
        return _render(request, user, exclusions(on=today()).get(pk=pk), form, status=status)
    messages.success(request, _("Ended."))
    return redirect("subsidies:exclusion", pk=pk)


def _render(
    request: HttpRequest,
    user: User,
    found: Exclusion,
    form: EndExclusionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_end = found.ended_at is None and user.has_role(*EXCLUSION_KEEPERS)
    context = {
        **told(request, exclusion_strands(found)),
        "exclusion": found,
        "on": today(),
        "form": form or (EndExclusionForm(initial={"until": today()}) if may_end else None),
        "is_recorder": user.counts_as(found.recorded_by_id, today()),
    }
    return render(request, "subsidies/exclusion.html", context, status=status)


def _render_new(request: HttpRequest, form: ExclusionForm, status: int = 200) -> HttpResponse:
    return render(request, "subsidies/exclusion_new.html", {"form": form}, status=status)
