"""Partial pooling: probabilities of a stage, of its groups and of the counties in them, estimated together.

The probability of a stage is known as Beta(prior). Those of its groups (age in the stage, finding) scatter round it as
a Beta worth some firms, those of a group's counties round the group's in the same way. Much history of its own lets a
county go its own way; little keeps it near the others. Nothing is drawn at random: every unknown probability runs over
a grid of cells with their exact Beta masses, messages go up the tree, and the numbers of firms that come through are
mixtures of beta-binomials whose dependence through the shared unknowns is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import betainc, betaln

from .counts import Array, beta_binomials, sums

_CELLS = 64
# Observed firms from which on the whole range from 0 to 1 would be too coarse a grid.
_COARSE_LIMIT = 150
# How far a narrow grid reaches, in standard deviations of what the firms could tell at most.
_REACH = 9
# How uncertain the scatter itself is: a quarter of the prior's figure, the figure, four times it.
_SCATTERS = (0.25, 1.0, 4.0)
_LEAST_WEIGHT = 1e-12


@dataclass(frozen=True, slots=True)
class Leaf:
    """Firms of one county in one group: how many were seen, how many of them came through, how many are open now."""

    seen: int
    came: int
    open: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A stage: its prior, how many firms the likeness of its groups and counties is worth, and its groups of leaves."""

    mean: float
    weight: float
    group_likeness: float
    county_likeness: float
    groups: tuple[tuple[Leaf, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of probabilities between ``edges``, each stood for by one of ``nodes``."""

    edges: Array
    nodes: Array


@dataclass(frozen=True, slots=True)
class Posterior:
    """What the history says of a stage: ``weights`` of its probability being ``nodes``, and at each node the
    distribution ``rows`` of how many of the open firms come through."""

    weights: Array
    nodes: Array
    rows: Array

    @property
    def masses(self) -> Array:
        """How many open firms come through."""
        return self.weights @ self.rows

    @property
    def probability(self) -> float:
        """Of one more firm of which nothing is known but the stage."""
        return float(self.weights @ self.nodes)


def _between(low: float, high: float) -> Grid:
    """Cells of equal width in the arcsine scale, where a Beta is about equally wide everywhere."""
    edges = np.sin(np.linspace(low, high, _CELLS + 1) * np.pi / 2) ** 2
    halves = np.linspace(low, high, 2 * _CELLS + 1)[1::2]
    return Grid(edges, np.sin(halves * np.pi / 2) ** 2)


_WHOLE = _between(0, 1)


def _effective(seen: float, likeness: float) -> float:
    """How many firms of the level above so many seen firms are worth, where ``likeness`` bounds what they tell."""
    return seen * likeness / (seen + likeness) if seen else 0.0


def _grid(share: float, effective: float) -> Grid:
    """Where a probability may lie of which ``effective`` firms, this share of them coming through, tell."""
    if effective <= _COARSE_LIMIT:
        return _WHOLE
    centre = float(np.arcsin(np.sqrt(share))) * 2 / np.pi
    # The arcsine scale has a standard deviation of 1 / (pi sqrt(n)) everywhere.
    reach = _REACH / (np.pi * np.sqrt(effective))
    return _between(max(centre - reach, 0.0), min(centre + reach, 1.0))


def _scatter(parents: Array, likeness: float, grid: Grid) -> Array:
    """Mass of every cell (columns) for a probability that scatters round each of ``parents`` (rows)."""
    a = parents[:, None] * likeness
    return np.diff(betainc(a, likeness - a, grid.edges[None, :]), axis=1)


@lru_cache(maxsize=32)
def _whole_scatter(likeness: float) -> Array:
    return _scatter(_WHOLE.nodes, likeness, _WHOLE)


@dataclass(frozen=True, slots=True)
class _Message:
    """What the firms below say at each node above: logarithm of the likelihood, and the count of the open ones."""

    logs: Array
    rows: Array


def _together(messages: Sequence[_Message], nodes: int) -> _Message:
    logs, rows = np.zeros(nodes), np.ones((1, 1))
    for message in messages:
        logs = logs + message.logs
        rows = sums(rows, message.rows)
    return _Message(logs, np.broadcast_to(rows, (nodes, rows.shape[1])))


def _of_leaf(leaf: Leaf, nodes: Array, likeness: float) -> _Message:
    a, b = nodes * likeness, (1 - nodes) * likeness
    a_known, b_known = a + leaf.came, b + leaf.seen - leaf.came
    logs = betaln(a_known, b_known) - betaln(a, b) if leaf.seen else np.zeros(len(nodes))
    return _Message(logs, beta_binomials(leaf.open, a_known, b_known))


def _of_group(
    leaves: Sequence[Leaf], parents: Grid, group_likeness: float, county_likeness: float
) -> _Message:
    told = [_effective(leaf.seen, county_likeness) for leaf in leaves]
    shares = [told[i] * leaf.came / leaf.seen for i, leaf in enumerate(leaves) if leaf.seen]
    grid = _grid(sum(shares) / sum(told), sum(told)) if shares else _WHOLE
    below = _together([_of_leaf(leaf, grid.nodes, county_likeness) for leaf in leaves], _CELLS)
    if parents is _WHOLE and grid is _WHOLE:
        scatter = _whole_scatter(group_likeness)
    else:
        scatter = _scatter(parents.nodes, group_likeness, grid)
    top = below.logs.max()
    joint = scatter * np.exp(below.logs - top)
    likelihood = np.maximum(joint.sum(axis=1), np.finfo(np.float64).tiny)
    return _Message(np.log(likelihood) + top, (joint @ below.rows) / likelihood[:, None])


def _at(tree: Tree, factor: float) -> tuple[Grid, _Message]:
    """Logarithms of prior times likelihood at the nodes of the stage, the scatter being ``factor`` times its figure."""
    group_likeness, county_likeness = tree.group_likeness * factor, tree.county_likeness * factor
    told, shares = 0.0, 0.0
    for leaves in tree.groups:
        seen = sum(leaf.seen for leaf in leaves)
        if seen:
            worth = _effective(sum(_effective(leaf.seen, county_likeness) for leaf in leaves), group_likeness)
            told += worth
            shares += worth * sum(leaf.came for leaf in leaves) / seen
    grid = _grid(shares / told, told) if told else _WHOLE
    a, b = tree.mean * tree.weight, (1 - tree.mean) * tree.weight
    prior = np.diff(betainc(a, b, grid.edges))
    below = _together(
        [_of_group(leaves, grid, group_likeness, county_likeness) for leaves in tree.groups], _CELLS
    )
    with np.errstate(divide="ignore"):
        return grid, _Message(below.logs + np.log(prior), below.rows)


def posterior(tree: Tree) -> Posterior:
    """All that prior and history say; a prior of 0 or 1 is certain and no history moves it."""
    if tree.mean in (0, 1):
        firms = sum(leaf.open for leaves in tree.groups for leaf in leaves)
        masses = np.zeros((1, firms + 1))
        masses[0, firms if tree.mean == 1 else 0] = 1
        return Posterior(np.ones(1), np.array([float(tree.mean)]), masses)
    found = [_at(tree, factor) for factor in _SCATTERS]
    logs = np.concatenate([message.logs for _grid, message in found])
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    kept = weights > _LEAST_WEIGHT
    nodes = np.concatenate([grid.nodes for grid, _message in found])[kept]
    rows = np.concatenate([message.rows for _grid, message in found])[kept]
    return Posterior(weights[kept] / weights[kept].sum(), nodes, rows)
