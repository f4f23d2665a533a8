"""Made-up histories whose true rates are known: firms that live through the years by chance, one by one.

The mechanism is not the model's: cases take random times in their stages, are filed in rounds, pass with a chance that
hangs on firm, county and finding; firms renew or not, lose certificates, move away, arrive. The rates of a world are
drawn first, then its firms live by them from 2004 on, and are on record from 2013 on, when the world has settled. The
forecast is made on a day of 2019 from the record.
"""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from cultivation.forecasting.history import NEVER, History

FIRST_DAY = dt.date(2004, 1, 1).toordinal()
RECORDED_FROM = dt.date(2013, 1, 1).toordinal()
LAST_DAY = dt.date(2022, 12, 31).toordinal()
YEAR = 365
TERM = 3 * YEAR
COUNTIES = 6
ROUNDS = ((5, 20), (7, 31), (9, 20))
# Mean days in the stages before filing.
STAGES = {
    "draft": 15,
    "submitted": 20,
    "recommended": 15,
    "pooled": 50,
    "training": 60,
    "expense_review": 45,
    "ready": 0,
}
DAYS = (dt.date(2019, 3, 31), dt.date(2019, 6, 30), dt.date(2019, 9, 30))


def _logistic(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


@dataclass
class Rates:
    """The truth of one world, drawn once."""

    rng: np.random.Generator
    opening: float = field(init=False)
    speed: float = field(init=False)
    filing: float = field(init=False)
    passing: float = field(init=False)
    leaving: float = field(init=False)
    renewing: float = field(init=False)
    losing: float = field(init=False)
    counties: list[float] = field(init=False)

    def __post_init__(self) -> None:
        rng = self.rng
        self.opening = rng.uniform(0.1, 0.5)
        self.speed = rng.uniform(0.6, 1.6)
        self.filing = rng.uniform(0.5, 1.0)
        self.passing = rng.normal(0.5, 0.7)
        self.leaving = rng.uniform(0.0, 0.2)
        self.renewing = rng.uniform(0.5, 0.95)
        self.losing = rng.uniform(0.0, 0.04)
        self.counties = list(rng.normal(0, 0.4, COUNTIES))


@dataclass
class World:
    """``size`` firms that live by the rates drawn from ``seed``."""

    size: int
    seed: int
    events: list[tuple[int, int, bool, int, int, str]] = field(default_factory=list)
    certificates: list[list[int]] = field(default_factory=list)
    places: list[tuple[int, int, int]] = field(default_factory=list)
    findings: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.seed, self.size])
        self.rates = Rates(self.rng)
        self.cases = 0
        for firm in range(self.size):
            self._live(firm)

    @property
    def as_of(self) -> dt.date:
        return DAYS[self.seed % len(DAYS)]

    @property
    def history(self) -> History:
        events = [row for row in self.events if row[4] >= RECORDED_FROM]
        certificates = [row for row in self.certificates if row[3] >= RECORDED_FROM]
        return History.of(events, certificates, self.places, self.findings)

    def _after(self, mean: float) -> int:
        return 1 + int(self.rng.exponential(mean))

    def _live(self, firm: int) -> None:
        rng, rates = self.rng, self.rates
        county = int(rng.integers(COUNTIES))
        self.places.append((firm, FIRST_DAY - 4 * YEAR, county + 1))
        gone = FIRST_DAY + self._after(YEAR / rates.losing) if rates.losing else NEVER
        day = FIRST_DAY
        if rng.random() < 0.5:
            day = self._certificate(firm, FIRST_DAY - int(rng.integers(TERM)), gone)
            day = self._renewal(firm, county, day, gone)
        else:
            day += int(rng.integers(2 * YEAR))
        while day < LAST_DAY:
            day += self._after(YEAR / rates.opening)
            if day >= min(LAST_DAY, gone):
                break
            decided = self._case(firm, county, day, is_first=True)
            day = abs(decided)
            if decided > 0:
                day = self._renewal(firm, county, self._certificate(firm, day, gone), gone)
        if gone < LAST_DAY:
            self.places.append((firm, gone, 0))

    def _certificate(self, firm: int, issued: int, gone: int) -> int:
        self.certificates.append([firm, issued, issued, issued + TERM - 1, NEVER])
        return issued

    def _renewal(self, firm: int, county: int, issued: int, gone: int) -> int:
        """Renewals as long as they follow; the day of the last certificate's end, or of the last attempt's."""
        while True:
            begin = issued + TERM - int(self.rng.integers(60, 360))
            if begin >= min(LAST_DAY, gone) or self.rng.random() > self.rates.renewing:
                return issued + TERM
            if begin < FIRST_DAY:
                begin = FIRST_DAY + int(self.rng.integers(60))
            decided = self._case(firm, county, begin, is_first=False)
            if decided < 0:
                return max(-decided, issued + TERM)
            issued = self._certificate(firm, decided, gone)

    def _case(self, firm: int, county: int, day: int, *, is_first: bool) -> int:
        """One case to its end: the day of the accreditation, or that of the end without it, negative."""
        rng, rates = self.rng, self.rates
        self.cases += 1
        case, number = self.cases, 0

        def step(stage: str, at: int) -> None:
            nonlocal number
            number += 1
            self.events.append((case, firm, is_first, number, at, stage))

        chance = rates.passing + rates.counties[county] + (0.0 if is_first else 1.2)
        for stage, mean in STAGES.items():
            step(stage, day)
            if stage == "expense_review":
                finding = str(rng.choice(["pass", "manual", "fail"], p=[0.6, 0.25, 0.15]))
                self.findings.append((case, day, finding))
                chance += {"pass": 0.4, "manual": -0.3, "fail": -1.2}[finding]
            if mean and rng.random() < rates.leaving * 0.3:
                step("withdrawn", day + 5)
                return -(day + 5)
            day += self._after(mean / rates.speed) if mean else 0
        while True:
            day = self._filing(day)
            if day > LAST_DAY:
                return -LAST_DAY
            step("filed", day)
            if rng.random() < _logistic(chance):
                day += int(rng.integers(50, 90))
                step("disclosed", day)
                day += int(rng.integers(14, 40))
                step("accredited", day)
                return day
            day += int(rng.integers(60, 100))
            step("declined", day)
            if rng.random() < 0.4:
                day += 20
                step("removed", day)
                return -day
            day += self._after(30)
            step("pooled", day)
            day += self._after(200)
            step("ready", day)

    def _filing(self, day: int) -> int:
        """The first round after a day that the firm takes part in."""
        for year in range(dt.date.fromordinal(day).year, dt.date.fromordinal(LAST_DAY).year + 2):
            for month, number in ROUNDS:
                at = dt.date(year, month, number).toordinal()
                if at >= day and self.rng.random() < self.rates.filing:
                    return at
        return LAST_DAY + 1
