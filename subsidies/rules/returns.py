"""What a bank's answer does to a payment line, by where the line stands; pure."""

from enum import StrEnum


class Line(StrEnum):
    """Where a payment line stands; the values of ``subsidies.enums.LineState``."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"


class Answer(StrEnum):
    """What the bank says; the values of ``subsidies.return_files.BankResult``."""

    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    PENDING = "pending"


class Effect(StrEnum):
    """What follows: ``fail`` gives the award back before any payment, ``bounce`` after it (退汇)."""

    PAY = "pay"
    FAIL = "fail"
    BOUNCE = "bounce"
    NONE = "none"
    CONTRADICTION = "contradiction"


_EFFECTS = {
    (Line.OPEN, Answer.PAID): Effect.PAY,
    (Line.OPEN, Answer.FAILED): Effect.FAIL,
    (Line.OPEN, Answer.RETURNED): Effect.FAIL,
    (Line.PAID, Answer.PAID): Effect.NONE,
    # A failure after a success is no return of money: the bank contradicts itself and a person has to ask it.
    (Line.PAID, Answer.FAILED): Effect.CONTRADICTION,
    (Line.PAID, Answer.RETURNED): Effect.BOUNCE,
    (Line.FAILED, Answer.PAID): Effect.CONTRADICTION,
    (Line.FAILED, Answer.FAILED): Effect.NONE,
    (Line.FAILED, Answer.RETURNED): Effect.NONE,
}


def effect_of_answer(line: Line, answer: Answer) -> Effect:
    """The effect of ``answer`` on a line; what was answered the same way before has none (edge case 35)."""
    return _EFFECTS.get((line, answer), Effect.NONE)


def paid_key(line_id: int) -> str:
    """Idempotency key of the ledger entry that pays a line: an award is paid once a line."""
    return f"paid:line:{line_id}"


def returned_key(line_id: int) -> str:
    """Idempotency key of the entry for money of a line that came back (退汇)."""
    return f"returned:line:{line_id}"
