"""Messages as far as a person may read them, and which of them are new to that person.

A thread is that of a case, or that of a firm apart from its cases.
"""

from typing import Literal

from django.db.models import F, FilteredRelation, Max, Q, QuerySet

from cultivation.enums import MessageKind, Role
from cultivation.models import CultivationCase, Firm, Message, User
from cultivation.permissions import CITY_WIDE_ROLES, visible_cases, visible_firms

Thread = CultivationCase | Firm

# Notes are the bureau's own: neither firms nor counties learn that there are any.
_BETWEEN_OFFICE_AND_FIRM = (MessageKind.TO_FIRM, MessageKind.FROM_FIRM)


def readable_kinds(user: User) -> tuple[MessageKind, ...]:
    """What of a thread the person is shown, where the case or the firm itself is."""
    return tuple(MessageKind) if user.has_role(*CITY_WIDE_ROLES) else _BETWEEN_OFFICE_AND_FIRM


def place_of(thread: Thread) -> Literal["case", "firm"]:
    """What the thread hangs on, as messages and marks name it."""
    return "case" if isinstance(thread, CultivationCase) else "firm"


def messages_of(thread: Thread, user: User) -> QuerySet[Message]:
    """What the person may see of a thread, the oldest first."""
    found = Message.objects.filter(**{place_of(thread): thread}, kind__in=readable_kinds(user))
    return found.select_related("author").order_by("pk")


def unread_in(thread: Thread, user: User) -> int:
    """How many messages of a thread are new to the person (one query)."""
    place = place_of(thread)
    return _unread(user, place).filter(**{place: thread}).count()


def cases_with_news(user: User) -> QuerySet[CultivationCase]:
    """The cases that hold something new for the person, the latest written on first."""
    found = visible_cases(user).filter(pk__in=_unread(user, "case").values("case_id"))
    return found.annotate(latest=_latest(user)).order_by("-latest")


def firms_with_news(user: User) -> QuerySet[Firm]:
    """The firms in whose own threads something is new for the person, the latest written to first."""
    found = visible_firms(user).filter(pk__in=_unread(user, "firm").values("firm_id"))
    return found.annotate(latest=_latest(user)).order_by("-latest")


def _latest(user: User) -> Max:
    """The last message of a thread that the person may read: the order of threads tells of no note either."""
    return Max("messages", filter=Q(messages__kind__in=readable_kinds(user)))


def _unread(user: User, place: Literal["case", "firm"]) -> QuerySet[Message]:
    """What others wrote to the person's side after the mark, in threads of cases or of firms.

    Colleagues who come later find what was written before as read; a firm is told of it with its first account.
    """
    is_office = user.has_role(Role.COUNTY, *CITY_WIDE_ROLES)
    wanted = {MessageKind.FROM_FIRM, MessageKind.NOTE} if is_office else {MessageKind.TO_FIRM}
    messages = Message.objects.filter(
        **{f"{place}__isnull": False}, kind__in=wanted.intersection(readable_kinds(user))
    )
    if is_office:
        messages = messages.filter(at__gte=user.date_joined)
    marks = f"{place}__message_marks"
    marked = messages.alias(mark=FilteredRelation(marks, condition=Q(**{f"{marks}__user": user})))
    unread = marked.filter(Q(mark__isnull=True) | Q(pk__gt=F("mark__last_id"))).exclude(author=user)
    return unread.order_by()
