"""The self-check: figures in, the nine findings out; tried, kept, handed over. Nothing is kept until it is saved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.downloads import download
from config.common.errors import NotAllowed, Refused
from config.common.overtaking import seen_in
from cultivation.forms.fact_words import plain
from cultivation.forms.self_check import Sheet
from cultivation.forms.uploads import FiguresFileForm, FileRefused, read_figures
from cultivation.rules.expenses import OtherCap
from cultivation.selectors.firms import name_on
from cultivation.selectors.self_checks import is_own, self_check_of, shown_facts, starting_facts, with_uses
from cultivation.services.refusals import as_seen
from cultivation.services.self_checks import adopt_self_check, open_case_of, save_self_check
from cultivation.workbooks.self_check import write_self_check_template
from documents.api import FontsMissing

from .case_news import case_strands
from .readers import reader
from .self_check_desk import Desk, Figures, desk_of, figures_in
from .self_check_inputs import inputs_of
from .self_check_page import maker_of, page_context, show_page
from .self_check_report import self_check_pdf
from .self_check_showing import present
from .self_check_trial import tried

_TEMPLATE_NAME = "self-check.xlsx"


@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, filled from the records; sent in, the findings on top of it. Readers see what was saved."""
    desk = desk_of(request, pk, entering=request.method == "POST")
    if request.method == "POST":
        return _entered(request, desk)
    sheet = Sheet.showing(_first_facts(request, desk)) if desk.enters else None
    return show_page(request, desk, sheet=sheet)


