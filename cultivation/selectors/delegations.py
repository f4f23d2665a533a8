"""Delegations a person may see: their own; all of them for the auditor and the administrator."""

from django.db.models import Q, QuerySet

from cultivation.enums import Role
from cultivation.models import Delegation, User

OFFICE = (Role.COUNTY, Role.CASEWORKER, Role.REVIEWER, Role.FINANCE)
"""The roles that can be handed on: those with a part in cases and money."""


def delegations_for(user: User) -> QuerySet[Delegation]:
    """The latest first, with the persons."""
    rows = Delegation.objects.select_related("principal", "delegate", "granted_by", "ended_by")
    if user.has_role(Role.AUDITOR, Role.ADMINISTRATOR):
        return rows
    return rows.filter(Q(principal=user) | Q(delegate=user))


def colleagues() -> QuerySet[User]:
    """The active people of the office: nobody of a firm."""
    return User.objects.filter(is_active=True, groups__name__in=OFFICE).distinct().order_by("username")
