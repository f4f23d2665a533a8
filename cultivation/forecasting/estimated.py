"""The estimate in the shape of a scenario: what it holds, what it expects, and the record of all it rests on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from .compound import AwardAmount, Exposure, exposure_of
from .distribution import Distribution
from .estimation import Estimation, Rate, Share
from .figures import plain
from .outlook import Levers, Outlook
from .parts import FURTHER, HELD, INBOUND, LASTING, RENEWAL, Contribution
from .pushes import Push, pushes
from .stages import OPEN_STAGES


@dataclass(frozen=True)
class Estimated:
    """The estimate of one day for the end of ``year``; ``division``: key of a county, none for the city."""

    estimation: Estimation
    year: int
    division: int | None
    target_stock: int | None
    levers: Levers = field(default_factory=Levers)
    award_amounts: tuple[AwardAmount, ...] = ()

    @cached_property
    def outlook(self) -> Outlook:
        return Outlook(self.estimation, self.year, self.division, self.levers)

    @property
    def distribution(self) -> Distribution:
        return self.outlook.distribution

    @property
    def mean(self) -> Fraction:
        return Fraction(self.outlook.mean)

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        return self.outlook.contributions

    def _expected(self, key: str) -> Fraction:
        return sum((row.expected for row in self.contributions if row.key == key), Fraction(0))

    @property
    def _lasting(self) -> dict[int, int]:
        return self.estimation.lasting_by_year(self.division)

    @property
    def stock(self) -> int:
        running_out = sum(count for cell, count in self.outlook.cells.items() if cell[0] == RENEWAL)
        return running_out + sum(self._lasting.values())

    @property
    def expiring_count(self) -> int:
        """Firms in the stock whose certificate does not reach the year's end."""
        return self.stock - sum(firms for year, firms in self._lasting.items() if year > self.year)

    @property
    def renewed(self) -> Fraction:
        return self._expected(RENEWAL)

    @property
    def left(self) -> Fraction:
        """Expected number of firms that lose a lasting certificate or move away."""
        return self.stock - self.expiring_count - self._expected(LASTING)

    @property
    def new(self) -> Fraction:
        """Expected number of firms added: open cases, firms without one yet, further filings."""
        return sum((row.expected for row in self.contributions if row.key not in HELD), Fraction(0))

    @property
    def inbound(self) -> Fraction:
        return self._expected(INBOUND)

    @property
    def pass_rate(self) -> Fraction:
        if self.levers.pass_rate is not None:
            return Fraction(self.levers.pass_rate)
        return Fraction(self.estimation.passing.probability)

    @cached_property
    def award_exposure(self) -> Exposure | None:
        """What the first accreditations of this year still to come may cost; ``None`` without a known amount."""
        if not self.award_amounts:
            return None
        return exposure_of(self.first_accreditations, self.award_amounts)

    @property
    def first_accreditations(self) -> Distribution:
        """How many first accreditations are still to come this year: open first cases and firms without a case."""
        return self.outlook.first_accreditations

    def with_levers(self, levers: Levers) -> "Estimated":
        return replace(self, levers=levers)

    def pushes(self) -> tuple[Push, ...]:
        """The firms whose next step would do most for the target; none without a target or for a later year."""
        return pushes(self.outlook, self.target_stock)

    def record(self) -> dict[str, Any]:
        """The estimates with the counts and priors behind them."""
        return {
            "origin": "estimated",
            "stock": self.stock,
            "expiring": self._rows(renewals=True),
            "pipeline": self._rows(renewals=False),
            "inbound": plain(self.inbound),
            "pass_rate": plain(self.pass_rate),
            "pass_rate_evidence": _share(self.estimation.passing),
            "next_year": _share(self.estimation.next_year),
            "loss": _rate(self.estimation.loss),
            "newcomers": _rate(self.estimation.newcomers),
            "target_stock": self.target_stock,
            "levers": _levers(self.levers),
            "compared_with": [
                {"from": _iso(year.start), "to": _iso(year.end)} for year in self.estimation.past
            ],
            "priors": self.estimation.priors.as_json(),
        }

    def _rows(self, renewals: bool) -> list[dict[str, Any]]:
        """One row a stage (the renewals), with its groups."""
        roots = {cell[0] for cell in self.outlook.cells if (cell[0] == RENEWAL) == renewals}
        return [self._row(root) for root in (*OPEN_STAGES, RENEWAL) if root in roots]

    def _row(self, root: str) -> dict[str, Any]:
        prior = self.estimation.priors[root]
        share = "renewal" if root == RENEWAL else "by_year_end"
        groups = sorted({cell[1] for cell in self.outlook.cells if cell[0] == root})
        count, chance = self.outlook.chance(root)
        return {
            **({} if root == RENEWAL else {"stage": root}),
            "count": count,
            share: plain(Fraction(chance)),
            **self._seen(root, None),
            "prior": plain(Fraction(prior.share_with(self.estimation.days_left))),
            "prior_weight": plain(Fraction(prior.weight)),
            "prior_source": prior.source,
            "groups": [self._group(root, group, share) for group in groups],
        }

    def _group(self, root: str, group: str, share: str) -> dict[str, Any]:
        count, chance = self.outlook.chance(root, group)
        return {"group": group, "count": count, share: plain(Fraction(chance)), **self._seen(root, group)}

    def _seen(self, root: str, group: str | None) -> dict[str, int]:
        """What past years showed, in all counties."""
        rows = [
            row
            for cell, row in self.estimation.seen.items()
            if cell[0] == root and (group is None or cell[1] == group)
        ]
        return {
            "observed": sum(seen for seen, _came in rows),
            "came_through": sum(came for _seen, came in rows),
        }


def _share(share: Share) -> dict[str, Any]:
    return {
        "probability": plain(Fraction(share.probability)),
        "observed": share.seen,
        "came_through": share.came,
        "prior": plain(Fraction(share.mean)),
        "prior_weight": plain(Fraction(share.weight)),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "expected": plain(Fraction(rate.expected)),
        "counted": rate.counted,
        "exposure": plain(Fraction(rate.exposure)),
        "prior": plain(Fraction(rate.mean)),
        "prior_weight": plain(Fraction(rate.weight)),
    }


def _levers(levers: Levers) -> Mapping[str, Any]:
    return {
        FURTHER: levers.filings,
        "pass_rate": None if levers.pass_rate is None else plain(Fraction(levers.pass_rate)),
        "retention": None if levers.retention is None else plain(Fraction(levers.retention)),
        INBOUND: levers.inbound,
    }


def _iso(day: int) -> str:
    return dt.date.fromordinal(day).isoformat()
