"""Writing on a case, or to a firm apart from its cases: to the firm, from the firm, or a note that stays in the bureau."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import MessageKind, Role
from cultivation.models import CultivationCase, Firm, Message, MessageMark, User
from cultivation.permissions import require_firm_work
from cultivation.selectors.messages import Thread, messages_of, place_of

from .refusals import recorded

LONGEST_MESSAGE = 2000
WRITERS: Mapping[MessageKind, tuple[Role, ...]] = {
    MessageKind.TO_FIRM: (Role.COUNTY, Role.CASEWORKER, Role.REVIEWER),
    MessageKind.FROM_FIRM: (Role.FIRM,),
    MessageKind.NOTE: (Role.CASEWORKER, Role.REVIEWER),
}


@recorded("write_message")
def write_message(*, case: CultivationCase, kind: MessageKind, text: str, actor: User) -> Message:
    """Add to the thread of a case, whatever its state. Refused: ``message_empty``, ``message_too_long``."""
    require_firm_work(actor, case.firm, *WRITERS[kind])
    return Message.objects.create(case=case, kind=kind, text=_said(text), author=actor)


@recorded("write_firm_message")
def write_firm_message(*, firm: Firm, kind: MessageKind, text: str, actor: User) -> Message:
    """Add to the thread of a firm apart from its cases. Refused as :func:`write_message`."""
    require_firm_work(actor, firm, *WRITERS[kind])
    return Message.objects.create(firm=firm, kind=kind, text=_said(text), author=actor)


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("message_empty", _("Write something first."))
    if len(text) > LONGEST_MESSAGE:
        raise Refused(
            "message_too_long",
            _("The message is longer than %(most)s characters.") % {"most": LONGEST_MESSAGE},
        )
    return text


def mark_read(*, thread: Thread, reader: User) -> None:
    """Remember that the person has the whole thread, as far as it is theirs to see, before their eyes."""
    last = messages_of(thread, reader).order_by("-pk").values_list("pk", flat=True).first()
    if last is not None:
        mark: dict[str, Any] = {place_of(thread): thread, "user": reader}
        MessageMark.objects.update_or_create(**mark, defaults={"last_id": last})
