"""From the estimates to the stock at a year's end: this year's or a later one's, as it is or with levers pulled.

This year all parts are independent and their distributions are multiplied. For later years they hang together through
the chance that a certificate is renewed and that a case still open is accredited: both run over a quadrature, and given
them the parts are multiplied. A certificate lasts three years (国科发火〔2016〕32号 第九条), so one issued in a year must
be renewed in the third year after it, those yet to be issued included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from .counts import Array, binomials, carried, negative_binomial, sums
from .estimation import Cell, Estimation, Rate, Share
from .evidence import DAYS_OF_A_YEAR, year_end
from .numeric import NumericDistribution
from .parts import FURTHER, INBOUND, LASTING, LATER, NEWCOMERS, RENEWAL, Contribution
from .pooling import Posterior
from .stages import OPEN_STAGES

TERM_YEARS = 3
_BINS = 16
_NODES_OF_RATES = 16
_NODES_OF_SHARES = 6


@dataclass(frozen=True, slots=True)
class Levers:
    """What would be done: ``filings`` further firms trained that file this year (培训名额), the pass rate or the share
    of renewals brought to a figure, ``inbound`` firms more moving in with a valid certificate."""

    filings: int = 0
    pass_rate: float | None = None
    retention: float | None = None
    inbound: int = 0


def _share_nodes(share: Share) -> Array:
    from scipy.special import betaincinv

    levels = (np.arange(_NODES_OF_SHARES) + 0.5) / _NODES_OF_SHARES
    nodes: Array = betaincinv(share.alpha, share.beta, levels)
    return nodes


def _rate_nodes(rate: Rate) -> Array:
    from scipy.special import gammaincinv

    levels = (np.arange(_NODES_OF_RATES) + 0.5) / _NODES_OF_RATES
    nodes: Array = gammaincinv(rate.shape, levels) / rate.rate
    return nodes


def _binned(found: Posterior) -> Posterior:
    """The same in fewer nodes: neighbours of about equal weight together, their means kept."""
    order = np.argsort(found.nodes, kind="stable")
    weights = found.weights[order]
    bins = np.minimum((np.cumsum(weights) - weights / 2) * _BINS, _BINS - 1e-9).astype(int)
    used = np.unique(bins)
    member = (bins[None, :] == used[:, None]) * weights[None, :]
    total = member.sum(axis=1)
    share = member / total[:, None]
    return Posterior(total, share @ found.nodes[order], share @ found.rows[order])


def _mean(masses: Array) -> float:
    return float(masses @ np.arange(len(masses)))


def _moved(masses: Array, ratio: float) -> Array:
    """The count when every firm's chance is ``ratio`` times what it was: some fail after all, or some come after all."""
    firms = len(masses) - 1
    if ratio <= 1 or not firms:
        return carried(masses, ratio if firms else 1, 0)
    share = _mean(masses) / firms
    rescued = 1.0 if share >= 1 else min((ratio - 1) * share / (1 - share), 1.0)
    return carried(masses, 1, rescued)


