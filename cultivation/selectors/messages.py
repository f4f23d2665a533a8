"""Messages on cases as far as a person may read them, and which of them are new to that person."""

from collections.abc import Iterable

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from cultivation.enums import MessageKind, Role
from cultivation.models import CaseMessage, CultivationCase, User
from cultivation.permissions import CITY_WIDE_ROLES, visible_cases

# Notes are the bureau's own: neither firms nor counties learn that there are any.
_BETWEEN_OFFICE_AND_FIRM = (MessageKind.TO_FIRM, MessageKind.FROM_FIRM)


def readable_kinds(user: User) -> tuple[MessageKind, ...]:
    """What of a thread the person is shown, where the case itself is."""
    return tuple(MessageKind) if user.has_role(*CITY_WIDE_ROLES) else _BETWEEN_OFFICE_AND_FIRM


def messages_of(case: CultivationCase, user: User) -> QuerySet[CaseMessage]:
    """The thread of a case that the person may see, the oldest first."""
    found = CaseMessage.objects.filter(case=case, kind__in=readable_kinds(user))
    return found.select_related("author").order_by("pk")


def unread_of(user: User, cases: Iterable[CultivationCase]) -> dict[int, int]:
    """How many messages are new to the person, by case; cases without any are left out (one query)."""
    ids = [case.pk for case in cases]
    counted = _unread(user).filter(case_id__in=ids).order_by().values_list("case_id").annotate(n=Count("pk"))
    return dict(counted.values_list("case_id", "n"))


def cases_with_news(user: User) -> QuerySet[CultivationCase]:
    """The cases that hold something new for the person."""
    return visible_cases(user).filter(pk__in=_unread(user).order_by().values("case_id"))


def _unread(user: User) -> QuerySet[CaseMessage]:
    """What others wrote to the person's side after the mark."""
    is_office = user.has_role(Role.COUNTY, *CITY_WIDE_ROLES)
    wanted = {MessageKind.FROM_FIRM, MessageKind.NOTE} if is_office else {MessageKind.TO_FIRM}
    messages = CaseMessage.objects.filter(kind__in=wanted.intersection(readable_kinds(user)))
    marked = messages.alias(
        mark=FilteredRelation("case__message_marks", condition=Q(case__message_marks__user=user))
    )
    return marked.filter(Q(mark__isnull=True) | Q(pk__gt=F("mark__last_id"))).exclude(author=user)
