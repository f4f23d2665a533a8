"""Pages for everybody, without logging in: what is in public disclosure, and how far the city has come."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from config.common.clock import today
from cultivation.api import DisclosureKind
from subsidies.selectors.public import posted, posted_page, posted_rounds, progress, total_of


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The rounds with their dates, targets and progress of the city in aggregate, and the way to the verification."""
    on = today()
    context = {"rounds": posted_rounds(on), "years": progress(on), "on": on}
    return render(request, "subsidies/public_start.html", context)


@login_not_required
@require_safe
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a round; 404 before its publication and once it is no longer posted."""
    on = today()
    period = get_object_or_404(posted(on), pk=pk)
    after = request.GET.get("after", "")
    page = posted_page(period, after=after)
    of_awards = period.kind == DisclosureKind.AWARD
    context = {
        "period": period,
        "is_over": on > period.last_day,
        "of_awards": of_awards,
        "lines": page.lines,
        "next": page.next,
        "after": after,
        "total": total_of(period) if of_awards else None,
    }
    return render(request, "subsidies/public_disclosure.html", context)
