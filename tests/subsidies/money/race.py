"""Sixteen threads at once over one funding line with too little money; what stands on record then is read raw."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connections

from config.common.errors import Refused
from cultivation.models import User
from subsidies.enums import AwardState, LineState, ListState, OverrideState
from subsidies.models import Award, FundingLine, PaymentList
from subsidies.permissions import ROLES, AwardAction
from subsidies.services import acting, funding, payment_lists
from subsidies.services.events import last_event_number
from subsidies.services.proposals import propose_awards
from subsidies.services.returns import load_bank_return
from tests.factories import AccreditationFactory, BankAccountFactory
from tests.subsidies.factories import funding_line, import_rows, scheme_version
from tests.subsidies.paying import answer, return_file

from .books import FINANCE
from .record import Record, invariants, read_all
from .town import PEOPLE, Town, user_of

THREADS = 16
PATIENCE = 60
AMOUNTS = tuple(Decimal(amount) for amount in (80_000, 50_000, 30_000))
REASON = "演示理由"
DONE = "done"
_DOCUMENT = "演示纪要〔2019〕1号"
Act = Callable[[], object]


@dataclass(frozen=True)
class End:
    """How an act ended: :data:`DONE`, the code of its refusal, or an error that is no answer."""

    words: str
    is_fault: bool = False


def at_once(acts: Sequence[Act]) -> list[End]:
    """Every act in a thread and a connection of its own, all of them started together."""
    together = threading.Barrier(len(acts))

    def attempt(act: Act) -> End:
        try:
            together.wait(PATIENCE)
            act()
        except Refused as refusal:
            return End(refusal.code)
        except Exception as error:  # a deadlock, or a constraint that had to stop what a service let through
            return End(f"{type(error).__name__}: {str(error).splitlines()[0]}", is_fault=True)
        finally:
            connections.close_all()
        return End(DONE)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(attempt, acts))


class Race:
    """One funding line, the awards that want its money, and everybody who has a hand in them.

    ``counts`` tells of every act how often it was done and how often refused. What must never be: ``faults``, acts that
    end in an error which is no answer, and ``broken``, invariants that do not hold on record.
    """

    def __init__(self, *, firms: int, appropriated: Decimal, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.broken: list[str] = []
        self._serial = count(1)
        self._files: dict[int, bytes] = {}
        users = {person.name: user_of(person) for person in PEOPLE}
        scheme_version(disclosure_required=False, disclosure_source="演示", once_per="accreditation")
        self.line = funding_line(appropriated)
        two = {"proposed_by": users["caseworker-1"], "decided_by": users["reviewer-1"]}
        certificates = [
            AccreditationFactory(determined=True, firm=BankAccountFactory(**two).firm)
            for _firm in range(firms)
        ]
        import_rows(
            *(
                (row.firm.name, row.firm.credit_code, f"{self.dice.choice(AMOUNTS):.2f}")
                for row in certificates
            )
        )
        propose_awards(actor=users["caseworker-1"])
        self.town = Town(users, [row.firm for row in certificates], certificates, [self.line])

    @property
    def violations(self) -> list[str]:
        return self.faults + self.broken

    def run(self, attempts: int) -> None:
        """Round after round, until so many attempts were made."""
        for _round in range(attempts // THREADS):
            self.round()

    def round(self) -> None:
        """Every thread makes one attempt, all of them at one moment; then the record is read."""
        hot = self._subjects()
        chosen = [self._act(hot) for _thread in range(THREADS)]
        for (name, _act), end in zip(chosen, at_once([act for _name, act in chosen]), strict=True):
            self.counts[name if end.words == DONE else f"{name} refused"] += 1
            if end.is_fault:
                self.faults.append(f"{name}: {end.words}")
        self.broken += invariants(Record(self.town, read_all()))

    def _subjects(self) -> dict[str, list[Any]]:
        """A few of the awards and lists in each state, as they are now: several threads want the same one."""
        awards, lists = Award.objects.order_by("pk"), PaymentList.objects.order_by("pk")
        rows: dict[str, list[Any]] = {
            **{state: list(awards.filter(state=state)) for state in AwardState},
            **{state: list(lists.filter(state=state)) for state in ListState},
            "waiting": list(awards.filter(overrides__state=OverrideState.PROPOSED)),
            "any": list(awards),
            "answerable": list(
                lists.filter(
                    state__in=[ListState.RELEASED, ListState.SETTLED],
                    lines__state__in=[LineState.OPEN, LineState.PAID],
                ).distinct()
            ),
        }
        return {key: self.dice.sample(found, min(len(found), 3)) for key, found in rows.items() if found}

    def _act(self, hot: dict[str, list[Any]]) -> tuple[str, Act]:
        """Some act that may be open now, by somebody who may be allowed to."""
        possible = [name for name, (key, _weight) in ACTS.items() if key in hot]
        (name,) = self.dice.choices(possible, [ACTS[name][1] for name in possible])
        key = ACTS[name][0]
        if name in AwardAction.values:
            # Now and then an act that the state does not know: it takes its locks before it is refused.
            award = self.dice.choice(hot["any" if self.dice.random() < 0.15 else key])
            return name, self._on_award(AwardAction(name), award)
        return name, getattr(self, f"_{name}")(hot[key])

    def _on_award(self, action: AwardAction, award: Award) -> Act:
        """By the page, which knows what the person saw, or by the service alone."""
        answers: dict[AwardAction, dict[str, Any]] = {
            AwardAction.APPROVE: {"funding_line": self.line},
            AwardAction.OVERRIDE: {
                "amount": self.dice.choice(AMOUNTS),
                "reason": REASON,
                "document_number": _DOCUMENT,
            },
            **{
                act: {"reason": REASON}
                for act in (
                    AwardAction.REJECT_OVERRIDE,
                    AwardAction.SEND_BACK,
                    AwardAction.FREEZE,
                    AwardAction.UNFREEZE,
                    AwardAction.REVOKE,
                )
            },
        }
        given = {"award": award, "actor": self._somebody(*ROLES[action]), **answers.get(action, {})}
        if self.dice.random() < 0.5:
            seen = last_event_number(award)
            return lambda: acting.act_on_award(action=action, seen=seen, **given)
        return lambda: acting.SERVICES[action](**given)

    def _adjust(self, lines: list[FundingLine]) -> Act:
        amount, actor = self.dice.choice([-1, 1]) * AMOUNTS[-1], self._somebody(FINANCE)
        document = f"演示财〔2019〕{1000 + next(self._serial)}号"
        return lambda: funding.adjust(line=self.line, amount=amount, document_number=document, actor=actor)

    def _draft(self, awards: list[Award]) -> Act:
        chosen = self.dice.sample(awards, self.dice.randint(1, len(awards)))
        actor = self._somebody(FINANCE)
        return lambda: payment_lists.draft_payment_list(
            awards=chosen, funding_line=self.line, purpose="奖励性补助", actor=actor
        )

    def _check(self, lists: list[PaymentList]) -> Act:
        found, actor = self.dice.choice(lists), self._somebody(FINANCE)
        return lambda: payment_lists.check_payment_list(payment_list=found, actor=actor)

    def _release(self, lists: list[PaymentList]) -> Act:
        found, actor = self.dice.choice(lists), self._somebody(FINANCE)
        return lambda: payment_lists.release_payment_list(payment_list=found, actor=actor)

    def _cancel(self, lists: list[PaymentList]) -> Act:
        found, actor = self.dice.choice(lists), self._somebody(FINANCE)
        return lambda: payment_lists.cancel_payment_list(payment_list=found, actor=actor, reason=REASON)

    def _return(self, lists: list[PaymentList]) -> Act:
        """The bank's answers to some lines of a list, in a file of its own or in one that another thread has too."""
        found, actor = self.dice.choice(lists), self._somebody(FINANCE)
        if found.pk not in self._files or self.dice.random() < 0.7:
            rows = [
                answer(
                    line,
                    self.dice.choice(["成功", "失败"] if line.state == LineState.OPEN else ["成功", "退汇"]),
                    f"回单{next(self._serial)}",
                )
                for line in found.lines.order_by("number")
                if line.is_active and self.dice.random() < 0.8
            ]
            if rows or found.pk not in self._files:
                self._files[found.pk] = return_file(*rows)
        content = self._files[found.pk]
        return lambda: load_bank_return(
            payment_list=found, content=content, original_name="return.xlsx", actor=actor
        )

    def _somebody(self, *roles: str) -> User:
        """Mostly a person of one of these roles; now and then anybody."""
        able = [person for person in PEOPLE if person.roles & {str(role) for role in roles}]
        chosen = self.dice.choice(able if self.dice.random() < 0.9 else PEOPLE)
        return self.town.users[chosen.name]


# What each act is done to, a key of Race._subjects, and how often it is tried.
ACTS: dict[str, tuple[str, float]] = {
    AwardAction.CALCULATE.value: (AwardState.AWAITING_BASIS, 3),
    AwardAction.OVERRIDE.value: (AwardState.CALCULATED, 2),
    AwardAction.CONFIRM_OVERRIDE.value: ("waiting", 3),
    AwardAction.REJECT_OVERRIDE.value: ("waiting", 1),
    AwardAction.REVIEW.value: (AwardState.CALCULATED, 4),
    AwardAction.SEND_BACK.value: (AwardState.APPROVED, 0.5),
    AwardAction.APPROVE.value: (AwardState.REVIEWED, 6),
    AwardAction.FREEZE.value: (AwardState.APPROVED, 1),
    AwardAction.UNFREEZE.value: (AwardState.FROZEN, 2),
    AwardAction.REVOKE.value: (AwardState.FROZEN, 0.3),
    "adjust": ("any", 1),
    "draft": (AwardState.APPROVED, 3),
    "check": (ListState.DRAFT, 3),
    "release": (ListState.CHECKED, 5),
    "cancel": (ListState.CHECKED, 1),
    "return": ("answerable", 6),
}
