"""The hypothesis machine: random people try random acts, with a hand that brings awards along so that all is reached."""

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from .books import CASEWORKER, FINANCE, REVIEWER, BankRow, Person
from .desk import Desk
from .town import ACCOUNTS, CERTIFICATES, PEOPLE, Town

AMOUNTS = (8_000_000, 5_000_000, 3_000_055, 12_000_001, 1, 0)
DOCUMENTS = ("演示财〔2019〕1号", "演示财〔2019〕2号", "演示财〔2019〕3号")


def by(*roles: str) -> st.SearchStrategy[Person]:
    """Mostly somebody whose role opens the act, now and then anybody."""
    able = st.sampled_from([person for person in PEOPLE if person.roles & set(roles)])
    return st.one_of(able, able, st.sampled_from(PEOPLE))


caseworkers, reviewers, finance = by(CASEWORKER), by(REVIEWER), by(FINANCE)
office = by(CASEWORKER, REVIEWER)
keys = st.integers(0, len(CERTIFICATES) - 1)
lines = st.sampled_from((0, 0, 0, 1, 2))
amounts = st.sampled_from(AMOUNTS)
given = st.sampled_from((True, True, True, False))
latest = st.integers(0, 3)
picks = st.integers(0, 9)
ways = st.lists(picks, min_size=3, max_size=12)
answers = st.sampled_from(("paid", "paid", "failed", "returned", "returned", "pending"))
bank_rows = st.builds(BankRow, number=st.integers(1, 3), answer=answers, fits=given)


