"""Quarterly bulletins (通报) and yearly reports: drawn up once a version, listed, fetched as PDF and workbook."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from config.common.downloads import download
from config.common.errors import Refused
from config.common.paging import page_by_key
from cultivation.background import enqueue_paper
from cultivation.enums import Role
from cultivation.forms.bulletins import BulletinForm, period_name
from cultivation.models import Bulletin, User
from cultivation.selectors.bulletins import bulletins as all_bulletins
from cultivation.selectors.bulletins import is_unchanged
from cultivation.services.bulletins import draw_up_bulletin, make_bulletin_paper
from cultivation.workbooks.board import board_xlsx
from documents.api import FontsMissing

from .board_places import caseworker, office
from .readers import status_of


@require_http_methods(["GET", "HEAD", "POST"])
def bulletins(request: HttpRequest) -> HttpResponse:
    """The list, the latest first; a caseworker draws up another one here."""
    if request.method != "POST":
        return _render(request, office(request), BulletinForm())
    user = caseworker(request)
    form = BulletinForm(request.POST)
    if not form.is_valid():
        return _render(request, user, form, status=422)
    try:
        bulletin = draw_up_bulletin(**form.chosen, actor=user)
    except Refused as refusal:
        form.add_error("period", refusal.message)
        return _render(request, user, form, status=status_of(refusal))
    enqueue_paper(bulletin)
    messages.success(request, _("Drawn up; the PDF is being made."))
    return redirect("cultivation:bulletin", pk=bulletin.pk)


@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says in short, and its files."""
    office(request)
    found = _bulletin(pk)
    this_year = next((row for row in found.content["board"]["years"] if row["year"] == found.year), None)
    context = {
        "section": "bulletins",
        "bulletin": found,
        "name": period_name(found.year, found.quarter),
        "content": found.content,
        "this_year": this_year,
        "paper": getattr(found, "paper", None),
        "is_unchanged": is_unchanged(found),
    }
    return render(request, "cultivation/bulletin.html", context)


@require_GET
def bulletin_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF: the same bytes every time; made at once where no worker has come to it yet."""
    office(request)
    found = _bulletin(pk)
    try:
        paper = make_bulletin_paper(bulletin=found)
    except FontsMissing as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    with paper.file.open("rb") as stored:
        content = stored.read()
    return download(content, name=f"{_file_name(found)}.pdf", content_type="application/pdf")


@require_GET
def bulletin_numbers(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers it was made of, those of its pictures included."""
    office(request)
    found = _bulletin(pk)
    return download(board_xlsx(found.content["board"]), name=f"{_file_name(found)}.xlsx")


def _bulletin(pk: int) -> Bulletin:
    return get_object_or_404(all_bulletins(), pk=pk)


def _file_name(found: Bulletin) -> str:
    return f"bulletin-{found.year}-{found.quarter or 'year'}-v{found.number}"


def _render(request: HttpRequest, user: User, form: BulletinForm, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    page = page_by_key(all_bulletins(), "drawn_up_at", after=after)
    context = {
        "section": "bulletins",
        "rows": [(row, period_name(row.year, row.quarter), getattr(row, "paper", None)) for row in page.rows],
        "next": page.next,
        "after": after,
        "form": form if user.has_role(Role.CASEWORKER) else None,
    }
    return render(request, "cultivation/bulletins.html", context, status=status)
