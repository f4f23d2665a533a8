"""Made-up firms with a place, a case and certificates; the same seed makes the same firms."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from stdnum.cn import uscc

from cultivation.enums import CaseAction, CaseKind, CaseState

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# 91: enterprise; 990000: no such registering authority; ML: apart from other made-up firms.
CODE_PREFIX = "91990000ML"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_REASON = "演示：规模数据"

# The way of a case: the act, and the state it leads to.
_WAY = (
    (CaseAction.OPEN, CaseState.DRAFT),
    (CaseAction.SUBMIT, CaseState.SUBMITTED),
    (CaseAction.RECOMMEND, CaseState.RECOMMENDED),
    (CaseAction.ENROL, CaseState.POOLED),
    (CaseAction.START_TRAINING, CaseState.TRAINING),
    (CaseAction.START_EXPENSE_REVIEW, CaseState.EXPENSE_REVIEW),
    (CaseAction.CLEAR, CaseState.READY),
    (CaseAction.FILE, CaseState.FILED),
    (CaseAction.DISCLOSE, CaseState.DISCLOSED),
    (CaseAction.ACCREDIT, CaseState.ACCREDITED),
)
_STATES = [state for _, state in _WAY]
_SIDEWAYS = {
    CaseState.RETURNED: CaseAction.RETURN,
    CaseState.DECLINED: CaseAction.DECLINE,
    CaseState.WITHDRAWN: CaseAction.WITHDRAW,
    CaseState.REMOVED: CaseAction.REMOVE,
}
# Share of the firms in a hundred whose case has come to a state; the others have no case.
_CASE_SHARES = {
    CaseState.DRAFT: 2,
    CaseState.SUBMITTED: 3,
    CaseState.RETURNED: 2,
    CaseState.RECOMMENDED: 3,
    CaseState.POOLED: 5,
    CaseState.TRAINING: 5,
    CaseState.EXPENSE_REVIEW: 4,
    CaseState.READY: 4,
    CaseState.FILED: 4,
    CaseState.DISCLOSED: 2,
    CaseState.DECLINED: 2,
    CaseState.ACCREDITED: 20,
    CaseState.WITHDRAWN: 2,
    CaseState.REMOVED: 2,
}
_OLD_CERTIFICATE_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a case."""

    on: dt.date
    action: CaseAction
    came_from: str
    state: CaseState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """One made-up firm. ``old_certificate_on``: issued before the system was there, without a case."""

    number: int
    credit_code: str
    name: str
    division: int
    field: int
    registered_on: dt.date
    kind: CaseKind
    steps: tuple[Step, ...]
    returned_from: str
    old_certificate_on: dt.date | None
    years: tuple["FiscalYear", ...]

    @property
    def state(self) -> CaseState | None:
        return self.steps[-1].state if self.steps else None

    def day_of(self, state: CaseState) -> dt.date | None:
        """When the case first came to a state."""
        return next((step.on for step in self.steps if step.state == state), None)


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """Whole yuan of one year."""

    year: int
    sales: Decimal
    high_tech_income: Decimal
    net_assets_end: Decimal
    personnel: Decimal
    direct_input: Decimal


def credit_code(number: int) -> str:
    """The ``number``-th code, with the check characters of GB 11714 and GB 32100."""
    digits = ""
    for _position in range(6):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    organisation = "ML" + digits
    values = (int(character, 36) for character in organisation)
    check = 11 - sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True)) % 11
    code = "91990000" + organisation + {10: "X", 11: "0"}.get(check, str(check))
    return code + str(uscc.calc_check_digit(code))


