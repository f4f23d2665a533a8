"""The entries of the programme as people look them up: what counts, and how an entry came to say what it says."""

from django.db.models import QuerySet

from cultivation.models import Achievement

# A chain longer than that would be a fault of the data.
_LONGEST_CHAIN = 100


def achievement_rows(
    *, measure: str = "", county: str = "", corrected: bool = False
) -> QuerySet[Achievement]:
    """What counts, or with ``corrected`` what was corrected or struck; of one measure or county (by key) where given."""
    rows = Achievement.objects.all() if corrected else Achievement.objects.standing()
    if corrected:
        rows = rows.exclude(pk__in=Achievement.objects.standing().values("pk"))
    if measure:
        rows = rows.filter(measure=measure)
    if county:
        rows = rows.filter(division__key=county)
    return rows.select_related("division", "recorded_by").prefetch_related("division__names")


def chain_of(entry: Achievement) -> list[Achievement]:
    """The entry, what it corrected and what corrected it, the oldest first."""
    first = entry
    for _step in range(_LONGEST_CHAIN):
        if first.corrects is None:
            break
        first = first.corrects
    chain = [first]
    for _step in range(_LONGEST_CHAIN):
        following = Achievement.objects.filter(corrects=chain[-1]).select_related("recorded_by").first()
        if following is None:
            break
        chain.append(following)
    return chain
