"""The bureau's acts with payment lists, the bank, amounts by hand, objections and recoveries; see ``bureau.py``."""

from subsidies.enums import ObjectionOutcome
from subsidies.models import AmountOverride, Objection, PaymentList
from subsidies.services import objections, overrides, payment_lists, recovery
from subsidies.services.returns import load_bank_return

from .books import BankRow, Person
from .bureau import REASON, Bureau, yuan

_WORDS = {"paid": "成功", "failed": "失败", "returned": "退汇", "pending": "处理中"}


class Desk(Bureau):
    def list_at(self, place: int) -> PaymentList:
        return PaymentList.objects.get(pk=self.record.keys("subsidies.PaymentList")[place])

    def draft(self, who: Person, keys: list[int], line: int) -> None:
        self.tick()
        no, problems = self.books.draft(who, [self.books.awards[key] for key in keys], line)
        found = [self.award(key) for key in keys]
        self.attempt(
            "draft list",
            no,
            lambda: payment_lists.draft_payment_list(
                awards=found, funding_line=self.town.lines[line], purpose="奖励性补助", actor=self.user(who)
            ),
            problems,
        )

    def check(self, who: Person, place: int) -> None:
        self.tick()
        no = self.books.check(who, self.books.lists[place])
        found = self.list_at(place)
        self.attempt(
            "check list",
            no,
            lambda: payment_lists.check_payment_list(payment_list=found, actor=self.user(who)),
        )

    def release(self, who: Person, place: int) -> None:
        self.tick()
        no, problems = self.books.release(who, self.books.lists[place])
        found = self.list_at(place)
        self.attempt(
            "release list",
            no,
            lambda: payment_lists.release_payment_list(payment_list=found, actor=self.user(who)),
            problems,
        )

    def cancel(self, who: Person, place: int, *, reason: bool) -> None:
        self.tick()
        no = self.books.cancel(who, self.books.lists[place], reason=reason)
        found, text = self.list_at(place), REASON if reason else ""
        self.attempt(
            "cancel list",
            no,
            lambda: payment_lists.cancel_payment_list(payment_list=found, actor=self.user(who), reason=text),
        )

    def bank_return(self, who: Person, place: int, rows: tuple[BankRow, ...], serial: int) -> None:
        self.tick()
        listed = self.books.lists[place]
        content = self._return_file(place, rows, serial)
        no, outcomes = self.books.bank_return(who, listed, rows, serial)
        found = self.list_at(place)
        report = self.attempt(
            "bank return",
            no,
            lambda: load_bank_return(
                payment_list=found, content=content, original_name="return.csv", actor=self.user(who)
            ),
        )
        if report is not None and not report.repeated:
            said = [str(row.outcome.value) for row in report.rows]
            assert said == outcomes, f"the bank's rows: {said}, by the model {outcomes}"
        elif report is not None:
            assert set(outcomes) <= {"seen", "unmatched"}, "the same file was applied again"

    def _return_file(self, place: int, rows: tuple[BankRow, ...], serial: int) -> bytes:
        lines = self.books.lists[place].lines
        text = ["序号,收款账号,金额（元）,处理结果,原因"]
        for row in rows:
            amount = lines[row.number - 1].amount if row.number <= len(lines) else 100
            account = lines[row.number - 1].account if row.number <= len(lines) else "6222000000000000009"
            text.append(
                f"{row.number},{account},{yuan(amount if row.fits else amount + 1)},{_WORDS[row.answer]},回单{serial}"
            )
        return "\r\n".join(text).encode()

    def propose_override(self, who: Person, key: int, amount: int, *, reason: bool) -> None:
        self.tick()
        no = self.books.propose_override(who, self.books.awards[key], amount, reason=reason)
        award, text = self.award(key), REASON if reason else ""
        self.attempt(
            "propose amount",
            no,
            lambda: overrides.propose_override(
                award=award,
                amount=yuan(amount),
                reason=text,
                document_number="演示纪要〔2019〕1号",
                actor=self.user(who),
            ),
        )

    def confirm_override(self, who: Person, place: int) -> None:
        self.tick()
        no = self.books.confirm_override(who, self.books.overrides[place])
        override = self._override(place)
        self.attempt(
            "confirm amount", no, lambda: overrides.confirm_override(override=override, actor=self.user(who))
        )

    def reject_override(self, who: Person, place: int, *, reason: bool) -> None:
        self.tick()
        no = self.books.reject_override(who, self.books.overrides[place], reason=reason)
        override, text = self._override(place), REASON if reason else ""
        self.attempt(
            "reject amount",
            no,
            lambda: overrides.reject_override(override=override, reason=text, actor=self.user(who)),
        )

    def _override(self, place: int) -> AmountOverride:
        return AmountOverride.objects.get(pk=self.record.keys("subsidies.AmountOverride")[place])

    def object(self, who: Person, key: int) -> None:
        self.tick()
        no = self.books.object(who, self.books.awards[key])
        award = self.award(key)
        self.attempt(
            "record objection",
            no,
            lambda: objections.record_objection(
                award=award,
                raised_by="演示异议人",
                raised_on=self.books.today,
                text="演示异议",
                actor=self.user(who),
            ),
        )

    def answer(self, who: Person, place: int, *, upheld: bool) -> None:
        self.tick()
        no = self.books.answer(who, self.books.objections[place], upheld=upheld)
        objection = Objection.objects.get(pk=self.record.keys("subsidies.Objection")[place])
        outcome = ObjectionOutcome.UPHELD if upheld else ObjectionOutcome.REJECTED
        self.attempt(
            "answer objection",
            no,
            lambda: objections.answer_objection(
                objection=objection, outcome=outcome, answer="演示答复", actor=self.user(who)
            ),
        )

    def open_recovery(self, who: Person, key: int) -> None:
        self.tick()
        no = self.books.open_recovery(who, self.books.awards[key])
        award = self.award(key)
        self.attempt("open recovery", no, lambda: recovery.open_recovery(award=award, actor=self.user(who)))

    def close_recovery(self, who: Person, key: int, *, reason: bool) -> None:
        self.tick()
        no = self.books.close_recovery(who, self.books.awards[key], reason=reason)
        award, text = self.award(key), REASON if reason else ""
        self.attempt(
            "close recovery",
            no,
            lambda: recovery.close_recovery(award=award, actor=self.user(who), reason=text),
        )

    def repay(self, who: Person, key: int, amount: int, receipt: str) -> None:
        self.tick()
        no = self.books.repay(who, self.books.awards[key], amount, receipt)
        award = self.award(key)
        self.attempt(
            "record repayment",
            no,
            lambda: recovery.record_repayment(
                award=award, amount=yuan(amount), reference=receipt, actor=self.user(who)
            ),
        )
