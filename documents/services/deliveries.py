"""How a notice reached its addressee: downloaded by the firm, handed over, or sent."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from documents.enums import DeliveryKind, NoticeState
from documents.models import Notice, NoticeDelivery

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


def record_delivery(
    *,
    notice: Notice,
    kind: DeliveryKind,
    delivered_on: dt.date,
    receiver: str,
    actor: "User",
    proof: str = "",
) -> NoticeDelivery:
    """Who received it and when. Who may record this is for the app to say that issued the notice.

    ``Refused``: notice_ended, receiver_missing, date_in_future, before_issue.
    """
    if notice.state != NoticeState.ISSUED:
        raise Refused("notice_ended", _("This notice is no longer in force."))
    if not receiver.strip():
        raise Refused("receiver_missing", _("Name who received it."))
    if delivered_on > today():
        raise Refused(
            "date_in_future", _("%(date)s lies in the future.") % {"date": delivered_on.isoformat()}
        )
    if delivered_on < notice.issued_on:
        raise Refused("before_issue", _("A notice is delivered on its date of issue or later."))
    return NoticeDelivery.objects.create(
        notice=notice,
        kind=kind,
        delivered_on=delivered_on,
        receiver=receiver.strip(),
        proof=proof.strip(),
        recorded_by=actor,
        recorded_at=now(),
    )


def note_download(*, notice: Notice, actor: "User") -> None:
    """The addressee's person took the notice: recorded the first time each of them does."""
    taken = NoticeDelivery.objects.filter(
        notice=notice, kind=DeliveryKind.DOWNLOADED, recorded_by=actor
    ).exists()
    if not taken:
        record_delivery(
            notice=notice,
            kind=DeliveryKind.DOWNLOADED,
            delivered_on=today(),
            receiver=str(actor),
            actor=actor,
        )
