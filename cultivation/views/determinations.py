"""One decision of the region as recorded; lifted by two people where it was recorded wrongly (edge case 50)."""

from contextlib import AbstractContextManager

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.forms.corrections import ConfirmCorrectionForm, LiftingForm, RejectCorrectionForm
from cultivation.models import Determination, DeterminationCorrection, User
from cultivation.permissions import CITY_WIDE_ROLES, visible_firms
from cultivation.selectors.strands import determination_strands
from cultivation.services.determination_corrections import (
    confirm_determination_correction,
    propose_determination_correction,
    reject_determination_correction,
)
from cultivation.services.refusals import as_seen

from .correction_panel import DECIDERS, PROPOSERS
from .determination_panel import determination_panel
from .readers import reader, status_of

_FORMS: dict[str, type[Form]] = {"confirm": ConfirmCorrectionForm, "reject": RejectCorrectionForm}


@require_GET
def determination(request: HttpRequest, pk: int) -> HttpResponse:
    user = _staff(request)
    return _render(request, user, _found(user, pk))


@require_POST
def determination_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to lift it; 422, 409 and 403 as with the acts of a case."""
    user = _staff(request)
    found = _found(user, pk)
    if not user.has_role(*PROPOSERS):
        raise PermissionDenied
    form = LiftingForm(request.POST, prefix="propose")
    if not form.is_valid():
        return _render(request, user, found, bound=("propose", form), status=422)
    try:
        with _as_seen(request, found):
            propose_determination_correction(determination=found, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, found, bound=("propose", form), status=status_of(refusal))
    messages.success(request, _("Proposed. Nothing changes until a second person confirms it."))
    return redirect("cultivation:determination", pk=pk)


@require_POST
def determination_correction_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm or reject the waiting proposal; 422, 409 and 403 as with the acts of a case."""
    user = _staff(request)
    correction = DeterminationCorrection.objects.filter(pk=pk).first()
    if correction is None or action not in _FORMS:
        raise Http404
    found = _found(user, correction.determination_id)
    if not user.has_role(*DECIDERS):
        raise PermissionDenied
    form = _FORMS[action](request.POST, prefix=action)
    if not form.is_valid():
        return _render(request, user, found, bound=(action, form), status=422)
    try:
        with _as_seen(request, found):
            if action == "confirm":
                confirm_determination_correction(correction=correction, actor=user)
            else:
                reject_determination_correction(correction=correction, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, found, bound=(action, form), status=status_of(refusal))
    done = _("The determination is lifted. Record the right decision now, and see to the awards.")
    messages.success(request, done if action == "confirm" else _("Rejected."))
    return redirect("cultivation:determination", pk=found.pk)


def _as_seen(request: HttpRequest, found: Determination) -> AbstractContextManager[None]:
    return as_seen(seen_in(request), lambda: determination_strands(found), hold=found.firm)


def _staff(request: HttpRequest) -> User:
    """The city's staff; how a record was put right is nobody else's."""
    user = reader(request)
    if not user.has_role(*CITY_WIDE_ROLES):
        raise PermissionDenied
    return user


def _found(user: User, pk: int) -> Determination:
    rows = Determination.objects.filter(firm__in=visible_firms(user))
    found = (
        rows.select_related("firm", "case", "recorded_by", "corrects", "corrected_by").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def _render(
    request: HttpRequest,
    user: User,
    found: Determination,
    *,
    bound: tuple[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **told(request, determination_strands(found)),
        "determination": found,
        "firm": found.firm,
        "panel": determination_panel(user, found, bound),
    }
    return render(request, "cultivation/determination.html", context, status=status)
