"""Writing on a case: to the firm, from the firm, or a note that stays in the bureau."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import MessageKind, Role
from cultivation.models import CaseMessage, CultivationCase, MessageMark, User
from cultivation.permissions import require_firm_work
from cultivation.selectors.messages import messages_of

from .refusals import recorded

LONGEST_MESSAGE = 2000
WRITERS: Mapping[MessageKind, tuple[Role, ...]] = {
    MessageKind.TO_FIRM: (Role.COUNTY, Role.CASEWORKER, Role.REVIEWER),
    MessageKind.FROM_FIRM: (Role.FIRM,),
    MessageKind.NOTE: (Role.CASEWORKER, Role.REVIEWER),
}


@recorded("write_message")
def write_message(*, case: CultivationCase, kind: MessageKind, text: str, actor: User) -> CaseMessage:
    """Add to the thread of a case, whatever its state. Refused: ``message_empty``, ``message_too_long``."""
    require_firm_work(actor, case.firm, *WRITERS[kind])
    text = text.strip()
    if not text:
        raise Refused("message_empty", _("Write something first."))
    if len(text) > LONGEST_MESSAGE:
        raise Refused(
            "message_too_long",
            _("The message is longer than %(most)s characters.") % {"most": LONGEST_MESSAGE},
        )
    return CaseMessage.objects.create(case=case, kind=kind, text=text, author=actor)


def mark_read(*, case: CultivationCase, reader: User) -> None:
    """Remember that the person has the whole thread, as far as it is theirs to see, before their eyes."""
    last = messages_of(case, reader).order_by("-pk").values_list("pk", flat=True).first()
    if last is not None:
        MessageMark.objects.update_or_create(case=case, user=reader, defaults={"last_id": last})
