"""Who can be put in charge of a case."""

from django.db.models import QuerySet

from cultivation.enums import Role
from cultivation.models import User


def caseworkers() -> QuerySet[User]:
    """The city's active caseworkers, by name."""
    people = User.objects.filter(is_active=True, groups__name=Role.CASEWORKER.value)
    return people.order_by("display_name", "username")
