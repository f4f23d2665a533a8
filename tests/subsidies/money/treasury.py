"""The plain model of the money: funding lines, payment lists, the bank's answers, recoveries."""

from .books import (
    CASEWORKER,
    FINANCE,
    REVIEWER,
    Account,
    Award,
    BankRow,
    PaymentLine,
    PaymentList,
    Person,
    Reasons,
    role,
    second,
    when,
)
from .office import Office


class Treasury(Office):
    """The acts of finance; see :class:`~.office.Office`."""

    def appropriate(self, who: Person, line: int, amount: int, document: str) -> Reasons:
        return self._by_document(who, "appropriated", line, amount, document)

    def adjust(self, who: Person, line: int, amount: int, document: str) -> Reasons:
        return self._by_document(who, "adjusted", line, amount, document)

    def _by_document(self, who: Person, kind: str, line: int, amount: int, document: str) -> Reasons:
        """A document counts once: the same again does nothing, the same number with another amount is refused."""
        key = (kind, line, document)
        takes = kind == "adjusted" and amount < 0
        no = role(who, FINANCE) | when(amount == 0 or (amount < 0 and not takes), "amount_not_positive")
        if key in self.booked:
            return no | when(self.booked[key] != amount, "key_reused")
        no |= when(self.lines[line].available + amount < 0, "overdrawn")
        if not no:
            self.booked[key] = amount
            self.post(kind, line, abs(amount), direction=1 if amount > 0 else -1)
        return no

    def carry_over(self, who: Person, source: int, target: int, amount: int, document: str) -> Reasons:
        key = ("carried_over", source, target, document)
        no = role(who, FINANCE) | when(self.lines[source].fund != self.lines[target].fund, "other_fund")
        no |= when(self.lines[target].year != self.lines[source].year + 1, "other_year")
        no |= when(amount <= 0, "amount_not_positive")
        if key in self.booked:
            return no | when(self.booked[key] != amount, "key_reused")
        no |= when(self.lines[source].available < amount, "overdrawn")
        if not no:
            self.booked[key] = amount
            self.post("carried_over", source, amount, direction=-1)
            self.post("carried_over", target, amount)
        return no

    def draft(self, who: Person, awards: list[Award], line: int) -> tuple[Reasons, list[Reasons]]:
        """Why no list can be drafted, and what the pre-flight says of each award."""
        problems = [self._unpayable(award, "approved", awards, line) for award in awards]
        no = role(who, FINANCE) | when(not awards, "list_empty") | when(any(problems), "preflight_failed")
        if not no:
            lines = [
                PaymentLine(award.certificate, award.amount or 0, self._account(award).number)
                for award in awards
            ]
            self.lists.append(PaymentList(line, who.name, lines))
            for award in awards:
                award.state = "listed"
        return no, problems

    def check(self, who: Person, found: PaymentList) -> Reasons:
        no = role(who, FINANCE) | second(who, found.drafter) | when(found.state != "draft", "wrong_state")
        if not no:
            found.state, found.checker = "checked", who.name
        return no

    def release(self, who: Person, found: PaymentList) -> tuple[Reasons, list[Reasons]]:
        """Why a list cannot go, and what stops its lines; whoever released it may say so again."""
        no = role(who, FINANCE)
        if not no and found.state in ("released", "settled") and found.releaser == who.name:
            return no, []
        awards = [self.awards[line.award] for line in found.lines]
        no |= second(who, found.drafter, found.checker)
        for award in awards:
            no |= second(who, award.calculator, award.approver)
        no |= when(found.state != "checked", "wrong_state")
        problems = [self._stopped(line, awards, found) for line in found.lines]
        no |= when(any(problems), "preflight_failed")
        if not no:
            found.state, found.releaser = "released", who.name
        return no, [problem for problem in problems if problem]

    def cancel(self, who: Person, found: PaymentList, *, reason: bool) -> Reasons:
        no = role(who, FINANCE) | when(not reason, "reason_missing")
        no |= when(found.state not in ("draft", "checked"), "wrong_state")
        if not no:
            found.state = "cancelled"
            for line in found.lines:
                line.is_active = False
                self.awards[line.award].state = "approved"
        return no

    def bank_return(
        self, who: Person, found: PaymentList, rows: tuple[BankRow, ...], serial: int
    ) -> tuple[Reasons, list[str]]:
        """What each row of the file comes to; the same file again comes to nothing."""
        no = role(who, FINANCE) | when(found.state not in ("released", "settled"), "not_released")
        again = (rows, serial) in found.returns
        no |= when(not again and self._contradicts(found, rows), "rows_refused")
        if no:
            return no, []
        outcomes = [self._row(found, row, again) for row in rows]
        found.returns.add((rows, serial))
        if all(line.state != "open" for line in found.lines):
            found.state = "settled"
        return no, outcomes

    def open_recovery(self, who: Person, award: Award) -> Reasons:
        no = role(who, CASEWORKER, REVIEWER, FINANCE) | when(
            award.state not in ("paid", "recovered"), "wrong_state"
        )
        no |= when(self.due(award) <= award.recovered, "nothing_to_recover")
        if not no:
            award.state = "recovering"
        return no

    def close_recovery(self, who: Person, award: Award, *, reason: bool) -> Reasons:
        no = role(who, CASEWORKER, REVIEWER, FINANCE) | when(award.state != "recovering", "wrong_state")
        no |= when(not reason, "reason_missing") | when(
            self.due(award) > award.recovered, "still_outstanding"
        )
        if not no:
            award.state = "recovered"
        return no

    def repay(self, who: Person, award: Award, amount: int, receipt: str) -> Reasons:
        """Part of what is due, or all of it; a receipt counts once."""
        no = role(who, FINANCE)
        if award.receipts.get(receipt) == amount:
            return no
        left = max(self.due(award) - award.recovered, 0) if award.state == "recovering" else 0
        no |= when(award.state != "recovering", "not_recovering") | when(amount <= 0, "amount_not_positive")
        no |= when(amount > left, "more_than_outstanding") | when(receipt in award.receipts, "key_reused")
        if not no:
            award.receipts[receipt] = amount
            award.recovered += amount
            self.post("recovered", award.line or 0, amount, award=award.certificate)
            award.state = "recovered" if amount == left else award.state
        return no

    def _account(self, award: Award) -> Account:
        firm = self.certificate_of(award).firm
        return next(row for row in self.accounts if row.firm == firm and row.state == "confirmed")

    def _unpayable(self, award: Award, state: str, awards: list[Award], line: int) -> Reasons:
        certificate = self.certificate_of(award)
        payee = (certificate.firm, certificate.issued_on.year)
        of_list = [(row.firm, row.issued_on.year) for row in map(self.certificate_of, awards)]
        accounts = {row.state for row in self.accounts if row.firm == certificate.firm}
        no = when(award.state != state, f"not_{state}") | when(not award.amount, "amount_not_positive")
        no |= when(award.line != line, "other_funding_line") | self._certificate(award) | self._basis(award)
        no |= when(of_list.count(payee) > 1, "duplicate_payee")
        if "proposed" in accounts:
            return no | {"account_unconfirmed"}
        return no | when("confirmed" not in accounts, "account_missing")

    def _stopped(self, line: PaymentLine, awards: list[Award], found: PaymentList) -> Reasons:
        award = self.awards[line.award]
        no = self._unpayable(award, "listed", awards, found.line)
        if "account_missing" not in no:
            firm = self.certificate_of(award).firm
            standing = [row for row in self.accounts if row.firm == firm and row.state == "confirmed"]
            no |= when(bool(standing) and standing[0].number != line.account, "account_changed")
        return no | when(award.amount != line.amount, "amount_differs")

    @staticmethod
    def _contradicts(found: PaymentList, rows: tuple[BankRow, ...]) -> bool:
        """One file answers a line in two ways; sent back after it was paid is no contradiction."""
        said: dict[int, str] = {}
        for row in rows:
            if not row.fits or row.number > len(found.lines) or row.answer == "pending":
                continue
            before = said.setdefault(row.number, row.answer)
            if before != row.answer and (before, row.answer) != ("paid", "returned"):
                return True
            said[row.number] = row.answer
        return False

    def _row(self, found: PaymentList, row: BankRow, again: bool) -> str:
        if not row.fits or row.number > len(found.lines):
            return "unmatched"
        line = found.lines[row.number - 1]
        award = self.awards[line.award]
        if again:
            return "seen"
        if (
            row.answer == "pending"
            or row.answer == line.state
            or (row.answer, line.state) == ("returned", "failed")
        ):
            return "unchanged"
        if line.state == "open" and row.answer == "paid":
            line.state, award.state = "paid", "paid"
            self.post("paid", found.line, line.amount, award=line.award)
            return "paid"
        if line.state == "open":
            line.state, line.is_active, award.state = "failed", False, "approved"
            return "failed"
        if line.state == "paid" and row.answer == "returned" and award.state == "paid":
            line.state, line.is_active, award.state = "failed", False, "approved"
            self.post("returned", found.line, line.amount, award=line.award)
            return "failed"
        return "unmatched"
