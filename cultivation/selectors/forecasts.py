"""The forecast of a year-end stock: from a file of assumptions, or estimated from the history known on a day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import ParameterKey
from cultivation.forecasting.answer import Forecast
from cultivation.forecasting.assumptions import Assumptions
from cultivation.forecasting.figures import plain
from cultivation.forecasting.picture import StockPicture, YearBand
from cultivation.forecasting.scenario import AwardAmount, ExpiringGroup, PipelineGroup, Scenario
from cultivation.forecasting.transitions import (
    PASS_PRIOR,
    RENEWAL_PRIOR,
    STAGE_PRIORS,
    Estimate,
    Evidence,
    estimate,
)
from cultivation.models import Division, Parameter

from .case_history import (
    announced_arrivals,
    first_year_of_history,
    pass_evidence,
    pipeline_on,
    renewal_evidence,
    stage_evidence,
)
from .stock import firms_expiring, stock_at_year_ends, stock_on, year_end
from .targets import name_of, stock_target, stock_targets

_RULE_KEYS = (ParameterKey.TERM_YEARS, ParameterKey.EXPIRY_DAY_COUNTS, ParameterKey.LEAP_DAY_ENDS_EARLY)


def forecast(
    *,
    year: int,
    as_of: dt.date,
    division: Division | None = None,
    assumptions: Assumptions | None = None,
    award_amounts: Sequence[AwardAmount] = (),
) -> Forecast:
    """The stock at the end of ``year`` as far as ``as_of`` knows.

    With ``assumptions`` nothing is estimated and the distribution is exact for them. Otherwise the groups come from
    cases, certificates and events dated ``as_of`` or earlier. ``award_amounts`` are taken where the file gives none.
    ``Refused("year_before_as_of")`` for a year that is over.
    """
    if year < as_of.year:
        raise Refused(
            "year_before_as_of",
            _("The year %(year)s was over on %(as_of)s; there is nothing to forecast.")
            % {"year": year, "as_of": as_of.isoformat()},
        )
    name = name_of(division, as_of) if division else None
    basis = _assumed(assumptions) if assumptions else _estimated(year, as_of, division)
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
    )
    return replace(made, notes=_notes(made))


@dataclass(frozen=True, slots=True)
class _Basis:
    """A scenario, how it came about in words, and all that it rests on."""

    scenario: Scenario
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


def _estimated(year: int, as_of: dt.date, division: Division | None) -> _Basis:
    end = year_end(year)
    days_left = (end - as_of).days
    history = _history(year, as_of)
    stages = {
        stage: estimate(prior, history.stages.get(stage, Evidence()), days_left)
        for stage, prior in STAGE_PRIORS.items()
    }
    renewal = estimate(RENEWAL_PRIOR, history.renewals, days_left)
    passing = estimate(PASS_PRIOR, pass_evidence(as_of), days_left)
    expiring = firms_expiring(as_of, end, division).count()
    pipeline = sorted(
        pipeline_on(as_of, division).items(), key=lambda row: (list(STAGE_PRIORS).index(row[0][0]), row[0][1])
    )
    scenario = Scenario(
        stock=stock_on(as_of, division).total,
        expiring=(ExpiringGroup(renewal.trials(expiring)),) if expiring else (),
        pipeline=tuple(
            PipelineGroup(stage, stages[stage].trials(count), is_first)
            for (stage, is_first), count in pipeline
        ),
        inbound=announced_arrivals(as_of, end, division),
        pass_rate=passing.probability,
        target_stock=stock_target(year, division),
    )
    return _Basis(scenario, _estimation_method(), _record(scenario, history, renewal, stages, passing))


def _estimation_method() -> str:
    return _(
        "Each open case of a firm outside the stock, by its state, and each certificate that runs out before the "
        "year's end gets a probability: the share that came through among the cases in the same state (certificates "
        "running out) on the same day of past years of the whole city, drawn toward a stated prior. The uncertainty "
        "of each share is carried on (beta-binomial groups), the groups count as independent, the sum is exact. "
        "Arrivals count where a document announces them. Firms without a case yet, revocations and moves out are not "
        "forecast. Only entries dated on the day of the forecast or before are used."
    )


@dataclass(frozen=True, slots=True)
class _History:
    """What the same time of past years showed; ``years`` are the pairs of days compared."""

    stages: dict[str, Evidence]
    renewals: Evidence
    years: list[tuple[dt.date, dt.date]]


def _past_windows(year: int, as_of: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The same day of past years with the year-end as far ahead as the forecast's, all of them over by ``as_of``."""
    first_event, first_certificate = first_year_of_history(as_of)
    years = [first for first in (first_event, first_certificate) if first is not None]
    for past in range(min(years, default=as_of.year), as_of.year):
        end = year_end(past + year - as_of.year)
        if end <= as_of:
            day = 28 if (as_of.month, as_of.day) == (2, 29) else as_of.day
            yield as_of.replace(year=past, day=day), end


def _history(year: int, as_of: dt.date) -> _History:
    stages: defaultdict[str, Evidence] = defaultdict(Evidence)
    renewals = Evidence()
    windows = list(_past_windows(year, as_of))
    for anchor, end in windows:
        for stage, evidence in stage_evidence(anchor, end, as_of).items():
            stages[stage] += evidence
        renewals += renewal_evidence(anchor, end)
    return _History(dict(stages), renewals, windows)


def _record(
    scenario: Scenario, history: _History, renewal: Estimate, stages: dict[str, Estimate], passing: Estimate
) -> dict[str, Any]:
    """The estimates in the shape of a file of assumptions, each with the counts and the prior behind it."""
    return {
        "origin": "estimated",
        "stock": scenario.stock,
        "expiring": [
            {"count": group.trials.count, "renewal": plain(group.trials.probability), **renewal.as_json()}
            for group in scenario.expiring
        ],
        "pipeline": [
            {
                "stage": group.stage,
                "kind": "first" if group.is_first else "renewal",
                "count": group.trials.count,
                "by_year_end": plain(group.trials.probability),
                **stages[group.stage].as_json(),
            }
            for group in scenario.pipeline
        ],
        "inbound": scenario.inbound,
        "pass_rate": plain(scenario.pass_rate),
        "pass_rate_evidence": passing.as_json(),
        "target_stock": scenario.target_stock,
        "compared_with": [
            {"from": anchor.isoformat(), "to": end.isoformat()} for anchor, end in history.years
        ],
    }


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
