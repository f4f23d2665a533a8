"""Standing in for a colleague: granted with a first and a last day, ended early where it is no longer needed."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import Delegation, User
from cultivation.permissions import require_role
from cultivation.selectors.delegations import OFFICE

from .refusals import recorded


@recorded("grant_delegation")
def grant_delegation(
    *,
    principal: User,
    delegate: User,
    role: Role,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str,
    actor: User,
) -> Delegation:
    """``delegate`` acts as ``role`` for ``principal`` from the first through the last day.

    Granted by the principal, or by the administrator for somebody who cannot. Refused: ``role_not_delegable``,
    ``role_not_held``, ``delegate_unfit``, ``other_division``, ``span_wrong``, ``reason_missing``,
    ``delegation_exists``.
    """
    if actor.pk != principal.pk:
        require_role(actor, Role.ADMINISTRATOR)
    if role not in OFFICE:
        raise Refused("role_not_delegable", _("This role cannot be handed on."))
    # The roles of the person's own: what one holds for another cannot be handed on further.
    if not principal.is_active or not principal.groups.filter(name=role).exists():
        raise Refused(
            "role_not_held", _("%(name)s does not have this role.") % {"name": principal}, role=role.value
        )
    if delegate.pk == principal.pk or not delegate.is_active or not delegate.has_role(*OFFICE):
        raise Refused("delegate_unfit", _("Only an active colleague of the office can stand in."))
    if role is Role.COUNTY and delegate.division_id != principal.division_id:
        raise Refused(
            "other_division", _("A county caseworker is stood in for by a colleague of the county.")
        )
    if starts_on < today() or ends_on < starts_on:
        raise Refused("span_wrong", _("The first day is today or later, the last day not before it."))
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    User.objects.select_for_update().get(pk=principal.pk)
    standing = Delegation.objects.filter(
        principal=principal,
        delegate=delegate,
        role=role,
        ended_at__isnull=True,
        starts_on__lte=ends_on,
        ends_on__gte=starts_on,
    )
    if standing.exists():
        raise Refused("delegation_exists", _("This is delegated already on some of these days."))
    return Delegation.objects.create(
        principal=principal,
        delegate=delegate,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        granted_by=actor,
    )


@recorded("end_delegation")
def end_delegation(*, delegation: Delegation, actor: User) -> Delegation:
    """End it from now on; what the delegate did stays theirs and the principal's. Refused: ``delegation_over``."""
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if actor.pk not in (delegation.principal_id, delegation.delegate_id) and not actor.has_role(
        Role.ADMINISTRATOR
    ):
        raise NotAllowed("not_allowed", _("Only the two persons and the administrator may end it."))
    if delegation.ended_at is not None or delegation.ends_on < today():
        raise Refused("delegation_over", _("It has ended already."))
    delegation.ended_by, delegation.ended_at = actor, now()
    delegation.save(update_fields=["ended_by", "ended_at"])
    return delegation
