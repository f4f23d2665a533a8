"""Signing in for oneself at a session, and the caseworker's word on it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.common import credit_codes
from config.common.clock import now
from config.common.errors import Refused
from config.common.text import normalise
from cultivation.enums import Role, SignInState
from cultivation.models import Firm, SignIn, TrainingSession, User
from cultivation.permissions import require_role
from cultivation.selectors.training import standing_attendance

from .refusals import recorded
from .training import AttendanceRow, record_attendance
from .training_codes import session_of

_MOST = 2000
_LONGEST_NAME = 60


@recorded("sign_in")
def sign_in(*, code: str, attendee: str, credit_code: str = "", actor: User | None = None) -> SignIn:
    """A person says to be at the session of ``code``; the same person once more changes nothing.

    A firm's user signs in for the own firm, anybody else by credit code. Whether a firm is known here is not told: a
    code of no firm is taken as well, and the caseworker sees it. Refused: those of ``session_of``, ``name_missing``,
    ``credit_code``, ``sign_ins_full``.
    """
    session = TrainingSession.objects.select_for_update().get(pk=session_of(code).pk)
    name = normalise(attendee)
    if not name or len(name) > _LONGEST_NAME:
        raise Refused("name_missing", _("A line needs the attendee's name."))
    own = actor.firm if actor is not None and actor.has_role(Role.FIRM) else None
    number = own.credit_code if own is not None else credit_codes.normalise(credit_code)
    if own is None and not credit_codes.is_valid(number):
        raise Refused("credit_code", _("This is not a unified social credit code of 18 characters."))
    present = SignIn.objects.filter(session=session, credit_code=number, attendee=name).first()
    if present is not None:
        return present
    if session.sign_ins.count() >= _MOST:
        raise Refused("sign_ins_full", _("No more sign-ins are taken; speak to the person in charge."))
    return SignIn.objects.create(
        session=session,
        credit_code=number,
        firm=own or Firm.objects.filter(credit_code=number).first(),
        attendee=name,
        account=actor if own is not None else None,
    )


@recorded("confirm_sign_ins")
def confirm_sign_ins(*, session: TrainingSession, sign_ins: Sequence[int], minutes: int, actor: User) -> int:
    """Make attendances of these sign-ins, all or none; how many. Who is on the list already is not counted twice.

    Refused: ``nothing_chosen``, ``sign_ins_decided`` (somebody else was quicker), ``firm_unknown``, and those of
    ``record_attendance``.
    """
    rows = _waiting(session, sign_ins, actor)
    unknown = [row.attendee for row in rows if row.firm is None]
    if unknown:
        raise Refused(
            "firm_unknown",
            _("No firm here has the credit code given by %(names)s; nothing was confirmed.")
            % {"names": _(", ").join(unknown)},
        )
    present = set(standing_attendance(session).values_list("firm_id", "attendee"))
    new = [
        AttendanceRow(firm=row.firm, attendee=row.attendee, minutes=minutes)
        for row in rows
        if row.firm is not None and (row.firm_id, row.attendee) not in present
    ]
    if new:
        record_attendance(session=session, rows=new, actor=actor)
    _decide(rows, SignInState.CONFIRMED, actor)
    return len(rows)


@recorded("reject_sign_ins")
def reject_sign_ins(*, session: TrainingSession, sign_ins: Sequence[int], actor: User) -> int:
    """These people were not there; how many. Refused: ``nothing_chosen``, ``sign_ins_decided``."""
    rows = _waiting(session, sign_ins, actor)
    _decide(rows, SignInState.REJECTED, actor)
    return len(rows)


@recorded("replace_code")
def replace_code(*, session: TrainingSession, actor: User) -> TrainingSession:
    """Another code for the session; the one before opens nothing any more."""
    require_role(actor, Role.CASEWORKER)
    session = TrainingSession.objects.select_for_update().get(pk=session.pk)
    session.code_version += 1
    session.save(update_fields=["code_version"])
    return session


def _waiting(session: TrainingSession, sign_ins: Sequence[int], actor: User) -> list[SignIn]:
    require_role(actor, Role.CASEWORKER)
    TrainingSession.objects.select_for_update().get(pk=session.pk)
    wanted = set(sign_ins)
    if not wanted:
        raise Refused("nothing_chosen", _("Choose at least one line."))
    rows = list(session.sign_ins.filter(pk__in=wanted, state=SignInState.WAITING).select_related("firm"))
    if len(rows) != len(wanted):
        raise Refused(
            "sign_ins_decided", _("Some of these lines have been decided in the meantime; look again.")
        )
    return rows


def _decide(rows: Sequence[SignIn], state: SignInState, actor: User) -> None:
    SignIn.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=state, decided_by=actor, decided_at=now()
    )
