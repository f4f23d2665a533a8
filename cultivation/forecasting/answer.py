"""The answer to "how many firms at the year's end?", as a record and in the agreed JSON."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .compound import PERCENTS, Exposure
from .distribution import Distribution
from .figures import plain, probability_text
from .filings import LIKELY, fewest_filings
from .parts import Contribution
from .scenario import Scenario

if TYPE_CHECKING:
    from .estimated import Estimated
    from .outlook import Levers
    from .pushes import Push

# Terms of the distribution below this are left out of the answer.
_SMALLEST_TERM = Decimal("1e-15")
ALMOST_SURE = Fraction(19, 20)


@dataclass(frozen=True)
class Forecast:
    """A forecast of the stock at the end of ``year``, as known on ``as_of``.

    ``assumptions`` and ``rules`` record what it rests on; ``notes`` say, by key of the answer, why something is null.
    ``last_year_end``: the stock at the last year-end before ``as_of``, where the record knows it.
    """

    as_of: dt.date
    year: int
    scenario: "Scenario | Estimated"
    method: str
    assumptions: Mapping[str, Any]
    rules: Sequence[Mapping[str, Any]]
    notes: Mapping[str, str] = field(default_factory=dict)
    division_code: str | None = None
    division_name: str | None = None
    last_year_end: int | None = None

    @cached_property
    def distribution(self) -> Distribution:
        """Of the stock at the year's end."""
        return self.scenario.distribution

    @property
    def stock(self) -> int:
        return self.scenario.stock

    @property
    def target(self) -> int | None:
        return self.scenario.target_stock

    @property
    def mean(self) -> Fraction:
        return self.scenario.mean

    @property
    def net_additions(self) -> Fraction | None:
        """Expected, since the last year-end on record."""
        return None if self.last_year_end is None else self.mean - self.last_year_end

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """What lasts, is renewed and is added by each stage; together the mean."""
        return self.scenario.contributions

    @cached_property
    def quantiles(self) -> dict[int, int]:
        """The least n with P(stock <= n) >= 10, 50 and 90 %."""
        return {percent: self.distribution.quantile(percent) for percent in PERCENTS}

    @property
    def p10(self) -> int:
        return self.quantiles[10]

    @property
    def p50(self) -> int:
        return self.quantiles[50]

    @property
    def p90(self) -> int:
        return self.quantiles[90]

    @property
    def probability_met(self) -> Decimal | None:
        """P(stock >= target); ``None`` without a target."""
        return None if self.target is None else self.distribution.at_least(self.target)

    def _needed(self, goal: Fraction) -> int | None:
        if self.target is None:
            return None
        return fewest_filings(self.distribution, self.target, self.scenario.pass_rate, goal)

    @cached_property
    def needed(self) -> int | None:
        """The fewest further filings for 80 %; ``None`` without a target or where the pass rate is 0."""
        return self._needed(LIKELY)

    @cached_property
    def needed_for_95(self) -> int | None:
        """The same for 95 %."""
        return self._needed(ALMOST_SURE)

    @cached_property
    def award_exposure(self) -> Exposure | None:
        """What the first accreditations still to come may cost; ``None`` where no amount of an award is known."""
        return self.scenario.award_exposure

    @cached_property
    def pushes(self) -> "tuple[Push, ...]":
        """Whose progress would do most for the target, the most first; of this year's estimates alone."""
        return () if isinstance(self.scenario, Scenario) else self.scenario.pushes()

    def what_if(self, levers: "Levers") -> "Estimated":
        """The same day and year with levers pulled; ``ValueError`` for a forecast from a file of assumptions."""
        if isinstance(self.scenario, Scenario):
            raise ValueError("only an estimate has levers")
        return self.scenario.with_levers(levers)

    def as_json(self) -> dict[str, Any]:
        """The agreed answer."""
        scenario = self.scenario
        met = self.probability_met
        award = self.award_exposure
        net = self.net_additions
        rate = plain(scenario.pass_rate)
        return {
            "as_of": self.as_of.isoformat(),
            "year": self.year,
            "division": self.division_code,
            "division_name": self.division_name,
            "target_stock": self.target,
            "stock_on_as_of": scenario.stock,
            "expiring": scenario.expiring_count,
            "expected": {
                "renewed": plain(scenario.renewed),
                "new": plain(scenario.new),
                "inbound": plain(Fraction(scenario.inbound)),
                "lost": plain(scenario.expiring_count - scenario.renewed),
            },
            "expected_to_leave": plain(scenario.left),
            "contributions": [
                {"key": row.key, "firms": row.firms, "expected": plain(row.expected)}
                for row in self.contributions
            ],
            "last_year_end": self.last_year_end,
            "net_additions": None if net is None else plain(net),
            "distribution": {"mean": plain(self.mean), "p10": self.p10, "p50": self.p50, "p90": self.p90},
            "pmf": {
                str(number): probability_text(mass)
                for number, mass in self.distribution.masses()
                if mass >= _SMALLEST_TERM
            },
            "probability_met": None if met is None else probability_text(met),
            "needed_for_80_percent": {"new_filings": self.needed, "at_pass_rate": rate},
            "needed_for_95_percent": {"new_filings": self.needed_for_95, "at_pass_rate": rate},
            "award_exposure": None if award is None else award.as_json(),
            "method": self.method,
            "assumptions": dict(self.assumptions),
            "rules": list(self.rules),
            "notes": dict(self.notes),
        }
