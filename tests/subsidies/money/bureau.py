"""Every act done twice: by the service on record and by the model in its books, and the two held together."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction

from config.common import clock
from config.common.errors import Refused
from cultivation.enums import RevocationCause
from cultivation.models import AccreditationCorrection, BankAccount, User
from cultivation.services import accounts
from cultivation.services.accreditation_corrections import (
    confirm_correction,
    propose_correction,
    reject_correction,
)
from cultivation.services.determinations import revoke_accreditation
from subsidies.models import Award
from subsidies.services import awards, calculation, disclosure, freezing, funding, proposals, revocations
from subsidies.services.regional_awards import import_regional_awards
from subsidies.services.verification import verify_records

from .books import Person, Reasons
from .record import Record, differences, invariants, last_refusal, read_all
from .town import CLEARING_CODE, FIRST_DAY, LAST_DAY, Town

REASON = "演示理由"
CLOCK = "_OFFICE_OPENS"
"""What the fixed clock gives as the time of every act; a run counts it on."""


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


class Bureau:
    """One run: begun where the town stands, taken back at its end.

    Every method is one act by one person; what it is given may be wrong in every way, and the model says whether it
    is. ``counts`` tells how often each act was done and how often it was refused, over all runs.
    """

    VERIFY_EVERY = 40

    def __init__(self, town: Town, counts: Counter[str]) -> None:
        self.town, self.counts = town, counts
        self.books = town.books()
        self._run = transaction.atomic()
        self._run.__enter__()
        self.record = Record(town, read_all())

    def end(self) -> None:
        """Look through everything once more, and leave nothing behind."""
        try:
            self.verify()
        finally:
            transaction.set_rollback(True)
            self._run.__exit__(None, None, None)

    def attempt(
        self, what: str, no: Reasons, act: Callable[[], Any], problems: list[Reasons] | None = None
    ) -> Any:
        """Let the service do what the model has judged; ``no`` has the codes it may be refused with."""
        refusals = last_refusal()[0]
        try:
            with clock.fixed(self.books.today):
                answer = act()
        except Refused as refusal:
            self.counts[f"{what} refused"] += 1
            code = refusal.code
            assert code in no, f"{what} was refused as {code}; by the model {no or 'it is open'}"
            assert last_refusal() == (refusals + 1, code), f"{what}: the refusal is not on record"
            assert read_all() == self.record.rows, f"{what} was refused, and left something behind"
            if code == "preflight_failed":
                found = [{item["code"] for item in row["problems"]} for row in refusal.details["lines"]]
                assert found == problems, f"{what}: pre-flight {found}, by the model {problems}"
            return None
        self.counts[what] += 1
        assert not no, f"{what} was done, though by the model {no}"
        self.record = Record(self.town, read_all())
        faults = differences(self.record, self.books) + invariants(self.record)
        assert not faults, f"after {what}: " + "; ".join(faults)
        if sum(self.counts.values()) % self.VERIFY_EVERY == 0:
            self.verify()
        return answer

    def verify(self) -> None:
        """The records agree with each other; what a revocation still leaves to do is all they may name."""
        with clock.fixed(self.books.today):
            found = {(problem.code, problem.record) for problem in verify_records().problems}
        numbers = self.record.awards()
        left = {
            ("revocation_not_applied", f"JL-{numbers[key]:05d}") for key in self.books.unsettled_revocations()
        }
        assert found == left, f"verify_records names {found ^ left} otherwise than the model"

    def tick(self) -> None:
        """A second later than the act before."""
        self.books.moment += 1
        opens = dt.datetime.combine(FIRST_DAY, dt.time(9)) + dt.timedelta(seconds=self.books.moment)
        setattr(clock, CLOCK, opens.time())

    def move_on(self, days: int) -> None:
        """Some days later, as far as the model knows the holidays."""
        self.books.today = min(self.books.today + dt.timedelta(days=days), LAST_DAY)

    def user(self, who: Person) -> User:
        return self.town.users[who.name]

    def award(self, key: int) -> Award:
        return Award.objects.get(pk=self.record.awards()[key])

    def propose(self, who: Person) -> None:
        self.tick()
        no = self.books.propose(who)
        self.attempt("propose", no, lambda: proposals.propose_awards(actor=self.user(who)))

    def region(self, who: Person, key: int, amount: int, dated: dt.date) -> None:
        self.tick()
        no, outcome = self.books.region(who, key, amount, dated)
        certificate = self.town.certificates[key]
        firm = certificate.firm
        content = (
            "企业名称,统一社会信用代码,奖励金额（元）,证书编号\r\n"
            f"{firm.name},{firm.credit_code},{yuan(amount)},{certificate.certificate_number}"
        )
        report = self.attempt(
            "region",
            no,
            lambda: import_regional_awards(
                content=content.encode(),
                original_name="region.csv",
                document_number=f"演示桂科〔2019〕{self.books.moment}号",
                document_date=dated,
                actor=self.user(who),
                demo=True,
            ),
        )
        if report is not None:
            assert dict(report.reconciliation) == {outcome: 1}, (
                f"{report.reconciliation}, by the model {outcome}"
            )

    def calculate(self, who: Person, key: int, *, reason: bool) -> None:
        self.tick()
        no = self.books.calculate(who, self.books.awards[key], reason=reason)
        award, text = self.award(key), REASON if reason else ""
        self.attempt(
            "calculate",
            no,
            lambda: calculation.calculate_award(award=award, actor=self.user(who), reason=text),
        )

    def review(self, who: Person, key: int) -> None:
        self.tick()
        no = self.books.review(who, self.books.awards[key])
        award = self.award(key)
        self.attempt("review", no, lambda: awards.review_award(award=award, actor=self.user(who)))

    def stop(self, what: str, who: Person, key: int, *, reason: bool) -> None:
        """Send back, freeze, unfreeze or revoke."""
        self.tick()
        no = getattr(self.books, what)(who, self.books.awards[key], reason=reason)
        service = {
            "send_back": awards.send_back_award,
            "freeze": freezing.freeze_award,
            "unfreeze": freezing.unfreeze_award,
            "revoke": freezing.revoke_award,
        }[what]
        award, text = self.award(key), REASON if reason else ""
        self.attempt(what, no, lambda: service(award=award, actor=self.user(who), reason=text))

    def disclose(self, who: Person, keys: list[int], published_on: dt.date) -> None:
        self.tick()
        no = self.books.disclose(who, [self.books.awards[key] for key in keys], published_on)
        found = [self.award(key) for key in keys]
        period = self.attempt(
            "disclose",
            no,
            lambda: disclosure.disclose_awards(
                awards=found, actor=self.user(who), place="演示公示网", published_on=published_on
            ),
        )
        if period is not None:
            assert period.last_day == self.books.awards[keys[0]].last_day

    def approve(self, who: Person, key: int, line: int) -> None:
        self.tick()
        no = self.books.approve(who, self.books.awards[key], line)
        award, on = self.award(key), self.town.lines[line]
        self.attempt(
            "approve",
            no,
            lambda: awards.approve_award(award=award, actor=self.user(who), funding_line=on),
        )

    def revoke_certificate(self, who: Person, key: int, act_year: int) -> None:
        self.tick()
        no = self.books.revoke_certificate(who, self.books.certificates[key], act_year)
        self.attempt(
            "revoke certificate",
            no,
            lambda: revoke_accreditation(
                accreditation=self.town.certificates[key],
                revoked_on=self.books.today,
                act_year=act_year,
                cause=RevocationCause.FRAUD,
                document="演示撤〔2019〕1号",
                actor=self.user(who),
            ),
        )

    def apply_revocations(self, who: Person) -> None:
        self.tick()
        no = self.books.apply_revocations(who)
        self.attempt("apply revocations", no, lambda: revocations.apply_revocations(actor=self.user(who)))

    def propose_correction(self, who: Person, key: int) -> None:
        self.tick()
        no = self.books.propose_correction(who, self.books.certificates[key])
        self.attempt(
            "propose correction",
            no,
            lambda: propose_correction(
                accreditation=self.town.certificates[key],
                changes={"document_number": f"演示桂科〔2018〕{self.books.moment}号"},
                reason="文号录错",
                document="原件",
                actor=self.user(who),
            ),
        )

    def decide_correction(self, who: Person, key: int, *, confirm: bool) -> None:
        if not self.books.certificates[key].corrections:
            return
        self.tick()
        no = self.books.decide_correction(who, self.books.certificates[key], confirm=confirm)
        found = AccreditationCorrection.objects.filter(accreditation=self.town.certificates[key])
        correction = found.latest("pk")
        if confirm:
            what, act = (
                "confirm correction",
                lambda: confirm_correction(correction=correction, actor=self.user(who)),
            )
        else:
            what, act = (
                "reject correction",
                lambda: reject_correction(correction=correction, reason=REASON, actor=self.user(who)),
            )
        self.attempt(what, no, act)

    def propose_account(self, who: Person, firm: int, number: str) -> None:
        self.tick()
        no = self.books.propose_account(who, firm, number)
        self.attempt(
            "propose account",
            no,
            lambda: accounts.propose_account(
                firm=self.town.firms[firm],
                bank_name="演示银行百色支行",
                clearing_code=CLEARING_CODE,
                number=number,
                actor=self.user(who),
            ),
        )

    def decide_account(self, who: Person, place: int, *, confirm: bool) -> None:
        self.tick()
        no = self.books.decide_account(who, self.books.accounts[place], confirm=confirm)
        account = BankAccount.objects.get(pk=self.record.keys("cultivation.BankAccount")[place])
        if confirm:
            what, act = (
                "confirm account",
                lambda: accounts.confirm_account(account=account, actor=self.user(who)),
            )
        else:
            what, act = (
                "reject account",
                lambda: accounts.reject_account(account=account, reason=REASON, actor=self.user(who)),
            )
        self.attempt(what, no, act)

    def book(self, what: str, who: Person, line: int, amount: int, document: str) -> None:
        """Appropriate or adjust."""
        self.tick()
        no = getattr(self.books, what)(who, line, amount, document)
        service = {"appropriate": funding.appropriate, "adjust": funding.adjust}[what]
        on = self.town.lines[line]
        self.attempt(
            what,
            no,
            lambda: service(line=on, amount=yuan(amount), document_number=document, actor=self.user(who)),
        )

    def carry_over(self, who: Person, source: int, target: int, amount: int, document: str) -> None:
        self.tick()
        no = self.books.carry_over(who, source, target, amount, document)
        self.attempt(
            "carry over",
            no,
            lambda: funding.carry_over(
                source=self.town.lines[source],
                target=self.town.lines[target],
                amount=yuan(amount),
                document_number=document,
                actor=self.user(who),
            ),
        )
