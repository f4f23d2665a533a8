"""The days of a filing round, and how far each part of the cast gets in it."""

import datetime as dt
from dataclasses import dataclass, replace

from cultivation.enums import CaseState

from .firms import Part


@dataclass(frozen=True, slots=True)
class Round:
    """One year's round: when each step was taken."""

    opened: dt.date
    recommended: dt.date
    enrolled: dt.date
    training_begun: dt.date
    sessions: tuple[dt.date, ...]
    review_begun: dt.date
    checked: dt.date
    cleared: dt.date
    filed: dt.date
    disclosed: dt.date

    @property
    def years(self) -> range:
        """The three fiscal years before the filing."""
        return range(self.filed.year - 3, self.filed.year)


ROUND_2018 = Round(
    opened=dt.date(2018, 2, 5),
    recommended=dt.date(2018, 2, 12),
    enrolled=dt.date(2018, 3, 1),
    training_begun=dt.date(2018, 3, 12),
    sessions=(dt.date(2018, 3, 20), dt.date(2018, 4, 12)),
    review_begun=dt.date(2018, 4, 25),
    checked=dt.date(2018, 5, 18),
    cleared=dt.date(2018, 6, 1),
    filed=dt.date(2018, 8, 10),
    disclosed=dt.date(2018, 10, 22),
)
ROUND_2019 = Round(
    opened=dt.date(2019, 1, 15),
    recommended=dt.date(2019, 1, 28),
    enrolled=dt.date(2019, 2, 25),
    training_begun=dt.date(2019, 3, 4),
    sessions=(dt.date(2019, 3, 12), dt.date(2019, 4, 10)),
    review_begun=dt.date(2019, 4, 22),
    checked=dt.date(2019, 5, 10),
    cleared=dt.date(2019, 6, 3),
    filed=dt.date(2019, 6, 5),
    disclosed=dt.date(2019, 6, 24),
)
# Who applies in June gets no further than the pool, and is to be trained in July.
JUNE_2019 = replace(
    ROUND_2019,
    opened=dt.date(2019, 6, 18),
    recommended=dt.date(2019, 6, 24),
    enrolled=dt.date(2019, 6, 27),
    sessions=(),
)

IN_2018 = (Part.NEWCOMER, Part.RENEWED, Part.DECLINED, Part.DECLINED_POOLED, Part.DECLINED_TRAINING)
IN_JUNE = (Part.SUBMITTED_IN_JUNE, Part.RECOMMENDED_IN_JUNE, Part.POOLED_IN_JUNE)
RENEWALS = (Part.RENEWED, Part.RENEWAL_FILED, Part.RENEWAL_READY, Part.RENEWAL_UNDER_REVIEW)
# How far a case gets in its round by the services alone; the region decides about the rest.
REACHED = {
    **dict.fromkeys(IN_2018, CaseState.DISCLOSED),
    Part.RENEWAL_FILED: CaseState.FILED,
    Part.RENEWAL_READY: CaseState.READY,
    Part.RENEWAL_UNDER_REVIEW: CaseState.EXPENSE_REVIEW,
    Part.DRAFT: CaseState.DRAFT,
    **dict.fromkeys((Part.SUBMITTED, Part.SUBMITTED_IN_JUNE), CaseState.SUBMITTED),
    Part.RETURNED: CaseState.SUBMITTED,
    Part.RETURNED_REVIEW: CaseState.EXPENSE_REVIEW,
    **dict.fromkeys((Part.RECOMMENDED, Part.RECOMMENDED_IN_JUNE), CaseState.RECOMMENDED),
    **dict.fromkeys((Part.POOLED, Part.POOLED_IN_JUNE), CaseState.POOLED),
    Part.TRAINING: CaseState.TRAINING,
    Part.REVIEW_OPEN: CaseState.EXPENSE_REVIEW,
    Part.REVIEW_FAILED: CaseState.EXPENSE_REVIEW,
    Part.REVIEW_MANUAL: CaseState.EXPENSE_REVIEW,
    Part.READY: CaseState.READY,
    Part.FILED: CaseState.FILED,
    Part.DISCLOSED: CaseState.DISCLOSED,
    Part.WITHDRAWN: CaseState.POOLED,
    Part.REMOVED: CaseState.TRAINING,
}
