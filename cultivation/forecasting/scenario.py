"""What a forecast starts from, whether a person assumed it or history suggested it."""

from dataclasses import dataclass
from fractions import Fraction

from .compound import AwardAmount, Exposure, exposure
from .distribution import Distribution, distribution_of
from .parts import INBOUND, LASTING, RENEWAL, Contribution
from .trials import Trials


@dataclass(frozen=True, slots=True)
class ExpiringGroup:
    """Firms whose certificates run out by the year's end and who come back with the probability of the trials."""

    trials: Trials


@dataclass(frozen=True, slots=True)
class PipelineGroup:
    """Firms outside the stock with an open case; ``is_first``: a first accreditation, which may earn an award."""

    stage: str
    trials: Trials
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class Scenario:
    """``stock`` includes the firms in ``expiring``; ``inbound`` firms are sure to arrive with a valid certificate."""

    stock: int
    expiring: tuple[ExpiringGroup, ...]
    pipeline: tuple[PipelineGroup, ...]
    inbound: int
    pass_rate: Fraction
    target_stock: int | None
    award_amounts: tuple[AwardAmount, ...] = ()

    @property
    def expiring_count(self) -> int:
        return sum(group.trials.count for group in self.expiring)

    @property
    def renewed(self) -> Fraction:
        """Expected number of firms that renew."""
        return sum((group.trials.mean for group in self.expiring), Fraction(0))

    @property
    def new(self) -> Fraction:
        """Expected number of accreditations out of the pipeline."""
        return sum((group.trials.mean for group in self.pipeline), Fraction(0))

    @property
    def left(self) -> Fraction:
        """Nobody loses a certificate that lasts."""
        return Fraction(0)

    @property
    def mean(self) -> Fraction:
        return self.certain_stock + self.renewed + self.new

    @property
    def certain_stock(self) -> int:
        """Where the distribution starts: the stock without the expiring, with the inbound firms."""
        return self.stock - self.expiring_count + self.inbound

    @property
    def groups(self) -> tuple[Trials, ...]:
        """Independent groups; firms of one stage that share an estimate are one group, whatever their kind."""
        stages: dict[tuple[str, Fraction, Fraction | None], int] = {}
        for group in self.pipeline:
            key = (group.stage, group.trials.probability, group.trials.weight)
            stages[key] = stages.get(key, 0) + group.trials.count
        return (
            *(group.trials for group in self.expiring),
            *(Trials(count, probability, weight) for (_, probability, weight), count in stages.items()),
        )

    @property
    def distribution(self) -> Distribution:
        """Of the stock at the year's end."""
        return distribution_of(self.groups, self.certain_stock)

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        lasting = self.stock - self.expiring_count
        stages: dict[str, list[Trials]] = {}
        for group in self.pipeline:
            stages.setdefault(group.stage, []).append(group.trials)
        return (
            Contribution(LASTING, lasting, Fraction(lasting)),
            Contribution(RENEWAL, self.expiring_count, self.renewed),
            *(
                Contribution(
                    stage,
                    sum(trials.count for trials in groups),
                    sum((trials.mean for trials in groups), Fraction(0)),
                )
                for stage, groups in stages.items()
            ),
            Contribution(INBOUND, None, Fraction(self.inbound)),
        )

    @property
    def award_exposure(self) -> Exposure | None:
        """What the first accreditations still to come may cost; ``None`` where no amount of an award is known."""
        first = tuple(group.trials for group in self.pipeline if group.is_first)
        return exposure(first, self.award_amounts) if self.award_amounts else None
