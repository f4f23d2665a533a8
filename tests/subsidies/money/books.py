"""The plain model's books: what should be on record. No Django, no database; money in whole fen, times as counts."""

import datetime as dt
from dataclasses import dataclass, field

Reasons = set[str]
"""Why an act is not open, by the codes of the refusals; empty: it is open, and the model has done it."""

CASEWORKER, REVIEWER, FINANCE, AUDITOR = "caseworker", "reviewer", "finance", "auditor"
WAITING = ("awaiting_basis", "awaiting_policy")
FREEZABLE = (*WAITING, "calculated", "reviewed", "disclosed", "approved")


@dataclass(frozen=True)
class Person:
    """One of the bureau's people; some hold two roles, so that four eyes are more than the roles."""

    name: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Terms:
    """What a version of the scheme says: the ratio, the cap in fen, the fund, and two switches."""

    numerator: int = 1
    denominator: int = 1
    cap: int | None = None
    fund: str = ""
    disclosed: bool = True
    returns_to_line: bool = False

    def match(self, regional: int) -> int:
        """The city's amount in fen for the region's: half a fen goes up, the cap is the most, zero is nothing."""
        amount = (2 * regional * self.numerator + self.denominator) // (2 * self.denominator)
        return amount if self.cap is None else min(amount, self.cap)


@dataclass
class Correction:
    """A correction of a certificate, or the account of a firm, that waits for a second person."""

    proposer: str
    state: str = "proposed"
    decider: str | None = None


@dataclass
class Certificate:
    """A certificate of a firm with what the region granted for it, document after document."""

    firm: int
    issued_on: dt.date
    terms: Terms
    recorder: str
    is_decided: bool = True
    revoked_on: dt.date | None = None
    act_year: int = 0
    corrected_at: int = -1
    corrections: list[Correction] = field(default_factory=list)
    grants: list[tuple[int, dt.date]] = field(default_factory=list)

    @property
    def waiting(self) -> Correction | None:
        return next((found for found in self.corrections if found.state == "proposed"), None)


@dataclass
class Account(Correction):
    firm: int = 0
    number: str = ""


@dataclass
class Override(Correction):
    """Another amount for an award, proposed on one calculation of it."""

    award: int = 0
    amount: int = 0
    calculation: int = 0


@dataclass
class Objection:
    award: int
    calculation: int
    outcome: str = ""


@dataclass
class Award:
    """``calculation`` counts the calculations of all awards; ``grant`` is the place of its basis among the grants."""

    certificate: int
    state: str
    amount: int | None = None
    calculation: int | None = None
    calculated_at: int = -1
    grant: int = -1
    calculator: str | None = None
    reviewer: str | None = None
    approver: str | None = None
    line: int | None = None
    frozen_from: str = ""
    published_on: dt.date | None = None
    last_day: dt.date | None = None
    recovered: int = 0
    receipts: dict[str, int] = field(default_factory=dict)

    @property
    def is_committed(self) -> bool:
        return self.state in ("approved", "listed") or (
            self.state == "frozen" and self.frozen_from == "approved"
        )


@dataclass
class Funding:
    """A funding line with its guard figures in fen, and what was booked by document."""

    fund: str
    year: int
    appropriated: int = 0
    committed: int = 0
    paid: int = 0

    @property
    def available(self) -> int:
        return self.appropriated - self.committed - self.paid


@dataclass
class PaymentLine:
    award: int
    amount: int
    account: str
    state: str = "open"
    is_active: bool = True


@dataclass
class PaymentList:
    line: int
    drafter: str
    lines: list[PaymentLine]
    state: str = "draft"
    checker: str | None = None
    releaser: str | None = None
    returns: set[object] = field(default_factory=set)


@dataclass(frozen=True)
class Entry:
    kind: str
    line: int
    amount: int
    direction: int = 1
    award: int | None = None


@dataclass(frozen=True)
class BankRow:
    """A row of a bank's return; ``fits`` says whether account and amount are those of the line it names."""

    number: int
    answer: str
    fits: bool = True


# Holidays and make-up workdays of the second half of 2019 (国办发明电〔2018〕15号); the model counts by itself.
_HOLIDAYS = {dt.date(2019, 6, 7), dt.date(2019, 9, 13)} | {dt.date(2019, 10, day) for day in range(1, 8)}
_MAKE_UP = {dt.date(2019, 9, 29), dt.date(2019, 10, 12)}


def tenth_working_day(published_on: dt.date) -> dt.date:
    """The last of ten working days, the day after the publication being day one."""
    day, left = published_on, 10
    while left:
        day += dt.timedelta(days=1)
        if day in _MAKE_UP or (day.weekday() < 5 and day not in _HOLIDAYS):
            left -= 1
    return day


def role(who: Person, *roles: str) -> Reasons:
    return set() if who.roles & set(roles) else {"not_allowed"}


def second(who: Person, *others: str | None) -> Reasons:
    return {"second_person"} if who.name in others else set()


def when(condition: bool, code: str) -> Reasons:
    return {code} if condition else set()
