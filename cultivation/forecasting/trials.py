"""What is counted: groups of firms that each come through or not."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Trials:
    """``count`` firms that each come through with ``probability``.

    ``weight`` None: the probability is taken as known and the firms are independent (binomial). Otherwise it is an
    estimate worth that many observed firms, shared by the group: Beta(p·w, (1-p)·w), hence beta-binomial, so that
    little evidence gives a wide interval.
    """

    count: int
    probability: Fraction
    weight: Fraction | None = None

    def __post_init__(self) -> None:
        if self.count < 0 or not 0 <= self.probability <= 1 or (self.weight is not None and self.weight <= 0):
            raise ValueError(f"not a group of trials: {self}")

    @property
    def mean(self) -> Fraction:
        return self.count * self.probability

    @property
    def variance(self) -> Fraction:
        spread = self.mean * (1 - self.probability)
        return spread if self.weight is None else spread * (self.weight + self.count) / (self.weight + 1)

    @property
    def is_certain(self) -> bool:
        return self.probability in (0, 1)
