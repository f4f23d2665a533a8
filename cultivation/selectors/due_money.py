"""Awards falling due, with the first accreditations still to come taken from the forecast of this year."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from cultivation.forecasting.compound import AwardAmount
from cultivation.forecasting.due import Cohort, DueMoney, Quarter

from .forecasts import estimation_on


def due_money(
    *,
    as_of: dt.date,
    last_year: int,
    cohorts: Sequence[Cohort],
    amounts: Sequence[AwardAmount],
    certain: Decimal,
    available: Mapping[int, Decimal],
) -> DueMoney | None:
    """The distribution by quarter and year as ``as_of`` knows it; see ``forecasting.due_money``.

    ``Refused("prior_missing")`` as for every estimate.
    """
    # NumPy and pandas take their time to load.
    from cultivation.forecasting.due_money import due_money as reckon
    from cultivation.forecasting.outlook import Outlook

    coming = Outlook(estimation_on(as_of), as_of.year).first_accreditations
    now = Quarter(as_of.year, (as_of.month + 2) // 3)
    return reckon(
        cohorts, coming, amounts, now=now, last_year=last_year, certain=certain, available=available
    )
