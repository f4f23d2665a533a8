"""Inviting a firm: issued with a code that is told once, withdrawn, or turned into an account."""

import datetime as dt
import hashlib
import secrets

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.credit_codes import normalise
from config.common.errors import Refused
from cultivation.enums import Role
from cultivation.models import Firm, Invitation, User
from cultivation.permissions import require_firm_work

from .refusals import recorded

LIFE = dt.timedelta(days=30)
INVITERS = (Role.CASEWORKER, Role.COUNTY)
# Nothing that is misread on paper: no 0 and O, no 1, I and L. Sixteen of these are some 79 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 16


@recorded("issue_invitation")
def issue_invitation(*, firm: Firm, actor: User) -> tuple[Invitation, str]:
    """An invitation and its code, which nobody can read again. An earlier one of the firm that is still open is withdrawn."""
    require_firm_work(actor, firm, *INVITERS)
    Firm.objects.select_for_update().get(pk=firm.pk)
    issued_at = now()
    _open_ones().filter(firm=firm).update(withdrawn_by=actor, withdrawn_at=issued_at)
    code = "".join(secrets.choice(_LETTERS) for _place in range(_LENGTH))
    invitation = Invitation.objects.create(
        firm=firm,
        code_hash=_hash(code),
        issued_by=actor,
        issued_at=issued_at,
        expires_at=issued_at + LIFE,
    )
    return invitation, "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))


@recorded("withdraw_invitation")
def withdraw_invitation(*, invitation: Invitation, actor: User) -> Invitation:
    """The code stops working. Refused: ``invitation_over`` where it was used or withdrawn before."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require_firm_work(actor, invitation.firm, *INVITERS)
    if invitation.used_at or invitation.withdrawn_at:
        raise Refused("invitation_over", _("This invitation was used or withdrawn already."))
    invitation.withdrawn_by, invitation.withdrawn_at = actor, now()
    invitation.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return invitation


@recorded("accept_invitation")
def accept_invitation(
    *, credit_code: str, code: str, username: str, display_name: str, password: str
) -> User:
    """An account bound to the firm; for a user name that the firm has already, a new password.

    Refused: ``invitation_unknown`` whatever is wrong with firm, code or time, so that nobody learns which;
    ``username_taken``, ``username_wrong``, ``password_weak`` only to whoever has a valid code.
    """
    invitation = (
        _open_ones()
        .select_for_update(of=("self",))
        .select_related("firm")
        .filter(code_hash=_hash(code), firm__credit_code=normalise(credit_code), expires_at__gt=now())
        .first()
    )
    if invitation is None:
        raise Refused(
            "invitation_unknown",
            _("Credit code and invitation code do not fit together, or the invitation is no longer valid."),
        )
    user = _account(invitation.firm, username.strip(), display_name.strip())
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("password_weak", " ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    user.groups.add(Group.objects.get(name=Role.FIRM))
    invitation.used_by, invitation.used_at = user, now()
    invitation.save(update_fields=["used_by", "used_at"])
    return user


def _account(firm: Firm, username: str, display_name: str) -> User:
    """A new person of the firm, or the one of that name, as long as it is a firm's account and still open."""
    # Only one of two people who choose a name at the same time gets it.
    Group.objects.select_for_update().get(name=Role.FIRM)
    found = User.objects.filter(username__iexact=username).first()
    if found is not None:
        is_own = found.is_active and found.firm_id == firm.pk
        if not is_own or set(found.groups.values_list("name", flat=True)) != {Role.FIRM.value}:
            raise Refused("username_taken", _("This user name is taken."))
        return found
    user = User(username=username, display_name=display_name, firm=firm)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise Refused("username_wrong", " ".join(error.messages)) from error
    return user


def _open_ones() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at__isnull=True, withdrawn_at__isnull=True)


def _hash(code: str) -> str:
    """A code has too many possibilities to be guessed from its hash, however fast that is computed."""
    return hashlib.sha256(normalise(code).replace("-", "").encode()).hexdigest()