class Outlook:
    """The stock at the end of ``year`` of the city, or of a division by its key, with ``levers`` pulled.

    ``open_cells`` stands in for the open firms there are: "and if this firm were a stage further?"
    ``certain``: firms sure to be accredited beside them.
    """

    def __init__(
        self,
        estimation: Estimation,
        year: int,
        division: int | None = None,
        levers: Levers | None = None,
        *,
        open_cells: Mapping[Cell, int] | None = None,
        certain: int = 0,
    ) -> None:
        self.estimation = estimation
        self.year = year
        self.division = division
        self.levers = levers or Levers()
        self.certain = certain
        self.cells = estimation.cells_open(division) if open_cells is None else open_cells
        self._expected: dict[str, float] = {}

    @property
    def ahead(self) -> int:
        return self.year - self.estimation.as_of.year

    @cached_property
    def _stages(self) -> dict[str, Array]:
        """How many of the open cases of every stage are accredited this year."""
        ratio = self._ratio(self.levers.pass_rate, self.estimation.passing.probability)
        stages = [stage for stage in OPEN_STAGES if any(cell[0] == stage for cell in self.cells)]
        return {stage: _moved(self.estimation.posterior(stage, self.cells).masses, ratio) for stage in stages}

    @cached_property
    def _renewals(self) -> Posterior:
        found = self.estimation.posterior(RENEWAL, self.cells)
        ratio = self._ratio(self.levers.retention, found.probability)
        if ratio == 1:
            return found
        rows = np.array([_moved(row, ratio) for row in found.rows])
        return Posterior(found.weights, np.minimum(found.nodes * ratio, 1), rows)

    @staticmethod
    def _ratio(wanted: float | None, present: float) -> float:
        return 1.0 if wanted is None or not present else wanted / present

    @cached_property
    def masses(self) -> Array:
        """P(stock = 0, 1, …) at the year's end."""
        return self._this_year() if self.ahead == 0 else self._later_year()

    @cached_property
    def distribution(self) -> NumericDistribution:
        kept = np.flatnonzero(self.masses > 1e-18)
        first, last = int(kept[0]), int(kept[-1])
        masses = self.masses[first : last + 1]
        return NumericDistribution(first, masses / masses.sum())

    @property
    def mean(self) -> float:
        return _mean(self.masses)

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """What lasts, is renewed and is added, in the order of the way; together the mean."""
        self.masses  # noqa: B018 fills what is expected
        firms: dict[str, int] = {LASTING: sum(self.estimation.lasting_by_year(self.division).values())}
        for (root, _group, _division), count in self.cells.items():
            firms[root] = firms.get(root, 0) + count
        return tuple(
            Contribution(key, firms.get(key), Fraction(value)) for key, value in self._expected.items()
        )

    def moved(self, cells: Mapping[Cell, int], certain: int = 0) -> "Outlook":
        """The same with other open firms; estimates of stages that stay as they are, are kept."""
        return Outlook(
            self.estimation, self.year, self.division, self.levers, open_cells=cells, certain=certain
        )

    @property
    def firms_by_cell(self) -> dict[Cell, tuple[int, ...]]:
        return self.estimation.firms_by_cell(self.division)

    def chance(self, root: str, group: str | None = None) -> tuple[int, float]:
        """How many open firms a stage or one of its groups has, and their mean chance to come through this year."""
        here = {
            cell: count
            for cell, count in self.cells.items()
            if cell[0] == root and (group is None or cell[1] == group)
        }
        firms = sum(here.values())
        return firms, _mean(self.estimation.posterior(root, here).masses) / firms

    @property
    def first_accreditations(self) -> NumericDistribution:
        """How many first accreditations this year still brings: of open first cases and of firms without a case."""
        cells = self.estimation.cells_open(self.division, first_only=True)
        total = self._coming(self.estimation.newcomers)[None, :]
        for stage in sorted({cell[0] for cell in cells if cell[0] != RENEWAL}):
            total = sums(total, self.estimation.posterior(stage, cells).masses[None, :])
        return NumericDistribution(0, total[0] / total[0].sum())

    def _add(self, key: str, masses: Array, weight: float = 1.0) -> Array:
        self._expected[key] = self._expected.get(key, 0.0) + weight * _mean(masses)
        return masses[None, :]

    def _lasting(self, firms: int) -> Array:
        """Firms whose certificate outlasts the year's end, less those that lose it or move away."""
        years = (year_end(self.year) - self.estimation.now.start) / DAYS_OF_A_YEAR
        return binomials(firms, np.exp(-_rate_nodes(self.estimation.loss) * years)).mean(axis=0)

    def _coming(self, rate: Rate, kept: float = 1.0) -> Array:
        """Firms without a case yet; those of a division are its part of the city's."""
        exposure = kept * self.estimation.part_of_city(self.division)
        return negative_binomial(rate.shape, rate.rate, exposure)

    def _further(self) -> Array:
        rate = self.estimation.passing.probability if self.levers.pass_rate is None else self.levers.pass_rate
        return binomials(self.levers.filings, np.array([rate]))[0]

    @staticmethod
    def _sure(firms: int) -> Array:
        masses = np.zeros(firms + 1)
        masses[firms] = 1
        return masses

    def _this_year(self) -> Array:
        estimation = self.estimation
        end = year_end(self.year)
        lasting = sum(estimation.lasting_by_year(self.division).values())
        arriving = [last for last in estimation.arrivals(self.division) if last >= end]
        total = self._add(LASTING, self._lasting(lasting))
        total = sums(total, self._add(RENEWAL, self._renewals.masses))
        for stage, masses in self._stages.items():
            total = sums(total, self._add(stage, masses))
        total = sums(total, self._add(NEWCOMERS, self._coming(estimation.newcomers)))
        total = sums(total, self._add(INBOUND, self._sure(len(arriving) + self.levers.inbound)))
        total = sums(total, self._add(FURTHER, self._further()))
        return sums(total, self._sure(self.certain)[None, :])[0]

    def _later_year(self) -> Array:
        """Mixture over the share of renewals and the chance of a case still open, of the products given both."""
        renewals = _binned(self._renewals)
        late_nodes = _share_nodes(self.estimation.next_year)
        ratio = self._ratio(self.levers.pass_rate, self.estimation.passing.probability)
        total = np.zeros(1)
        for weight, renewal, row in zip(renewals.weights, renewals.nodes, renewals.rows, strict=True):
            held = self._held(weight, renewal, row)
            for late in late_nodes:
                part = float(weight) / len(late_nodes)
                masses = part * sums(held, self._open_cases(part, renewal, min(late * ratio, 1.0)))[0]
                longer, shorter = (masses, total) if len(masses) >= len(total) else (total, masses)
                total = longer.copy()
                total[: len(shorter)] += shorter
        return total

    def _terms(self, since: int) -> int:
        """Renewals a certificate of the ``since``-th year from now needs to count at the end."""
        return (self.ahead - since) // TERM_YEARS

    def _held(self, weight: float, renewal: float, row: Array) -> Array:
        """Everything but the open cases, given the share of renewals."""
        ahead, estimation = self.ahead, self.estimation
        kept = float(np.exp(-estimation.loss.expected * ahead))
        lasting = estimation.lasting_by_year(self.division)
        total = self._add(LASTING, self._lasting(sum(n for y, n in lasting.items() if y > self.year)), weight)
        total = sums(total, self._add(RENEWAL, carried(row, renewal ** self._terms(0) * kept, 0), weight))
        for year, firms in lasting.items():
            if year <= self.year:
                needed = 1 + self._terms(year - estimation.as_of.year)
                renewed = binomials(firms, np.array([renewal**needed * kept]))[0]
                total = sums(total, self._add(RENEWAL, renewed, weight))
        for since in range(ahead + 1):
            key, rate = NEWCOMERS, estimation.newcomers
            if since:
                key, rate = LATER, self._later(since)
            total = sums(total, self._add(key, self._coming(rate, renewal ** self._terms(since)), weight))
        arriving = estimation.arrivals(self.division)
        lasts = sum(last >= year_end(self.year) for last in arriving) + self.levers.inbound
        inbound = sums(
            self._sure(lasts)[None, :],
            binomials(len(arriving) + self.levers.inbound - lasts, np.array([renewal])),
        )[0]
        total = sums(total, self._add(INBOUND, inbound, weight))
        further = carried(self._further(), renewal ** self._terms(0), 0)
        total = sums(total, self._add(FURTHER, further, weight))
        return sums(total, carried(self._sure(self.certain), renewal ** self._terms(0), 0)[None, :])

    def _later(self, since: int) -> Rate:
        if since not in self._later_rates:
            self._later_rates[since] = self.estimation.later_newcomers(since)
        return self._later_rates[since]

    @cached_property
    def _later_rates(self) -> dict[int, Rate]:
        return {}

    def _open_cases(self, weight: float, renewal: float, late: float) -> Array:
        """The open cases by the year in which they are accredited, given both shares."""
        through = renewal ** self._terms(0)
        later = sum(
            late * (1 - late) ** (since - 1) * renewal ** self._terms(since)
            for since in range(1, self.ahead + 1)
        )
        total = np.ones((1, 1))
        for stage, masses in self._stages.items():
            total = sums(total, self._add(stage, carried(masses, through, later), weight))
        return total
