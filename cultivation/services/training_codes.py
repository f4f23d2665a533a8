"""The code shown in the room: it opens the sign-in of one session, on the day of that session alone.

It is signed, so that none can be made up, and carries the number of the code, so that a caseworker can replace one that
went round. It proves no presence: what is signed by it waits for a caseworker who knows who sat there.
"""

from django.core import signing
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.models import TrainingSession

_SIGNER = signing.Signer(salt="cultivation.training_codes")


def code_of(session: TrainingSession) -> str:
    """The session's present code, for an address."""
    return _SIGNER.sign(f"{session.pk}-{session.code_version}").replace(":", ".")


def session_of(code: str) -> TrainingSession:
    """The session that a code opens. Refused: ``code_unknown``, ``code_replaced``, ``code_of_another_day``."""
    try:
        pk, version = _SIGNER.unsign(code.replace(".", ":", 1)).split("-")
        session = TrainingSession.objects.get(pk=int(pk))
    except (signing.BadSignature, ValueError, TrainingSession.DoesNotExist) as error:
        raise Refused("code_unknown", _("This is not a sign-in code.")) from error
    if session.code_version != int(version):
        raise Refused("code_replaced", _("This code has been replaced; use the one shown in the room."))
    if session.held_on != today():
        raise Refused(
            "code_of_another_day", _("This code is valid on %(day)s only.") % {"day": session.held_on}
        )
    return session
