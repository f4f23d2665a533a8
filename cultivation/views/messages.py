"""The thread of a case or of a firm: a page of its own, and the panel that htmx puts into the page it belongs to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from config.common.errors import Refused
from cultivation.enums import MessageKind
from cultivation.forms.messages import MessageForm
from cultivation.models import CultivationCase, Firm, Message, User
from cultivation.permissions import visible_cases
from cultivation.selectors.messages import (
    Thread,
    cases_with_news,
    firms_with_news,
    messages_of,
    place_of,
    unread_in,
)
from cultivation.services.messages import WRITERS, mark_read, write_firm_message, write_message

from .presenting import is_outsider, office_or_firm
from .queue import clerk
from .readers import reader, status_of, visible_firm

T = TypeVar("T", CultivationCase, Firm)

_MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message as its reader sees it; a firm reads the office as one body."""

    at: Any
    author: str
    kind: str
    label: str
    text: str


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def case_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the thread, which is read by that; POST: one more message. 422 and 403 as with the acts of a case."""
    user = reader(request)
    case = visible_cases(user).select_related("firm").filter(pk=pk).first()
    if case is None:
        raise Http404
    return _answer(request, user, case, lambda answers: write_message(case=case, actor=user, **answers))


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def firm_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for the thread of a firm apart from its cases; it may have none."""
    user = reader(request)
    firm = visible_firm(user, pk)
    return _answer(request, user, firm, lambda answers: write_firm_message(firm=firm, actor=user, **answers))


@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """Where something is new for a person of the office who answers firms."""
    user = clerk(request)
    if not user.has_role(*WRITERS[MessageKind.TO_FIRM]):
        raise PermissionDenied
    threads, total = news_of(user, _MOST_SHOWN)
    return render(request, "cultivation/news.html", {"news": threads, "news_total": total})


def news_of(user: User, most: int) -> tuple[list[tuple[str, Thread]], int]:
    """The threads with something new for the person, each with its address, and how many there are in all.

    Those of firms come first; at most ``most`` of firms and as many of cases, the latest written on.
    """
    firms, all_firms = _first(firms_with_news(user), most)
    cases, all_cases = _first(cases_with_news(user).select_related("firm"), most)
    threads: list[Thread] = [*firms, *cases]
    return [(address_of(thread), thread) for thread in threads], all_firms + all_cases


def _first(found: QuerySet[T], most: int) -> tuple[list[T], int]:
    """The first rows, and how many there are in all; counted only where they may be more."""
    rows = list(found[:most])
    return rows, found.count() if len(rows) == most else len(rows)


def address_of(thread: Thread) -> str:
    """The page of the thread."""
    return reverse(f"cultivation:{place_of(thread)}_messages", args=[thread.pk])


def lines_of(thread: Thread, user: User) -> list[MessageLine]:
    """The messages of a thread as the person reads them."""
    firm, outside = _firm_of(thread), is_outsider(user)
    return [_line(message, firm, outside) for message in messages_of(thread, user)]


def _firm_of(thread: Thread) -> Firm:
    return thread.firm if isinstance(thread, CultivationCase) else thread


def _line(message: Message, firm: Firm, outside: bool) -> MessageLine:
    return MessageLine(
        at=message.at,
        author=office_or_firm(message.author, firm) if outside else str(message.author),
        kind=message.kind,
        label=message.get_kind_display(),
        text=message.text,
    )


def _answer(
    request: HttpRequest, user: User, thread: Thread, write: Callable[[dict[str, Any]], Message]
) -> HttpResponse:
    firm = _firm_of(thread)
    if request.method != "POST":
        return _render(request, user, thread, MessageForm(user=user, firm=firm))
    form = MessageForm(request.POST, user=user, firm=firm)
    if not form.can_write:
        return _render(request, user, thread, form, status=403)
    if not form.is_valid():
        return _render(request, user, thread, form, status=422)
    try:
        write(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, thread, form, status=status_of(refusal))
    messages.success(request, _("Your message is kept."))
    return redirect(address_of(thread))


def _render(
    request: HttpRequest, user: User, thread: Thread, form: MessageForm, status: int = 200
) -> HttpResponse:
    context = {
        "place": place_of(thread),
        "about": thread,
        "firm": _firm_of(thread),
        "address": address_of(thread),
        "lines": lines_of(thread, user),
        "unread": unread_in(thread, user),
        "form": form if form.can_write else None,
        "outsider": is_outsider(user),
    }
    if request.method == "GET" and form.can_write:
        mark_read(thread=thread, reader=user)
    partial = bool(getattr(request, "htmx", False))
    template = "cultivation/messages_panel.html" if partial else "cultivation/messages.html"
    return render(request, template, context, status=status)
