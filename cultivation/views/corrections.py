"""A certificate recorded wrongly: the correction proposed by one person, confirmed or rejected by another (edge case 50)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.common.errors import Refused
from cultivation.forms.corrections import ConfirmCorrectionForm, CorrectionForm, RejectCorrectionForm
from cultivation.models import AccreditationCorrection
from cultivation.services.accreditation_corrections import (
    confirm_correction,
    propose_correction,
    reject_correction,
)

from .certificates import as_seen_certificate, find_certificate, render_certificate
from .correction_panel import DECIDERS, PROPOSERS
from .readers import reader, status_of

_FORMS: dict[str, type[Form]] = {"confirm": ConfirmCorrectionForm, "reject": RejectCorrectionForm}


@require_POST
def correction_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose what a certificate should have said; 409 where it was corrected since the page was opened."""
    user = reader(request)
    found = find_certificate(user, pk)
    if not user.has_role(*PROPOSERS):
        raise PermissionDenied
    form = CorrectionForm(request.POST, certificate=found, prefix="propose")
    if not form.is_valid():
        return render_certificate(request, user, found, bound=("propose", form), status=422)
    try:
        with as_seen_certificate(request, found):
            propose_correction(
                accreditation=found,
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                document=form.cleaned_data["document"],
                actor=user,
            )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return render_certificate(request, user, found, bound=("propose", form), status=status_of(refusal))
    messages.success(request, _("Proposed. Nothing changes until a second person confirms it."))
    return redirect("cultivation:certificate", pk=pk)


@require_POST
def correction_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm or reject a proposed correction; 422, 409 and 403 as with the acts of a case."""
    user = reader(request)
    correction = AccreditationCorrection.objects.filter(pk=pk).first()
    if correction is None or action not in _FORMS:
        raise Http404
    found = find_certificate(user, correction.accreditation_id)
    if not user.has_role(*DECIDERS):
        raise PermissionDenied
    form = _FORMS[action](request.POST, prefix=action)
    if not form.is_valid():
        return render_certificate(request, user, found, bound=(action, form), status=422)
    try:
        with as_seen_certificate(request, found):
            if action == "confirm":
                confirm_correction(correction=correction, actor=user)
            else:
                reject_correction(correction=correction, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return render_certificate(request, user, found, bound=(action, form), status=status_of(refusal))
    done = _("The certificate is corrected; what it said before stays on record.")
    messages.success(request, done if action == "confirm" else _("Rejected."))
    return redirect("cultivation:certificate", pk=found.pk)
