"""Revocations and awards: what one reaches or would reach, all that is still to be done, and doing it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from config.common.errors import Refused
from cultivation.api import Accreditation, User, visible_firms
from subsidies.models import Award
from subsidies.permissions import READERS, AwardAction, may
from subsidies.rules.revocation import Consequence, consequence_for
from subsidies.selectors.revocations import awards_of_firm, reached_to_do_first, reaches_award
from subsidies.services.revocations import apply_revocations

from .award_words import consequence_label


@dataclass(frozen=True, slots=True)
class Effect:
    """An award of the firm beside a certificate: up to which year of the act a revocation reaches it, and what follows."""

    award: Award
    reached: bool
    latest_act_year: int
    consequence: str


@require_GET
@vary_on_headers("HX-Request")
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """What the revocation of a certificate does to the awards of its firm, or would do; a page, or htmx's panel.

    ``?wrongly=1`` asks what it would do to find that the certificate was recorded wrongly.
    """
    user = _reader(request)
    certificate = (
        Accreditation.objects.filter(pk=pk, firm__in=visible_firms(user)).select_related("firm").first()
    )
    if certificate is None:
        raise Http404
    partial = bool(getattr(request, "htmx", False))
    template = "subsidies/revocation_panel.html" if partial else "subsidies/revocation.html"
    wrongly = certificate.is_recorded_wrongly or request.GET.get("wrongly") == "1"
    context = {
        "certificate": certificate,
        "effects": [
            _effect(award, certificate)
            for award in awards_of_firm(certificate.firm_id)
            if not wrongly or award.accreditation_id == certificate.pk
        ],
        "wrongly": wrongly,
        "may_apply": _may_apply(user),
    }
    return render(request, template, context)


@require_GET
def revocations(request: HttpRequest) -> HttpResponse:
    """Every award that a revocation reaches, what is still to be done first."""
    user = _reader(request)
    rows = [(found, consequence_label(found.consequence)) for found in reached_to_do_first()]
    context = {
        "rows": rows,
        "to_do": sum(
            found.consequence in (Consequence.FREEZE, Consequence.RECOVER) for found, _label in rows
        ),
        "may_apply": _may_apply(user),
    }
    return render(request, "subsidies/revocations.html", context)


@require_POST
def revocations_apply(request: HttpRequest) -> HttpResponse:
    """Freeze and ask back what revocations reach; whoever may not is refused by the service and answered 403."""
    user = _reader(request)
    if not _may_apply(user):
        raise PermissionDenied
    try:
        report = apply_revocations(actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("subsidies:revocations")
    messages.success(
        request,
        _("Frozen: %(frozen)s; asked back: %(recovering)s; left on payment lists: %(listed)s.")
        % {
            "frozen": len(report.frozen),
            "recovering": len(report.recovering),
            "listed": len(report.on_list),
        },
    )
    return redirect("subsidies:revocations")


def _effect(award: Award, certificate: Accreditation) -> Effect:
    return Effect(
        award=award,
        reached=reaches_award(certificate, award),
        latest_act_year=award.accreditation.issued_on.year,
        consequence=consequence_label(consequence_for(award.state)),
    )


def _may_apply(user: User) -> bool:
    return may(user, AwardAction.FREEZE) and may(user, AwardAction.OPEN_RECOVERY)


def _reader(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*READERS):
        raise PermissionDenied
    return user
