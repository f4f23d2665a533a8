"""The forecast of a year-end stock: from a file of assumptions, or estimated from the history known on a day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import ParameterKey
from cultivation.forecasting.answer import Forecast
from cultivation.forecasting.assumptions import Assumptions
from cultivation.forecasting.compound import AwardAmount
from cultivation.forecasting.picture import StockPicture, YearBand
from cultivation.forecasting.scenario import Scenario
from cultivation.models import Division, Parameter

from .stock import is_city, stock_at_year_ends, stock_on, year_end
from .targets import name_of, stock_target, stock_targets

if TYPE_CHECKING:
    from cultivation.forecasting.estimated import Estimated
    from cultivation.forecasting.estimation import Estimation

_RULE_KEYS = (ParameterKey.TERM_YEARS, ParameterKey.EXPIRY_DAY_COUNTS, ParameterKey.LEAP_DAY_ENDS_EARLY)


def forecast(
    *,
    year: int,
    as_of: dt.date,
    division: Division | None = None,
    assumptions: Assumptions | None = None,
    award_amounts: Sequence[AwardAmount] = (),
    estimation: "Estimation | None" = None,
) -> Forecast:
    """The stock at the end of ``year`` as far as ``as_of`` knows.

    With ``assumptions`` nothing is estimated and the distribution is exact for them. Otherwise everything comes from
    what was known on ``as_of``; ``estimation`` is that day's where it has been made already (:func:`estimation_on`).
    ``award_amounts`` are taken where the file gives none. ``Refused``: "year_before_as_of" for a year that is over,
    "prior_missing" where a prior has no value in force.
    """
    if year < as_of.year:
        raise Refused(
            "year_before_as_of",
            _("The year %(year)s was over on %(as_of)s; there is nothing to forecast.")
            % {"year": year, "as_of": as_of.isoformat()},
        )
    name = name_of(division, as_of) if division else None
    if assumptions:
        basis, last = _assumed(assumptions), None
    else:
        basis = _estimated(year, estimation or estimation_on(as_of), division)
        last = stock_on(year_end(as_of.year - 1), division).total
    if award_amounts and not basis.scenario.award_amounts:
        basis = basis.with_awards(tuple(award_amounts))
    made = Forecast(
        as_of=as_of,
        year=year,
        scenario=basis.scenario,
        method=basis.method,
        assumptions=basis.record,
        rules=_rules(as_of),
        division_code=name.code if name else None,
        division_name=name.name if name else None,
        last_year_end=last,
    )
    return replace(made, notes=_notes(made))


@dataclass(frozen=True, slots=True)
class _Basis:
    """A scenario, how it came about in words, and all that it rests on."""

    scenario: "Scenario | Estimated"
    method: str
    record: dict[str, Any]

    def with_awards(self, amounts: tuple[AwardAmount, ...]) -> "_Basis":
        record = {**self.record, "award_amounts": [row.as_json() for row in amounts]}
        return _Basis(replace(self.scenario, award_amounts=amounts), self.method, record)


def _assumed(assumptions: Assumptions) -> _Basis:
    method = _(
        "The assumptions of the file; every firm counts as independent. The distribution is that of the sum of all "
        "firms, with no simulation."
    )
    record = {"origin": "file", "sha256": assumptions.sha256, **assumptions.content}
    return _Basis(assumptions.scenario, method, record)


def estimation_on(as_of: dt.date) -> "Estimation":
    """The estimates of a day, to be shared by the forecasts of several years and places.

    ``Refused("prior_missing")`` where a prior has no value in force.
    """
    # pandas and SciPy take their time to load; most commands and a forecast from a file never need them.
    from cultivation.forecasting.estimation import Estimation

    from .forecast_history import load_history, priors_on

    return Estimation(load_history(), priors_on(as_of), as_of)


def _estimated(year: int, estimation: "Estimation", division: Division | None) -> _Basis:
    from cultivation.forecasting.estimated import Estimated

    place = None if division is None or is_city(division) else division.pk
    made = Estimated(estimation, year, place, stock_target(year, division))
    return _Basis(made, _estimation_method(), made.record())


def _estimation_method() -> str:
    return _(
        "Each open case of a firm outside the stock, and each certificate that runs out before the year's end, gets a "
        "probability: from the cases (certificates) that stood in the same stage on the same day of past years, by "
        "time in the stage, finding of the assessment, progress of the renewal and county, drawn toward one another "
        "and toward a prior with its source. The uncertainty of the shares is carried on by quadrature and the sum is "
        "exact, with no simulation. Firms without a case yet, revocations and moves out are estimated from past "
        "years; arrivals count where a document announces them. Later years add up the chance of cases still open, "
        "and every certificate must be renewed after three years, those yet to be issued included. Only what was "
        "known on the day is used."
    )


def _rules(as_of: dt.date) -> list[dict[str, Any]]:
    """The parameters of validity in force, with their sources."""
    rows = Parameter.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of), key__in=_RULE_KEYS, valid_from__lte=as_of
    )
    return [
        {"key": row.key, "value": row.value, "source": row.source, "verification": row.verification}
        for row in rows
    ]


def _notes(made: Forecast) -> dict[str, str]:
    scenario = made.scenario
    notes = {}
    if scenario.target_stock is None:
        notes["target_stock"] = _(
            "No target is recorded for this year; targets of counties stay empty until the bureau enters them with a "
            "source."
        )
    if not scenario.pass_rate:
        notes["needed_for_80_percent"] = _("At a pass rate of 0 no number of filings helps.")
    if not scenario.award_amounts:
        notes["award_exposure"] = _(
            "No amount is known: neither a regional award document nor an assumption with a source gives one."
        )
    elif made.award_exposure is not None and not made.award_exposure.is_exact:
        notes["award_exposure"] = _("Quantiles by the normal approximation; the mean is exact.")
    return notes


def stock_picture(
    *,
    as_of: dt.date,
    division: Division | None = None,
    forecasts: Sequence[Forecast] = (),
    first_year: int | None = None,
) -> StockPicture:
    """What the chart of stock against targets shows: year-ends that are over, today, targets, bands of forecasts."""
    targets = stock_targets(division)
    first = first_year or min([*targets, as_of.year - 1])
    name = name_of(division, as_of) if division else None
    return StockPicture(
        place=name.name if name else _("The whole city"),
        as_of=as_of,
        stock_on_as_of=stock_on(as_of, division).total,
        year_ends=stock_at_year_ends(first, as_of.year - 1, division),
        targets={year: value for year, value in targets.items() if year >= first},
        bands=tuple(map(year_band, forecasts)),
    )


def year_band(made: Forecast) -> YearBand:
    return YearBand(year=made.year, p10=made.p10, p50=made.p50, p90=made.p90)


def picture_of(made: Forecast) -> StockPicture:
    """The picture of one forecast alone, from its own numbers: for one that rests on a file of assumptions."""
    return StockPicture(
        place=made.division_name or _("The whole city"),
        as_of=made.as_of,
        stock_on_as_of=made.stock,
        year_ends={},
        targets={} if made.target is None else {made.year: made.target},
        bands=(year_band(made),),
    )
