"""The counties under their names of a day."""

import datetime as dt

from cultivation.models import Division, DivisionName


def named_divisions(on: dt.date) -> list[tuple[Division, str]]:
    """Every county with the name in force, else the latest known, in the order of the lists (one query)."""
    rows = (
        DivisionName.objects.filter(division__parent__isnull=False)
        .select_related("division")
        .order_by("division__order", "division__key", "valid_from")
    )
    names: dict[Division, str] = {}
    settled = set()
    for row in rows:
        if row.division not in settled:
            names[row.division] = row.name
        if row.in_force_on(on):
            settled.add(row.division)
    return list(names.items())
