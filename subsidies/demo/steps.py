"""The steps of awards and payment lists, each on its day and by the person whose step it is."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from config.common import clock
from config.common.workbooks import write_table
from cultivation.api import Accreditation
from cultivation.demo.firms import DemoFirm
from cultivation.demo.story import Stage
from documents.api import Organ
from subsidies.models import Award, FundingLine, PaymentList
from subsidies.services.awards import approve_award, review_award
from subsidies.services.calculation import calculate_award
from subsidies.services.disclosure import disclose_awards
from subsidies.services.notices import issue_grant_notice
from subsidies.services.payment_lists import check_payment_list, draft_payment_list, release_payment_list
from subsidies.services.regional_awards import import_regional_awards
from subsidies.services.returns import load_bank_return

# Line of the list as text, account, yuan, the bank's word, and its reason.
Answer = tuple[str, str, Decimal, str, str]
_PURPOSE = "高新技术企业认定奖励性补助（演示）"


def grant(
    stage: Stage,
    rows: Sequence[tuple[str, str, str]],
    *,
    number: str,
    dated: dt.date,
    title: str,
    on: dt.date,
) -> None:
    """The region's document as a workbook: name, credit code and yuan of each firm."""
    path = stage.inputs / f"regional-awards-{dated.isoformat()}.xlsx"
    table = [(name, credit_code, Decimal(amount)) for name, credit_code, amount in rows]
    path.write_bytes(
        write_table(("企业名称", "统一社会信用代码", "奖励金额（元）"), table, sheet="演示奖励名单")
    )
    with clock.fixed(on):
        import_regional_awards(
            content=path.read_bytes(),
            original_name=path.name,
            document_number=number,
            document_date=dated,
            document_title=title,
            issuer="演示自治区科学技术主管部门",
            demo=True,
            actor=stage.people.caseworker,
        )


def calculate(stage: Stage, demos: Iterable[DemoFirm], on: dt.date) -> list[Award]:
    """The awards for the certificates of 2018, in the order of the firms."""
    certificates = [Accreditation.objects.get(firm=stage.firm(demo), issued_on__year=2018) for demo in demos]
    with clock.fixed(on):
        return [
            calculate_award(award=Award.objects.get(accreditation=one), actor=stage.people.caseworker)
            for one in certificates
        ]


def review(stage: Stage, awards: Iterable[Award], on: dt.date) -> None:
    with clock.fixed(on):
        for award in awards:
            review_award(award=award, actor=stage.people.reviewer)


def disclose(stage: Stage, awards: Sequence[Award], on: dt.date) -> None:
    with clock.fixed(on):
        disclose_awards(awards=awards, actor=stage.people.caseworker, place="演示门户网站")


def approve(stage: Stage, awards: Iterable[Award], line: FundingLine, on: dt.date) -> None:
    with clock.fixed(on):
        for award in awards:
            approve_award(award=award, actor=stage.people.approver, funding_line=line)


def notify(stage: Stage, awards: Iterable[Award], on: dt.date) -> None:
    organ = Organ.objects.get(key="demo")
    with clock.fixed(on):
        for award in awards:
            issue_grant_notice(award=award, organ=organ, actor=stage.people.caseworker)


def draft_and_check(stage: Stage, awards: Sequence[Award], line: FundingLine, on: dt.date) -> PaymentList:
    """Drafted on a day and checked on the next by a second person."""
    people = stage.people
    with clock.fixed(on):
        drafted = draft_payment_list(
            awards=awards, funding_line=line, purpose=_PURPOSE, actor=people.finance1
        )
    with clock.fixed(on + dt.timedelta(days=1)):
        return check_payment_list(payment_list=drafted, actor=people.finance2)


def release(stage: Stage, payment_list: PaymentList, on: dt.date) -> PaymentList:
    with clock.fixed(on):
        return release_payment_list(payment_list=payment_list, actor=stage.people.finance3)


def answer(stage: Stage, payment_list: PaymentList, answers: Iterable[Answer], on: dt.date) -> None:
    """The bank's answer as a workbook."""
    path = stage.inputs / f"bank-return-{payment_list.number}.xlsx"
    path.write_bytes(
        write_table(("行号", "账号", "金额（元）", "结果", "原因"), answers, sheet="演示银行回单")
    )
    with clock.fixed(on):
        load_bank_return(
            payment_list=payment_list,
            content=path.read_bytes(),
            original_name=path.name,
            actor=stage.people.finance1,
        )