def _path(random: Random, end: CaseState) -> tuple[list[tuple[CaseAction, CaseState]], str]:
    """Acts and states up to ``end``, now and then with a return for correction; and where the last return came from."""
    way: list[tuple[CaseAction, CaseState]] = []
    returned_from = ""
    if end == CaseState.RETURNED:
        last = random.choice([CaseState.SUBMITTED, CaseState.EXPENSE_REVIEW])
    elif end == CaseState.DECLINED:
        last = random.choice([CaseState.FILED, CaseState.DISCLOSED])
    elif end in (CaseState.WITHDRAWN, CaseState.REMOVED):
        last = random.choice(
            [CaseState.POOLED, CaseState.TRAINING, CaseState.EXPENSE_REVIEW, CaseState.READY]
        )
    else:
        last = end
    for action, state in _WAY[: _STATES.index(last) + 1]:
        way.append((action, state))
        if state in (CaseState.SUBMITTED, CaseState.EXPENSE_REVIEW) and random.random() < 0.15:
            way += [(CaseAction.RETURN, CaseState.RETURNED), (CaseAction.RESUBMIT, state)]
            returned_from = state
    if end in _SIDEWAYS:
        way.append((_SIDEWAYS[end], end))
        returned_from = last if end == CaseState.RETURNED else returned_from
    return way, returned_from


def _steps(random: Random, end: CaseState, today: dt.date) -> tuple[tuple[Step, ...], str]:
    way, returned_from = _path(random, end)
    closed = end in (CaseState.ACCREDITED, CaseState.WITHDRAWN, CaseState.REMOVED)
    day = today - dt.timedelta(days=random.randrange(1, 1200 if closed else 150))
    days = [day]
    for _step in way[1:]:
        day -= dt.timedelta(days=random.randrange(2, 45))
        days.append(day)
    steps, came_from = [], ""
    for (action, state), on in zip(way, reversed(days), strict=True):
        against = state in (*_SIDEWAYS, CaseState.WITHDRAWN)
        steps.append(Step(on, action, came_from, state, _REASON if against else ""))
        came_from = state
    return tuple(steps), returned_from


def _old_certificate(random: Random, steps: Sequence[Step], today: dt.date) -> dt.date | None:
    """Issue of a certificate from before the case; one that a later accreditation renews has about run its term."""
    if random.random() >= _OLD_CERTIFICATE_SHARE:
        return None
    if steps and steps[-1].state == CaseState.ACCREDITED:
        return steps[-1].on - dt.timedelta(days=random.randrange(1000, 1150))
    return today - dt.timedelta(days=random.randrange(200, 1500))


def _years(random: Random, last: int) -> tuple[FiscalYear, ...]:
    sales = random.randrange(2_000_000, 150_000_000)
    years = []
    for year in range(last - 2, last + 1):
        sales = sales * random.randrange(90, 140) // 100
        research = sales * random.randrange(2, 9) // 100
        years.append(
            FiscalYear(
                year=year,
                sales=Decimal(sales),
                high_tech_income=Decimal(sales * random.randrange(40, 95) // 100),
                net_assets_end=Decimal(sales * random.randrange(20, 90) // 100),
                personnel=Decimal(research * 2 // 3),
                direct_input=Decimal(research // 3),
            )
        )
    return tuple(years)


def lives(
    *, firms: int, seed: int, first: int, today: dt.date, divisions: int, fields: int
) -> Iterator[Life]:
    """``firms`` firms numbered from ``first``; ``division`` and ``field`` are places in lists of these lengths."""
    states: list[CaseState | None] = [*_CASE_SHARES, None]
    shares = [*_CASE_SHARES.values(), 100 - sum(_CASE_SHARES.values())]
    for number in range(first, first + firms):
        random = Random(f"{seed}:{number}")  # noqa: S311 - made-up data
        state = random.choices(states, shares)[0]
        steps, returned_from = _steps(random, state, today) if state else ((), "")
        old_certificate_on = _old_certificate(random, steps, today)
        enrolled = any(step.state == CaseState.POOLED for step in steps)
        yield Life(
            number=number,
            credit_code=credit_code(number),
            name=f"演示规模企业{number:07d}有限公司",
            division=random.randrange(divisions),
            field=random.randrange(fields) if fields else 0,
            registered_on=dt.date(
                random.randrange(2005, 2015), random.randrange(1, 13), random.randrange(1, 29)
            ),
            kind=CaseKind.RENEWAL if old_certificate_on else CaseKind.FIRST,
            steps=steps,
            returned_from=returned_from,
            old_certificate_on=old_certificate_on,
            years=_years(random, today.year - 1) if enrolled else (),
        )
