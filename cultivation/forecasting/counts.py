"""Arithmetic with rows of probabilities of a count: rows[i, k] = P(N = k) at node i of a quadrature."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln, xlog1py, xlogy

Array = NDArray[np.float64]

# Product of widths up to which adding shifted copies beats the Fourier transform.
_DIRECT = 64


def sums(left: Array, right: Array) -> Array:
    """Row by row, the distribution of the sum of two independent counts; one row stands for any number of them."""
    short, long = (left, right) if left.shape[1] <= right.shape[1] else (right, left)
    height = max(len(left), len(right))
    width = short.shape[1] + long.shape[1] - 1
    if short.shape[1] <= _DIRECT:
        total = np.zeros((height, width))
        for k in range(short.shape[1]):
            total[:, k : k + long.shape[1]] += short[:, k : k + 1] * long
        return total
    from scipy.signal import fftconvolve

    # The transform leaves errors of 1e-17 on both sides of 0; a probability is never negative.
    rows = fftconvolve(
        np.broadcast_to(short, (height, short.shape[1])),
        np.broadcast_to(long, (height, long.shape[1])),
        axes=1,
    )
    return np.clip(rows, 0, None)


def _log_choose(n: int, k: NDArray[np.int_]) -> Array:
    logs: Array = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return logs


def binomials(n: int, p: Array) -> Array:
    """One row for every probability: N of ``n`` independent firms."""
    k: NDArray[np.int_] = np.arange(n + 1)
    column = np.asarray(p, dtype=np.float64)[:, None]
    return np.exp(_log_choose(n, k) + xlogy(k, column) + xlog1py(n - k, -column))


def beta_binomials(n: int, alpha: Array, beta: Array) -> Array:
    """One row for every pair of parameters: N of ``n`` firms that share a probability known as Beta(alpha, beta)."""
    k = np.arange(n + 1)
    a, b = alpha[:, None], beta[:, None]
    return np.exp(_log_choose(n, k) + betaln(a + k, b + n - k) - betaln(a, b))


def negative_binomial(shape: float, rate: float, exposure: float) -> Array:
    """A Poisson count over ``exposure`` whose rate is known as Gamma(shape, rate); cut where less than 1e-13 is left."""
    from scipy.stats import nbinom

    if shape <= 0 or exposure <= 0:
        return np.ones(1)
    p = rate / (rate + exposure)
    width = int(nbinom.isf(1e-13, shape, p)) + 1
    masses: Array = nbinom.pmf(np.arange(width + 1), shape, p)
    return masses / masses.sum()


def carried(counted: Array, through: float, late: float) -> Array:
    """What becomes of a count of ``len(counted) - 1`` firms: who came through stays so with ``through``, who did not
    comes later with ``late``."""
    firms = len(counted) - 1
    if through == 1 and late == 0:
        return counted
    kept = binomials_up_to(firms, through)
    if late == 0:
        return counted @ kept
    later = binomials_up_to(firms, late)
    total = np.zeros(firms + 1)
    for came in np.flatnonzero(counted > _NEGLIGIBLE):
        row = np.convolve(kept[came, : came + 1], later[firms - came, : firms - came + 1])
        total += counted[came] * row
    return total / total.sum()


_NEGLIGIBLE = 1e-16


def binomials_up_to(most: int, p: float) -> Array:
    """Row n: N of n independent firms with probability ``p``."""
    n, k = np.arange(most + 1)[:, None], np.arange(most + 1)[None, :]
    inside = k <= n
    rest = np.where(inside, n - k, 0)
    logs = gammaln(n + 1) - gammaln(k + 1) - gammaln(rest + 1) + xlogy(k, p) + xlog1py(rest, -p)
    return np.where(inside, np.exp(np.where(inside, logs, 0)), 0)
