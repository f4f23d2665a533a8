"""All awards: narrowed, summed by state, chosen for a bulk act, exported as shown; and the run that proposes them."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.money import ZERO
from cultivation.api import User, counties
from subsidies.enums import AwardState
from subsidies.forms.awards import AwardFilterForm
from subsidies.permissions import AwardAction, may
from subsidies.selectors.awards import AwardCount, award_counts, award_page
from subsidies.services.bulk import MOST, SERVICES, source_states
from subsidies.services.proposals import propose_awards

from .access import reader
from .award_words import division_names


@require_GET
def awards(request: HttpRequest) -> HttpResponse:
    """The awards that match, the latest moved first, with number and sum of each state."""
    return render_awards(request, reader(request))


def render_awards(request: HttpRequest, user: User, *, fault: str = "", status: int = 200) -> HttpResponse:
    """The list; ``fault`` says why a choice made on it leads nowhere."""
    divisions = counties(today())
    form = AwardFilterForm(request.GET, counties=divisions)
    wanted = form.wanted()
    after = request.GET.get("after", "")
    page = award_page(user, wanted, after=after)
    counts = award_counts(user, wanted)
    names = division_names(divisions)
    shown = [row for row in counts if wanted.state in ("", row.state.value)]
    context = {
        "form": form,
        "wanted": wanted,
        "fault": fault,
        "counts": counts,
        "all_count": sum(row.count for row in counts),
        "shown_count": sum(row.count for row in shown),
        "shown_amount": _sum(shown),
        "rows": [(award, names[award.firm.division_id]) for award in page.rows],
        "next": page.next,
        "after": after,
        "acts": _acts(user, shown),
        "most": MOST,
        "may_propose": may(user, AwardAction.PROPOSE),
        "may_issue": may(user, AwardAction.ISSUE_NOTICE),
    }
    return render(request, "subsidies/awards.html", context, status=status)


def _sum(counts: list[AwardCount]) -> Decimal:
    return sum((row.amount for row in counts), ZERO)


def _acts(user: User, shown: list[AwardCount]) -> list[tuple[AwardAction, int]]:
    """The bulk acts of the person's roles, each with how many of the awards shown are in a state for it."""
    in_state = {row.state.value: row.count for row in shown}
    return [
        (action, sum(in_state.get(state, 0) for state in source_states(action)))
        for action in SERVICES
        if may(user, action)
    ]


@require_POST
def awards_propose(request: HttpRequest) -> HttpResponse:
    """Make the awards that are missing and say what the waiting ones wait for; again, it makes none."""
    user = reader(request)
    try:
        result = propose_awards(actor=user)
    except Refused as refusal:
        return render_awards(request, user, fault=refusal.message, status=403)
    waiting = result["waiting"]
    assert isinstance(waiting, dict)  # noqa: S101 (narrows the type)
    reasons = _("; ").join(f"{AwardState(state).label}: {count}" for state, count in waiting.items())
    messages.success(
        request,
        _("Awards proposed: %(created)s new, %(existing)s there already. Waiting: %(reasons)s.")
        % {"created": result["created"], "existing": result["existing"], "reasons": reasons},
    )
    return redirect("subsidies:awards")
