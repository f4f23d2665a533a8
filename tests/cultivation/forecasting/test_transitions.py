"""Estimates: prior, evidence, and the time left."""

from fractions import Fraction as F

import pytest

from cultivation.enums import OPEN_CASE_STATES
from cultivation.forecasting.transitions import STAGE_PRIORS, Evidence, Prior, estimate

PRIOR = Prior(F(1, 2), lead_days=100)


def test_every_open_state_has_a_prior_with_a_source() -> None:
    assert set(STAGE_PRIORS) == {state.value for state in OPEN_CASE_STATES}
    assert all("假设" in prior.stated_source for prior in STAGE_PRIORS.values())


@pytest.mark.parametrize(
    ("days", "mean"), [(365, F(1, 2)), (100, F(1, 2)), (99, F(99, 200)), (0, 0), (-1, 0)]
)
def test_a_prior_falls_when_the_days_do_not_suffice(days: int, mean: F) -> None:
    assert PRIOR.mean_with(days) == mean


def test_without_evidence_the_prior_stands() -> None:
    made = estimate(PRIOR, Evidence(), 365)
    assert (made.probability, made.weight) == (F(1, 2), 4)


def test_evidence_draws_the_estimate_and_adds_weight() -> None:
    made = estimate(PRIOR, Evidence(6, 6), 365)
    assert (made.probability, made.weight) == (F(8, 10), 10)
    assert made.as_json()["observed"] == 6


def test_evidence_has_no_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="not evidence"):
        Evidence(1, 2)