def _entered(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One of the form's buttons: check the figures, another row, the other unit."""
    sheet = Sheet.posted(request.POST, bureau=not desk.outsider)
    act = request.POST.get("act", "check")
    if act in ("ip", "incidents"):
        return show_page(request, desk, sheet=sheet.as_typed(blank=act))
    if act == "unit" and (changed := sheet.in_other_unit()) is not None:
        return show_page(request, desk, sheet=changed)
    valid = sheet.is_valid()
    if (year := sheet.new_filing_year) is not None and "filed_on" not in sheet.figures.errors:
        messages.info(
            request,
            _("The filing is now planned for %(year)s: look at the three years before it.") % {"year": year},
        )
        return show_page(request, desk, sheet=sheet.as_typed(filing_year=year))
    if not valid:
        return show_page(request, desk, sheet=sheet, status=422)
    figures = Figures(with_uses(desk.firm, sheet.facts()), sheet.other_cap, sheet.unit)
    return show_page(request, desk, sheet=_sheet_of(figures), figures=figures)


def _first_facts(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    number = request.GET.get("from", "")
    check = self_check_of(desk.firm, int(number)) if number.isdecimal() and len(number) < 12 else None
    if check is not None:
        return shown_facts(check, outsider=desk.outsider)
    return starting_facts(desk.firm, today(), outsider=desk.outsider)


def _sheet_of(figures: Figures) -> Sheet:
    """The form filled anew, so that every fact stands in the field that the findings link to."""
    return Sheet.showing(figures.facts, figures.unit, figures.other_cap)


@require_POST
def self_check_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """A filled workbook or a file of facts into the form, for review; nothing is kept."""
    desk = desk_of(request, pk, entering=True)
    form = FiguresFileForm(request.POST, request.FILES)
    known = starting_facts(desk.firm, today(), outsider=desk.outsider)
    if not form.is_valid():
        return show_page(request, desk, sheet=Sheet.showing(known), upload=form, status=422)
    dates = {key: known[key] for key in ("filed_on", "registered_on")}
    try:
        facts = read_figures(form.cleaned_data["file"], dates, bureau=not desk.outsider)
    except FileRefused as refused:
        return show_page(
            request, desk, sheet=Sheet.showing(known), upload=form, faults=refused.faults, status=422
        )
    messages.success(
        request, _("The file is read. Look at the figures, then check them; nothing is saved yet.")
    )
    return show_page(request, desk, sheet=Sheet.showing(facts))


@require_POST
def self_check_what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Some figures moved, for a look; in place where scripts run, else as the whole page."""
    desk = desk_of(request, pk, entering=True)
    try:
        figures = figures_in(request.POST, desk)
    except Refused as refusal:
        return _unreadable(request, desk, refusal)
    trial = tried(figures.facts, request.POST, figures.unit, figures.other_cap, outsider=desk.outsider)
    if getattr(request, "htmx", False):
        return render(request, "cultivation/self_check_trial.html", page_context(desk, figures, trial))
    status = 422 if trial.form.errors else 200
    return show_page(request, desk, sheet=_sheet_of(figures), figures=figures, trial=trial, status=status)


@require_POST
def self_check_save(request: HttpRequest, pk: int) -> HttpResponse:
    desk = desk_of(request, pk, entering=True)
    try:
        figures = figures_in(request.POST, desk)
        check = save_self_check(
            firm=desk.firm, facts=figures.facts, other_cap=figures.other_cap, actor=desk.user
        )
    except Refused as refusal:
        return _unreadable(request, desk, refusal)
    messages.success(request, _("The self-check is saved."))
    return redirect("cultivation:self_check_saved", pk=pk, number=check.pk)


@require_POST
def self_check_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the figures over to the open case; a caseworker's become its assessment."""
    desk = desk_of(request, pk, entering=True)
    try:
        figures = figures_in(request.POST, desk)
    except Refused as refusal:
        return _unreadable(request, desk, refusal)
    try:
        with as_seen(
            seen_in(request), lambda: case_strands(open_case_of(desk.firm), desk.user), hold=desk.firm
        ):
            adoption = adopt_self_check(
                firm=desk.firm,
                facts=figures.facts,
                other_cap=figures.other_cap,
                seen=request.POST.get("records", ""),
                actor=desk.user,
            )
    except Refused as refusal:
        return show_page(
            request,
            desk,
            sheet=_sheet_of(figures),
            figures=figures,
            refusal=plain(refusal.message, figures.facts),
            status=403 if isinstance(refusal, NotAllowed) else 409,
        )
    if adoption.assessment is None:
        messages.success(request, _("The figures are handed over to the case."))
    else:
        verdict = adoption.assessment.get_verdict_display()
        messages.success(
            request, _("The case is assessed by these figures: %(verdict)s.") % {"verdict": verdict}
        )
    return redirect("cultivation:case", pk=adoption.case.pk)


def _unreadable(request: HttpRequest, desk: Desk, refusal: Refused) -> HttpResponse:
    """The page from the records, with what was wrong: the figures that were sent cannot be shown."""
    sheet = Sheet.showing(starting_facts(desk.firm, today(), outsider=desk.outsider))
    status = 403 if isinstance(refusal, NotAllowed) else 422
    return show_page(request, desk, sheet=sheet, refusal=refusal.message, status=status)


@require_GET
def self_check_saved(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A saved self-check as it was made."""
    desk = desk_of(request, pk)
    check = self_check_of(desk.firm, number)
    if check is None:
        raise Http404
    facts = shown_facts(check, outsider=desk.outsider)
    report = present(facts, check.result, outsider=desk.outsider, own=is_own(check))
    context = {
        **page_context(desk, Figures(facts, OtherCap(check.other_cap)), report=report),
        "check": check,
        "maker": maker_of(check, outsider=desk.outsider),
        "inputs": inputs_of(facts),
    }
    return render(request, "cultivation/self_check_saved.html", context)


@require_GET
def self_check_report(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The saved self-check on paper."""
    desk = desk_of(request, pk)
    check = self_check_of(desk.firm, number)
    if check is None:
        raise Http404
    facts = shown_facts(check, outsider=desk.outsider)
    try:
        pdf = self_check_pdf(
            firm=desk.firm,
            firm_name=name_on(desk.firm, localdate(check.made_at)),
            check=check,
            maker=maker_of(check, outsider=desk.outsider),
            report=present(facts, check.result, outsider=desk.outsider, own=is_own(check)),
            inputs=inputs_of(facts),
        )
    except FontsMissing as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="self-check-{check.pk}.pdf"'
    return answer


@require_GET
def self_check_template(request: HttpRequest) -> HttpResponse:
    """The empty workbook."""
    reader(request)
    return download(write_self_check_template(), name=_TEMPLATE_NAME)
