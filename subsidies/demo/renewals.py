"""The awards of the four renewals, of which nothing goes quite smoothly: what is left to do at the end of June 2019."""

import datetime as dt
from decimal import Decimal

from config.common import clock
from cultivation.demo.desk import refused
from cultivation.demo.firms import Part
from cultivation.demo.story import Stage
from subsidies.models import Award, FundingLine
from subsidies.services.payment_lists import release_payment_list
from subsidies.services.recovery import open_recovery, record_repayment

from .steps import answer, approve, calculate, disclose, draft_and_check, grant, notify, release, review


def play_renewals(stage: Stage, line: FundingLine) -> None:
    """One paid and partly to be paid back, one failed at the bank and listed again, one unanswered, one not yet listed."""
    awards = calculate(stage, stage.playing(Part.RENEWED), dt.date(2019, 4, 22))
    review(stage, awards, dt.date(2019, 4, 24))
    disclose(stage, awards, dt.date(2019, 4, 26))
    approve(stage, awards, line, dt.date(2019, 5, 15))
    paid, failed, unanswered, _unlisted = awards
    notify(stage, (paid, failed, unanswered), dt.date(2019, 5, 17))
    _pay(stage, [paid, failed, unanswered], line)
    _cut(stage, paid)
    _list_again(stage, failed, line)


def _pay(stage: Stage, awards: list[Award], line: FundingLine) -> None:
    """The bank answers two lines of three, and names a fee that is on no list."""
    payment_list = draft_and_check(stage, awards, line, dt.date(2019, 5, 27))
    payment_list = release(stage, payment_list, dt.date(2019, 5, 29))
    first, second, _third = payment_list.lines.order_by("number")
    answers = [
        (str(first.number), first.account_number, first.amount, "成功", ""),
        (str(second.number), second.account_number, second.amount, "失败", "收款账户暂停入账（演示）"),
        ("4", "", Decimal("12.00"), "成功", "手续费退回（演示）"),
    ]
    answer(stage, payment_list, answers, dt.date(2019, 6, 3))


def _cut(stage: Stage, award: Award) -> None:
    """The region takes a part of its grant back, and so does the city; the firm has repaid some of it."""
    firm = award.firm
    grant(
        stage,
        [(firm.name, firm.credit_code, "30000.00")],
        number="演桂科奖〔2019〕4号",
        dated=dt.date(2019, 6, 5),
        title="关于调整2018年度高新技术企业认定奖励资金的通知（演示）",
        on=dt.date(2019, 6, 10),
    )
    with clock.fixed(dt.date(2019, 6, 12)):
        open_recovery(award=award, actor=stage.people.caseworker)
    with clock.fixed(dt.date(2019, 6, 25)):
        record_repayment(
            award=award, amount=Decimal("4000.00"), reference="演缴款〔2019〕3号", actor=stage.people.finance1
        )


def _list_again(stage: Stage, award: Award, line: FundingLine) -> None:
    """What the bank refused comes onto another list, which its drafter may not release."""
    again = draft_and_check(stage, [award], line, dt.date(2019, 6, 24))
    with clock.fixed(dt.date(2019, 6, 26)):
        refused(lambda: release_payment_list(payment_list=again, actor=stage.people.finance1))
