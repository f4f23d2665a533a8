"""What a forecast starts from, whether a person assumed it or history suggested it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .figures import plain
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
class AwardAmount:
    """One size of award in yuan with its share of the firms; the shares of all add up to one."""

    amount: Decimal
    share: Fraction
    source: str

    def as_json(self) -> dict[str, str]:
        return {"amount": f"{self.amount:.2f}", "share": plain(self.share), "source": self.source}


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
    def first_accreditations(self) -> tuple[Trials, ...]:
        return tuple(group.trials for group in self.pipeline if group.is_first)
