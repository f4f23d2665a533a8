"""Awards as people see them: counted by state, and paged by key."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet, Sum

from config.common.money import ZERO
from config.common.paging import Page, page_by_key
from cultivation.api import User, visible_firms
from subsidies.enums import AwardState
from subsidies.models import Award
from subsidies.permissions import READERS

from .award_filters import AwardFilter, narrowed


@dataclass(frozen=True, slots=True)
class AwardCount:
    """How many awards are in a state, and the sum of their amounts in yuan; one without an amount adds nothing."""

    state: AwardState
    label: str
    count: int
    amount: Decimal


def visible_awards(user: User | AnonymousUser) -> QuerySet[Award]:
    """The awards a person may see: the city's staff all of them, others those of the firms they see."""
    if isinstance(user, User) and user.has_role(*READERS):
        return Award.objects.all()
    return Award.objects.filter(firm__in=visible_firms(user))


def filtered_awards(user: User | AnonymousUser, wanted: AwardFilter) -> QuerySet[Award]:
    """The awards the person may see that match, the latest moved first, with what a list shows of each."""
    awards = narrowed(visible_awards(user), wanted, user)
    return awards.select_related(
        "firm__division", "accreditation", "scheme", "notice", "funding_line", "disclosure"
    ).order_by("-state_since", "-pk")


def award_page(
    user: User | AnonymousUser, wanted: AwardFilter | None = None, *, after: str = "", size: int = 50
) -> Page[Award]:
    """A page of :func:`filtered_awards`; one query, whatever the size."""
    return page_by_key(filtered_awards(user, wanted or AwardFilter()), "state_since", after=after, size=size)


def award_counts(user: User | AnonymousUser, wanted: AwardFilter | None = None) -> list[AwardCount]:
    """Every state in the order of an award's way, with number and sum of the awards the person may see; one query.

    ``wanted`` narrows them by everything but its state: the counts are the choice between states.
    """
    awards = narrowed(visible_awards(user), replace(wanted or AwardFilter(), state=""), user)
    rows = awards.order_by().values_list("state").annotate(count=Count("pk"), amount=Sum("amount"))
    found = {state: (count, amount or ZERO) for state, count, amount in rows}
    return [AwardCount(state, str(state.label), *found.get(state.value, (0, ZERO))) for state in AwardState]


def awards_by_state() -> dict[str, int]:
    """The number of awards in each state that has any, whoever may see them; one query."""
    return dict(Award.objects.order_by().values_list("state").annotate(count=Count("pk")))
