"""Giving acceptance numbers out: one at a time, in the transaction of the submission that gets it."""

from django.utils.timezone import localdate

from cultivation.models import Acceptance, AcceptanceSeries, CaseEvent, CultivationCase


def accept_submission(*, case: CultivationCase) -> Acceptance:
    """Number the submission that the last event of a locked case tells of.

    The row of the year stays locked until the transaction ends: nobody gets the same number, and the number of a
    submission that fails is free again. It is the last lock of a submission, so that nobody waits in a circle.
    """
    event = CaseEvent.objects.filter(case=case).order_by("-number")[0]
    year = localdate(event.at).year
    # Made outside the lock first: a row that does not exist cannot be locked.
    AcceptanceSeries.objects.get_or_create(year=year)
    series = AcceptanceSeries.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return Acceptance.objects.create(case=case, event=event, year=year, sequence=series.last)
