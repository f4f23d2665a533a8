"""The awards of a firm: a page of its own, and the panel that htmx puts into the case page; their notices."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from config.common.downloads import download
from cultivation.api import Firm, Role, User, visible_firms
from documents.api import NoticeState, note_download, read_notice
from subsidies.models import Award
from subsidies.permissions import READERS
from subsidies.selectors.awards import visible_awards


@dataclass(frozen=True, slots=True)
class AwardLine:
    """An award as its reader sees it. A firm learns the amount when it is public, and no inside talk."""

    award: Award
    amount: Decimal | None
    waiting_for: str
    has_notice: bool


@require_GET
@vary_on_headers("HX-Request")
def firm_awards(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may see the firm sees its awards; anybody else is told that there is no such page."""
    user = _reader(request)
    firm = visible_firms(user).filter(pk=pk).first()
    if firm is None:
        raise Http404
    partial = bool(getattr(request, "htmx", False))
    template = "subsidies/firm_awards_panel.html" if partial else "subsidies/firm_awards.html"
    context = {"firm": firm, "lines": award_lines(firm, user), "linked": user.has_role(*READERS)}
    return render(request, template, context)


@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The stored PDF of an award's notice. A firm gets the one that stands; the office also one that was ended."""
    user = _reader(request)
    award = visible_awards(user).select_related("notice").filter(pk=pk).first()
    if award is None or award.notice is None or not _line(award, user).has_notice:
        raise Http404
    if user.firm_id == award.firm_id and user.has_role(Role.FIRM):
        note_download(notice=award.notice, actor=user)
    name = f"{award.notice.number}.pdf"
    return download(read_notice(award.notice), name=name, content_type="application/pdf")


def award_lines(firm: Firm, reader: User) -> list[AwardLine]:
    """The awards of a firm, oldest first, as the person sees them."""
    awards = Award.objects.filter(firm=firm).select_related("accreditation", "notice").order_by("pk")
    return [_line(award, reader) for award in awards]


def _reader(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(Role.FIRM, Role.COUNTY, *READERS):
        raise PermissionDenied
    return user


def _line(award: Award, reader: User) -> AwardLine:
    inside = reader.has_role(Role.COUNTY, *READERS)
    public = award.disclosure_id is not None or award.approved_by_id is not None
    return AwardLine(
        award=award,
        amount=award.amount if inside or public else None,
        waiting_for=award.waiting_for if inside else "",
        has_notice=award.notice is not None and (inside or award.notice.state == NoticeState.ISSUED),
    )
