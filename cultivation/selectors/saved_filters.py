"""The filters a person may use: the own ones and those that colleagues of the same office share."""

from django.db.models import Q

from cultivation.models import SavedFilter, User


def saved_filters(user: User) -> list[SavedFilter]:
    """The own first, then the colleagues': of the same county, or of the city (one query)."""
    colleagues = Q(shared=True, owner__firm__isnull=True, owner__is_active=True)
    colleagues &= Q(owner__division=user.division_id) if user.division_id else Q(owner__division__isnull=True)
    rows = SavedFilter.objects.filter(Q(owner=user) | colleagues).select_related("owner")
    return sorted(rows, key=lambda row: (row.owner_id != user.pk, row.name, row.pk))