class MoneyMachine(RuleBasedStateMachine):
    """``town`` and ``counts`` are given by a subclass, one a test."""

    town: Town
    counts: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(self.town, self.counts)
        self.books = self.desk.books

    def teardown(self) -> None:
        self.desk.end()

    @initialize(
        known=given,
        money=st.sampled_from((50_000_000, 20_000_000, 9_000_000)),
        ways=st.lists(st.tuples(keys, ways), min_size=1, max_size=6),
    )
    def begin(self, known: bool, money: int, ways: list[tuple[int, list[int]]]) -> None:
        if known:
            self.desk.propose(PEOPLE[0])
        self.desk.book("appropriate", PEOPLE[4], 0, money, DOCUMENTS[0])
        for key, way in ways:
            self._along(key, way)

    def has_awards(self) -> bool:
        return bool(self.books.awards)

    def has_lists(self) -> bool:
        return bool(self.books.lists)

    @rule(key=keys, way=ways)
    def bring_one_along(self, key: int, way: list[int]) -> None:
        self._along(key, way)

    @rule(key=keys, way=ways)
    def bring_another_along(self, key: int, way: list[int]) -> None:
        self._along(key, way)

    @precondition(has_lists)
    @rule(back=latest, way=ways)
    def bring_a_list_along(self, back: int, way: list[int]) -> None:
        found = self.books.lists[max(len(self.books.lists) - 1 - back, 0)]
        self._along(found.lines[0].award, way)

    def _along(self, key: int, way: list[int]) -> None:
        for pick in way:
            self._onward(key, pick)

    def _onward(self, key: int, pick: int) -> None:
        """The act that the award waits for, by one of those whose role it is; four eyes may still forbid it."""
        award = self.books.awards.get(key)
        if award is None:
            return
        caseworker, reviewer, officer = (
            [person for person in PEOPLE if role in person.roles][pick % 3]
            for role in (CASEWORKER, REVIEWER, FINANCE)
        )
        terms = self.books.certificate_of(award).terms
        match award.state:
            case "awaiting_basis" if not self.books.certificate_of(award).grants:
                self.desk.region(caseworker, key, AMOUNTS[pick % 4], self.books.today)
            case "awaiting_basis":
                self.desk.calculate(caseworker, key, reason=True)
            case "calculated" if self.books.waiting_override(award) is not None:
                self._override_onward(key, pick, reviewer)
            case "calculated" if self.books.is_outdated(award):
                self.desk.review(reviewer, key)
                self.desk.calculate(caseworker, key, reason=True)
            case "calculated" if pick == 2:
                self.desk.region(caseworker, key, AMOUNTS[3], self.books.today)
            case "calculated" if pick < 2:
                self.desk.propose_override(caseworker, key, (award.amount or 0) - 1, reason=True)
            case "calculated":
                self.desk.review(reviewer, key)
            case "reviewed" if terms.disclosed:
                self.desk.disclose(caseworker, [key], self.books.today)
            case "disclosed":
                self._disclosed_onward(key, pick, caseworker, reviewer)
            case "reviewed":
                self.desk.approve(reviewer, key, 0)
            case "approved" if self.books.is_outdated(award) or self.books.is_corrected(award):
                self.desk.stop("send_back", reviewer, key, reason=True)
            case "approved" if pick > 7:
                self.desk.stop("revoke" if pick == 9 else "freeze", reviewer, key, reason=True)
            case "approved":
                self.desk.draft(officer, [key], award.line or 0)
            case "listed":
                self._list_onward(key, pick, officer)
            case "frozen":
                self.desk.stop("unfreeze", reviewer, key, reason=True)
            case "paid" if pick < 3:
                self.desk.region(caseworker, key, AMOUNTS[3 + pick % 3], self.books.today)
            case "paid":
                self.desk.open_recovery(officer, key)
            case "recovered":
                self.desk.region(caseworker, key, AMOUNTS[pick % 6], self.books.today)
                self.desk.open_recovery(officer, key)
            case "recovering" if self.books.due(award) <= award.recovered:
                self.desk.close_recovery(officer, key, reason=True)
            case "recovering" if pick == 9:
                self.desk.region(caseworker, key, AMOUNTS[0], self.books.today)
            case "recovering":
                due = self.books.due(award) - award.recovered
                self.desk.repay(officer, key, due if pick % 2 else due // 2, f"回单{pick}")

    def _override_onward(self, key: int, pick: int, reviewer: Person) -> None:
        waiting = self.books.waiting_override(self.books.awards[key])
        place = next(place for place, row in enumerate(self.books.overrides) if row is waiting)
        if pick == 9:
            self.desk.reject_override(reviewer, place, reason=True)
        else:
            self.desk.confirm_override(reviewer, place)

    def _disclosed_onward(self, key: int, pick: int, caseworker: Person, reviewer: Person) -> None:
        """Past the last day and the objections to the approval, which is now and then tried too early."""
        award = self.books.awards[key]
        about = (award.certificate, award.calculation)
        waiting = [
            place
            for place, row in enumerate(self.books.objections)
            if (row.award, row.calculation) == about and not row.outcome
        ]
        if award.last_day is not None and self.books.today <= award.last_day:
            if pick == 0:
                self.desk.approve(reviewer, key, 0)
            elif pick == 1:
                self.desk.object(caseworker, key)
            self.desk.move_on((award.last_day - self.books.today).days + 1)
            return
        self.desk.approve(reviewer, key, 0)
        for place in waiting:
            self.desk.answer(caseworker, place, upheld=pick == 9)

    def _list_onward(self, key: int, pick: int, officer: Person) -> None:
        place = max(
            place
            for place, row in enumerate(self.books.lists)
            if any(line.award == key and line.is_active for line in row.lines)
        )
        found = self.books.lists[place]
        match found.state:
            case "draft":
                self.desk.check(officer, place)
            case "checked":
                self.desk.release(PEOPLE[3 + pick % 4], place)
            case _:
                rows = tuple(BankRow(number, "paid") for number in range(1, len(found.lines) + 1))
                self.desk.bank_return(officer, place, rows, 0)

    @rule(days=st.sampled_from((1, 3, 15)))
    def days_go_by(self, days: int) -> None:
        self.desk.move_on(days)

    @rule(who=caseworkers)
    def propose(self, who: Person) -> None:
        self.desk.propose(who)

    @rule(who=caseworkers, key=keys, amount=amounts, ago=st.sampled_from((0, 0, 10)))
    def the_region_decides(self, who: Person, key: int, amount: int, ago: int) -> None:
        dated = self.books.today.fromordinal(self.books.today.toordinal() - ago)
        self.desk.region(who, key, amount, dated)

    @precondition(has_awards)
    @rule(who=caseworkers, key=keys, reason=given)
    def calculate(self, who: Person, key: int, reason: bool) -> None:
        self._with(key, lambda: self.desk.calculate(who, key, reason=reason))

    @precondition(has_awards)
    @rule(who=caseworkers, key=keys, amount=amounts, less=picks, reason=given)
    def propose_amount(self, who: Person, key: int, amount: int, less: int, reason: bool) -> None:
        self._with(key, lambda: self.desk.propose_override(who, key, amount - less, reason=reason))

    @rule(who=reviewers, back=latest)
    def confirm_amount(self, who: Person, back: int) -> None:
        self._latest(self.books.overrides, back, lambda place: self.desk.confirm_override(who, place))

    @rule(who=reviewers, back=latest, reason=given)
    def reject_amount(self, who: Person, back: int, reason: bool) -> None:
        self._latest(
            self.books.overrides, back, lambda place: self.desk.reject_override(who, place, reason=reason)
        )

    @precondition(has_awards)
    @rule(who=reviewers, key=keys)
    def review(self, who: Person, key: int) -> None:
        self._with(key, lambda: self.desk.review(who, key))

    @precondition(has_awards)
    @rule(
        who=office,
        key=keys,
        what=st.sampled_from(("send_back", "freeze", "unfreeze", "freeze", "unfreeze", "revoke")),
        reason=given,
    )
    def stop(self, who: Person, key: int, what: str, reason: bool) -> None:
        self._with(key, lambda: self.desk.stop(what, who, key, reason=reason))

    @precondition(has_awards)
    @rule(who=caseworkers, chosen=st.sets(keys, min_size=1, max_size=2), ago=st.sampled_from((-1, 0, 14)))
    def disclose(self, who: Person, chosen: set[int], ago: int) -> None:
        published_on = self.books.today.fromordinal(self.books.today.toordinal() - ago)
        found = sorted(chosen & self.books.awards.keys())
        if found:
            self.desk.disclose(who, found, published_on)

    @precondition(has_awards)
    @rule(who=office, key=keys)
    def object(self, who: Person, key: int) -> None:
        self._with(key, lambda: self.desk.object(who, key))

    @rule(who=office, back=latest, upheld=st.booleans())
    def answer(self, who: Person, back: int, upheld: bool) -> None:
        self._latest(self.books.objections, back, lambda place: self.desk.answer(who, place, upheld=upheld))

    @precondition(has_awards)
    @rule(who=reviewers, key=keys, line=lines)
    def approve(self, who: Person, key: int, line: int) -> None:
        self._with(key, lambda: self.desk.approve(who, key, line))

    @rule(who=caseworkers, key=keys, act_year=st.sampled_from((2018, 2019)), pick=picks)
    def the_region_revokes(self, who: Person, key: int, act_year: int, pick: int) -> None:
        """Seldom, as nothing of the firm goes on after it."""
        if pick == 9:
            self.desk.revoke_certificate(who, key, act_year)
        elif pick > 5:
            self.desk.apply_revocations(who)
        else:
            self._onward(key, pick)

    @rule(who=caseworkers, key=keys)
    def propose_correction(self, who: Person, key: int) -> None:
        self.desk.propose_correction(who, key)

    @rule(who=office, key=keys, confirm=given)
    def decide_correction(self, who: Person, key: int, confirm: bool) -> None:
        self.desk.decide_correction(who, key, confirm=confirm)

    @rule(who=by(CASEWORKER, FINANCE), firm=st.integers(0, 2), number=st.sampled_from(ACCOUNTS))
    def propose_account(self, who: Person, firm: int, number: str) -> None:
        self.desk.propose_account(who, firm, number)

    @rule(who=by(FINANCE, REVIEWER), back=latest, confirm=given)
    def decide_account(self, who: Person, back: int, confirm: bool) -> None:
        self._latest(
            self.books.accounts, back, lambda place: self.desk.decide_account(who, place, confirm=confirm)
        )

    @rule(who=finance, line=lines, amount=amounts, document=st.sampled_from(DOCUMENTS))
    def appropriate(self, who: Person, line: int, amount: int, document: str) -> None:
        self.desk.book("appropriate", who, line, amount, document)

    @rule(
        who=finance,
        line=lines,
        amount=st.sampled_from((*AMOUNTS, *(-amount for amount in AMOUNTS))),
        document=st.sampled_from(DOCUMENTS),
    )
    def adjust(self, who: Person, line: int, amount: int, document: str) -> None:
        self.desk.book("adjust", who, line, amount, document)

    @rule(
        who=finance,
        lines=st.sampled_from(((0, 1), (0, 1), (1, 0), (0, 2), (2, 1))),
        amount=amounts,
        document=st.sampled_from(DOCUMENTS),
    )
    def carry_over(self, who: Person, lines: tuple[int, int], amount: int, document: str) -> None:
        self.desk.carry_over(who, *lines, amount, document)

    @precondition(has_awards)
    @rule(who=finance, chosen=st.lists(keys, max_size=3), line=lines)
    def draft(self, who: Person, chosen: list[int], line: int) -> None:
        self.desk.draft(who, [key for key in chosen if key in self.books.awards], line)

    @precondition(has_awards)
    @rule(who=finance, pick=picks)
    def draft_what_is_approved(self, who: Person, pick: int) -> None:
        found = [key for key, award in self.books.awards.items() if award.state == "approved"]
        self.desk.draft(who, found[pick % 2 :], 0)

    @precondition(has_lists)
    @rule(who=finance, back=latest)
    def check(self, who: Person, back: int) -> None:
        self._latest(self.books.lists, back, lambda place: self.desk.check(who, place))

    @precondition(has_lists)
    @rule(who=finance, back=latest)
    def release(self, who: Person, back: int) -> None:
        self._latest(self.books.lists, back, lambda place: self.desk.release(who, place))

    @precondition(has_lists)
    @rule(who=finance, back=latest, reason=given)
    def cancel(self, who: Person, back: int, reason: bool) -> None:
        self._latest(self.books.lists, back, lambda place: self.desk.cancel(who, place, reason=reason))

    @precondition(has_lists)
    @rule(
        who=finance,
        back=latest,
        rows=st.lists(bank_rows, min_size=1, max_size=4).map(tuple),
        serial=st.integers(0, 1),
    )
    def the_bank_answers(self, who: Person, back: int, rows: tuple[BankRow, ...], serial: int) -> None:
        self._latest(self.books.lists, back, lambda place: self.desk.bank_return(who, place, rows, serial))

    @precondition(has_awards)
    @rule(who=by(CASEWORKER, REVIEWER, FINANCE), key=keys)
    def open_recovery(self, who: Person, key: int) -> None:
        self._with(key, lambda: self.desk.open_recovery(who, key))

    @precondition(has_awards)
    @rule(who=by(CASEWORKER, REVIEWER, FINANCE), key=keys, reason=given)
    def close_recovery(self, who: Person, key: int, reason: bool) -> None:
        self._with(key, lambda: self.desk.close_recovery(who, key, reason=reason))

    @precondition(has_awards)
    @rule(who=finance, key=keys, amount=amounts, receipt=st.sampled_from(("回单1", "回单2")))
    def repay(self, who: Person, key: int, amount: int, receipt: str) -> None:
        self._with(key, lambda: self.desk.repay(who, key, amount, receipt))

    def _with(self, key: int, act: Any) -> None:
        """``act`` where the award was proposed."""
        if key in self.books.awards:
            act()

    def _latest(self, rows: list[Any], back: int, act: Any) -> None:
        """``act`` on the place of one of the latest rows, where there are any."""
        if rows:
            act(max(len(rows) - 1 - back, 0))
