"""Invitations of the firms a person looks after."""

from django.db.models import QuerySet

from cultivation.models import Invitation, User
from cultivation.permissions import visible_firms


def visible_invitations(user: User) -> QuerySet[Invitation]:
    """With their firms and people, for a list of any length."""
    found = Invitation.objects.filter(firm__in=visible_firms(user))
    return found.select_related("firm", "issued_by", "used_by", "withdrawn_by")
