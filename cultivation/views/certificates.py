"""The register of certificates and the page of one: term, yearly reports, revocation and what follows from it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.clock import today
from config.common.errors import NotAllowed, Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import OPEN_CASE_STATES, CertificateFilter, Role
from cultivation.forms.certificates import (
    CertificateFilterForm,
    ReportCorrectionForm,
    ReportForm,
    RevocationForm,
)
from cultivation.models import Accreditation, AnnualReport, CultivationCase, User
from cultivation.permissions import CITY_WIDE_ROLES
from cultivation.rules.after_accreditation import REVOCATION_SOURCES
from cultivation.selectors.certificates import (
    CertificateLine,
    certificate_counts,
    certificate_lines,
    certificate_page,
    terms_on,
    visible_certificates,
    with_standing,
)
from cultivation.selectors.strands import certificate_strands
from cultivation.selectors.targets import counties
from cultivation.services.annual_reports import correct_annual_report, record_annual_report
from cultivation.services.determinations import revoke_accreditation
from cultivation.services.refusals import as_seen

from .correction_panel import correction_panel
from .presenting import division_name, is_outsider
from .readers import reader


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The certificates the person may see, by standing and flags, searched, paged by key."""
    user = reader(request)
    on = today()
    places = counties(on)
    form = CertificateFilterForm(request.GET, counties=[county for county, _name in places])
    filters = form.wanted()
    after = request.GET.get("after", "")
    terms = terms_on(on)
    page = certificate_page(user, on, after=after, terms=terms, **filters)
    counts = certificate_counts(user, on, terms=terms)
    names = {county.pk: name for county, name in places}
    lines = certificate_lines(page.rows, on, terms=terms)
    context = {
        "form": form,
        "counts": [
            (key, key.label, count)
            for key, count in counts.items()
            if count or key is not CertificateFilter.NOT_YET
        ],
        "rows": [
            (line, names.get(line.certificate.firm.division_id or 0) or _("Outside Baise")) for line in lines
        ],
        "next": page.next,
        "after": after,
        "shown": filters["shown"],
        "text": filters["text"],
        "division": filters["division"].key if filters["division"] else "",
        "counties": places if user.has_role(*CITY_WIDE_ROLES) else [],
        "outsider": is_outsider(user),
        "in_city": user.has_role(*CITY_WIDE_ROLES),
        "is_caseworker": user.has_role(Role.CASEWORKER),
        "on": on,
    }
    return render(request, "cultivation/certificates.html", context)


@require_GET
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate with what is due, what came, and what a revocation would do."""
    user = reader(request)
    return render_certificate(request, user, find_certificate(user, pk))


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a filed report; 422, 409 and 403 as with the acts of a case."""
    user = reader(request)
    found = find_certificate(user, pk)
    form = ReportForm(request.POST, years=open_years(_line(found)), prefix="report")
    return _act(request, user, found, "report", form)


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a recorded report, as a second person."""
    user = reader(request)
    found = find_certificate(user, pk)
    form = ReportCorrectionForm(request.POST, entries=list(_line(found).entries.values()), prefix="correct")
    return _act(request, user, found, "correct", form)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the region's revocation."""
    user = reader(request)
    found = find_certificate(user, pk)
    return _act(request, user, found, "revoke", RevocationForm(request.POST, prefix="revoke"))


_ACTS = ("report", "correct", "revoke")


def open_years(line: CertificateLine) -> list[int]:
    """Years whose report falls due in the term, is not recorded, and can be filed by now."""
    return [row.year for row in line.reports if row.year not in line.entries and row.year < today().year]


def _act(request: HttpRequest, user: User, found: Accreditation, act: str, form: Form) -> HttpResponse:
    if not form.is_valid():
        return render_certificate(request, user, found, bound=(act, form), status=422)
    try:
        with as_seen_certificate(request, found):
            _do(act, found, user, form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return render_certificate(request, user, found, bound=(act, form), status=status)
    messages.success(request, _("Recorded."))
    return redirect("cultivation:certificate", pk=found.pk)


def as_seen_certificate(request: HttpRequest, found: Accreditation) -> AbstractContextManager[None]:
    """Whatever is done to a certificate is done to it as the page showed it."""
    return as_seen(seen_in(request), lambda: certificate_strands(found), hold=found.firm)


def _do(act: str, found: Accreditation, user: User, answers: Mapping[str, Any]) -> None:
    if act == "report":
        record_annual_report(accreditation=found, actor=user, **answers)
    elif act == "correct":
        entry = AnnualReport.objects.get(pk=answers["entry"], accreditation=found)
        correct_annual_report(
            report=entry, reported_on=answers["reported_on"], reason=answers["reason"], actor=user
        )
    else:
        revoke_accreditation(accreditation=found, actor=user, **answers)


def find_certificate(user: User, pk: int) -> Accreditation:
    certificates = with_standing(visible_certificates(user), today())
    found = certificates.select_related("firm__division", "revoked_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _line(found: Accreditation) -> CertificateLine:
    return certificate_lines([found], today())[0]


def render_certificate(
    request: HttpRequest,
    user: User,
    found: Accreditation,
    *,
    bound: tuple[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    line = _line(found)
    acts: dict[str, Form] = {}
    if user.has_role(Role.CASEWORKER):
        if years := open_years(line):
            acts["report"] = ReportForm(years=years, prefix="report")
        if line.entries:
            acts["correct"] = ReportCorrectionForm(entries=list(line.entries.values()), prefix="correct")
        if found.revoked_on is None:
            acts["revoke"] = RevocationForm(prefix="revoke")
    if bound and bound[0] in _ACTS:
        acts[bound[0]] = bound[1]
    context = {
        **told(request, certificate_strands(found)),
        # How a record was put right, and by whom, is the city's own matter.
        **({} if user.has_role(*CITY_WIDE_ROLES) else {"meanwhile": []}),
        "line": line,
        "certificate": found,
        "firm": found.firm,
        "division_name": division_name(found.firm),
        "forms": acts,
        "open_case": CultivationCase.objects.filter(firm=found.firm, state__in=OPEN_CASE_STATES).first(),
        "revocation_source": REVOCATION_SOURCES.get(found.revocation_cause, ""),
        "outsider": is_outsider(user),
        "in_city": user.has_role(*CITY_WIDE_ROLES),
        "year": today().year,
        "corrections": correction_panel(user, found, bound),
    }
    return render(request, "cultivation/certificate.html", context, status=status)
