"""The thread of a case: a page of its own, and the panel that htmx puts into the page of the case."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from config.common.errors import Refused
from cultivation.enums import MessageKind
from cultivation.forms.messages import MessageForm
from cultivation.models import CaseMessage, CultivationCase, User
from cultivation.permissions import visible_cases
from cultivation.selectors.messages import messages_of, unread_of
from cultivation.services.messages import mark_read, write_message

from .presenting import is_outsider, office_or_firm
from .readers import reader, status_of


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message as its reader sees it; a firm reads the office as one body."""

    at: Any
    author: str
    kind: str
    label: str
    text: str

    @property
    def is_note(self) -> bool:
        return self.kind == MessageKind.NOTE


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def case_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the thread, which is read by that; POST: one more message. 422 and 403 as with the acts of a case."""
    user = reader(request)
    case = visible_cases(user).select_related("firm").filter(pk=pk).first()
    if case is None:
        raise Http404
    if request.method != "POST":
        return _render(request, user, case, MessageForm(user=user, firm=case.firm))
    form = MessageForm(request.POST, user=user, firm=case.firm)
    if not form.can_write:
        return _render(request, user, case, form, status=403)
    if not form.is_valid():
        return _render(request, user, case, form, status=422)
    try:
        write_message(case=case, kind=form.cleaned_data["kind"], text=form.cleaned_data["text"], actor=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, case, form, status=status_of(refusal))
    messages.success(request, _("Your message is kept."))
    return redirect("cultivation:case_messages", pk=pk)


def thread(case: CultivationCase, user: User) -> list[MessageLine]:
    """The messages of a case as the person reads them."""
    outside = is_outsider(user)
    return [_line(message, case, outside) for message in messages_of(case, user)]


def _line(message: CaseMessage, case: CultivationCase, outside: bool) -> MessageLine:
    return MessageLine(
        at=message.at,
        author=office_or_firm(message.author, case.firm) if outside else str(message.author),
        kind=message.kind,
        label=message.get_kind_display(),
        text=message.text,
    )


def _render(
    request: HttpRequest, user: User, case: CultivationCase, form: MessageForm, status: int = 200
) -> HttpResponse:
    context = {
        "case": case,
        "thread": thread(case, user),
        "unread": unread_of(user, [case]).get(case.pk, 0),
        "form": form if form.can_write else None,
        "outsider": is_outsider(user),
    }
    if request.method == "GET" and form.can_write:
        mark_read(case=case, reader=user)
    partial = bool(getattr(request, "htmx", False))
    template = "cultivation/messages_panel.html" if partial else "cultivation/messages.html"
    return render(request, template, context, status=status)
