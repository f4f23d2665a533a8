"""Awards as people see them: counted by state, paged by key, and one of them with everything behind it."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet

from config.common.paging import Page, page_by_key
from cultivation.api import User, visible_firms
from subsidies.enums import AwardState
from subsidies.models import Award
from subsidies.permissions import READERS


@dataclass(frozen=True, slots=True)
class AwardCount:
    state: AwardState
    label: str
    count: int


def visible_awards(user: User | AnonymousUser) -> QuerySet[Award]:
    """The awards a person may see: the city's staff all of them, others those of the firms they see."""
    if isinstance(user, User) and user.has_role(*READERS):
        return Award.objects.all()
    return Award.objects.filter(firm__in=visible_firms(user))


def award_page(
    user: User | AnonymousUser, *, state: str | None = None, after: str = "", size: int = 50
) -> Page[Award]:
    """The awards the person may see, the latest moved first; one query, whatever the size."""
    awards = visible_awards(user)
    if state:
        awards = awards.filter(state=state)
    return page_by_key(
        awards.select_related("firm", "accreditation", "scheme", "notice"),
        "state_since",
        after=after,
        size=size,
    )


def award_counts(user: User | AnonymousUser) -> list[AwardCount]:
    """Every state with the number of awards the person may see, in the order of an award's way; one query."""
    counts = _counts(visible_awards(user))
    return [AwardCount(state, str(state.label), counts.get(state.value, 0)) for state in AwardState]


def awards_by_state() -> dict[str, int]:
    """The number of awards in each state that has any, whoever may see them; one query."""
    return _counts(Award.objects.all())


def _counts(awards: QuerySet[Award]) -> dict[str, int]:
    return dict(awards.order_by().values_list("state").annotate(count=Count("pk")))


def award_detail(user: User | AnonymousUser, pk: int) -> Award:
    """One award the person may see, with its calculation, basis, people and events. Raises ``DoesNotExist``."""
    return (
        visible_awards(user)
        .select_related(
            "firm",
            "accreditation",
            "scheme",
            "version__basis",
            "calculation",
            "regional_award__document__policy",
            "disclosure",
            "funding_line",
            "notice",
            "calculated_by",
            "reviewed_by",
            "approved_by",
        )
        .prefetch_related("events__actor")
        .get(pk=pk)
    )
