"""Putting forecasts on record, and how good those of past days would have been."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import Role
from cultivation.forecasting.compound import AwardAmount
from cultivation.models import BacktestRecord, Division, ForecastSnapshot, User
from cultivation.permissions import require_role
from cultivation.rules.reading import sha256_of
from cultivation.selectors.forecast_records import snapshot_digest
from cultivation.selectors.forecasts import forecast
from cultivation.selectors.stock import is_city
from cultivation.selectors.targets import stock_targets

from .refusals import recorded

# What a forecast rests on; all other keys of its answer are the result.
_INPUTS = ("assumptions", "method", "rules")


@recorded("record_forecast")
def record_forecast(
    *,
    year: int,
    actor: User,
    as_of: dt.date | None = None,
    division: Division | None = None,
    award_amounts: Sequence[AwardAmount] = (),
) -> ForecastSnapshot:
    """The estimate of a day (today where none is given) for a year's end, kept as it is.

    Refused: ``day_to_come``, ``year_before_as_of``, ``prior_missing``.
    """
    require_role(actor, Role.CASEWORKER, Role.REVIEWER)
    day = as_of or today()
    if day > today():
        raise Refused("day_to_come", _("%(date)s is not over yet.") % {"date": day.isoformat()})
    place = None if is_city(division) else division
    answer = forecast(year=year, as_of=day, division=place, award_amounts=award_amounts).as_json()
    inputs = {key: answer.pop(key) for key in _INPUTS}
    priors = inputs["assumptions"].pop("priors")
    snapshot = ForecastSnapshot(
        year=year,
        as_of=day,
        division=place,
        inputs=inputs,
        priors=priors,
        result=answer,
        recorded_by=actor,
    )
    snapshot.sha256 = snapshot_digest(snapshot)
    snapshot.save(force_insert=True)
    return snapshot


# The reckoning takes its time; nobody waits for it with the database locked.
@recorded("record_backtest", atomic=False)
def record_backtest(*, actor: User) -> BacktestRecord:
    """Replay every past quarter from what it knew, hold it against what came, and keep the report.

    Refused: ``nothing_to_replay`` where no quarter with recorded cases lies in a year that is over; ``prior_missing``.
    """
    # pandas and SciPy take their time to load.
    from cultivation.forecasting.backtest import backtest
    from cultivation.selectors.forecast_history import load_history, priors_on

    require_role(actor, Role.CASEWORKER, Role.REVIEWER)
    until = today()
    report = backtest(load_history(), priors_on, stock_targets(), until)
    if not report.replays:
        raise Refused(
            "nothing_to_replay",
            _("The record is too short: no year in which cases were recorded is over yet."),
        )
    content = report.as_json()
    return BacktestRecord.objects.create(
        until=until, content=content, sha256=sha256_of(content), recorded_by=actor
    )
