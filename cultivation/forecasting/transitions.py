"""From counted history to probabilities: what past cases of a stage did, drawn toward a stated prior.

A small bureau has few cases. An estimate is therefore (prior + observed) with the prior worth some cases, and the
forecast carries its uncertainty on: a group of firms follows the beta-binomial distribution of that estimate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .figures import plain
from .trials import Trials

ASSUMED = "软件设计时的假设，没有公布的百色数据可依，权重相当于{weight}户；有本市历史后由历史数据修正"


@dataclass(frozen=True, slots=True)
class Prior:
    """A probability worth ``weight`` observed firms; ``lead_days`` are the days the way to the certificate needs.

    With fewer days left than that, the probability falls in proportion. ``source`` says where the figure is from.
    """

    mean: Fraction
    lead_days: int
    weight: Fraction = Fraction(4)
    source: str = ""

    def mean_with(self, days_left: int) -> Fraction:
        """The probability with so many days left to the year's end."""
        if days_left >= self.lead_days:
            return self.mean
        return self.mean * max(days_left, 0) / self.lead_days

    @property
    def stated_source(self) -> str:
        return self.source or ASSUMED.format(weight=self.weight)


def _prior(percent: int, lead_days: int) -> Prior:
    return Prior(Fraction(percent, 100), lead_days)


# By state of the case: chance to be accredited before the year's end, and days needed.
STAGE_PRIORS: Mapping[str, Prior] = {
    "draft": _prior(10, 300),
    "submitted": _prior(15, 270),
    "returned": _prior(15, 270),
    "recommended": _prior(20, 240),
    "pooled": _prior(25, 210),
    "training": _prior(35, 180),
    "expense_review": _prior(45, 150),
    "ready": _prior(60, 120),
    "filed": _prior(65, 90),
    "disclosed": _prior(95, 20),
    "declined": _prior(5, 210),
}
RENEWAL_PRIOR = _prior(75, 0)
PASS_PRIOR = _prior(60, 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Firms observed at the same time of past years, and how many of them came through."""

    trials: int = 0
    successes: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.trials:
            raise ValueError(f"not evidence: {self}")

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(self.trials + other.trials, self.successes + other.successes)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A probability with all it rests on."""

    prior_mean: Fraction
    prior: Prior
    evidence: Evidence

    @property
    def weight(self) -> Fraction:
        return self.prior.weight + self.evidence.trials

    @property
    def probability(self) -> Fraction:
        return (self.prior_mean * self.prior.weight + self.evidence.successes) / self.weight

    def trials(self, count: int) -> Trials:
        """``count`` firms that share this estimate."""
        return Trials(count, self.probability, self.weight)

    def as_json(self) -> dict[str, Any]:
        return {
            "observed": self.evidence.trials,
            "came_through": self.evidence.successes,
            "prior": plain(self.prior_mean),
            "prior_weight": plain(self.prior.weight),
            "prior_source": self.prior.stated_source,
        }


def estimate(prior: Prior, evidence: Evidence, days_left: int) -> Estimate:
    """The estimate of a prior and what was observed, with so many days left."""
    return Estimate(prior.mean_with(days_left), prior, evidence)
