"""Disclosure rounds of the bureau: what is disclosed now, until when, what was objected, and the list for posting."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.common.clock import today
from config.common.downloads import download
from config.common.money import ZERO
from config.common.workbooks import Book
from cultivation.api import DisclosureKind, DisclosurePeriod, Role, counties, name_on
from subsidies.models import Award
from subsidies.permissions import AwardAction, may
from subsidies.selectors.disclosures import (
    awards_of_round,
    objections_holding_up,
    open_rounds,
    page_of_disclosed,
    round_asked,
)

from .access import reader
from .award_words import division_names


@require_GET
def disclosures(request: HttpRequest) -> HttpResponse:
    """The rounds with an award still in disclosure, and their awards; of one round where the address names it."""
    user = reader(request)
    rounds = open_rounds(today())
    chosen = round_asked(request.GET.dict())
    after = request.GET.get("after", "")
    page = page_of_disclosed(chosen, after=after)
    objections = objections_holding_up(page.rows)
    context = {
        "rounds": rounds,
        "chosen": chosen,
        "rows": [(award, objections[award.pk]) for award in page.rows],
        "next": page.next,
        "after": after,
        "on": today(),
        "may_write": may(user, AwardAction.ISSUE_NOTICE),
        "is_caseworker": user.has_role(Role.CASEWORKER),
    }
    return render(request, "subsidies/disclosures.html", context)


@require_GET
def disclosure_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A round's list for posting: firms under the names of the day of publication, amounts and their total."""
    reader(request)
    period = get_object_or_404(DisclosurePeriod, pk=pk, kind=DisclosureKind.AWARD)
    awards = list(awards_of_round(period))
    if not awards:
        raise Http404
    name = f"disclosure-{period.published_on.isoformat()}-{period.pk}.xlsx"
    return download(_posting_list(period, awards), name=name)


def _posting_list(period: DisclosurePeriod, awards: list[Award]) -> bytes:
    names = division_names(counties(period.published_on))
    headers = [
        *(_("No."), _("Firm"), _("Unified social credit code"), _("Division"), _("Certificate number")),
        *(_("Scheme"), _("Amount (yuan)")),
    ]
    dates = _("Published on %(first)s at %(place)s; disclosed through %(last)s (%(days)s working days).")
    with Book() as book:
        out = book.add(_("Disclosure"))
        for column, width in enumerate((6, 36, 24, 14, 20, 36, 18)):
            out.sheet.set_column(column, column, width)
        out.write(0, 0, _("Proposed awards in public disclosure"), bold=True)
        out.write(
            1,
            0,
            dates
            % {
                "first": period.published_on.isoformat(),
                "place": period.place,
                "last": period.last_day.isoformat(),
                "days": period.working_days,
            },
        )
        for column, header in enumerate(headers):
            out.write(2, column, header, bold=True, bottom=1)
        for number, award in enumerate(awards, start=1):
            cells = (
                number,
                name_on(award.firm, period.published_on),
                award.firm.credit_code,
                names[award.firm.division_id],
                award.accreditation.certificate_number,
                award.scheme.name,
                award.amount,
            )
            for column, value in enumerate(cells):
                out.write(number + 2, column, value)
        last = len(awards) + 3
        out.write(last, 1, _("Total"), bold=True)
        out.write(last, 6, sum((award.amount or ZERO for award in awards), ZERO), bold=True)
    return book.content
