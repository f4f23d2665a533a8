"""From the region's award document to the settled payment list, spring 2019, through the services."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from config.common import clock
from config.common.workbooks import write_table
from cultivation.api import Accreditation
from cultivation.demo.firms import DemoFirm, Part, credit_code
from cultivation.demo.story import Stage
from documents.api import NoticeKind, Organ, OrganName, PolicyDocument, install_template
from subsidies.models import Award, FundingLine, PaymentList
from subsidies.services.awards import approve_award, review_award
from subsidies.services.calculation import calculate_award
from subsidies.services.disclosure import disclose_awards
from subsidies.services.funding import appropriate, open_line
from subsidies.services.notices import issue_grant_notice
from subsidies.services.payment_lists import (
    check_payment_list,
    draft_payment_list,
    release_payment_list,
)
from subsidies.services.proposals import propose_awards
from subsidies.services.regional_awards import import_regional_awards
from subsidies.services.returns import load_bank_return
from subsidies.services.schemes import draft_version, publish_version

_FUND = "百色市技术创新引导专项资金（演示）"
_PURPOSE = "高新技术企业认定奖励性补助（演示）"
_REGION_NUMBER, _REGION_DATE = "演桂科奖〔2019〕1号", dt.date(2019, 2, 20)
# What the invented document grants, in yuan: different, one with fen, none of them a real figure.
_GRANTS = ("80000.00", "100000.00", "120000.50", "95000.00", "107000.53", "60000.00", "88000.00", "150000.00")
_PAID = 6


def play_subsidies(stage: Stage) -> PaymentList:
    """Play the award year; the list it ends with is paid and settled."""
    _reference(stage)
    line = _fund(stage)
    _region_awards(stage)
    awards = _calculated(stage)
    _decide(stage, awards, line)
    _notify(stage, awards[:_PAID])
    payment_list = _pay(stage, awards[:_PAID], line)
    _second_disclosure(stage, awards[_PAID])
    return payment_list


def _reference(stage: Stage) -> None:
    """An invented organ and an invented basis: the plan itself has no number and can never be cited."""
    organ = Organ.objects.create(key="demo", is_demo=True)
    OrganName.objects.create(
        organ=organ,
        name="百色市科学技术局（演示）",
        mark_name="百色市科学技术局（演示）",
        number_prefix="演科字",
        source="演示数据，机关与字号均为虚构",
    )
    basis = PolicyDocument.objects.create(
        title="演示市高新技术企业奖励性补助办法",
        issuer="演示市人民政府办公室",
        document_number="演政办发〔2018〕3号",
        issued_on=dt.date(2018, 1, 4),
        is_formal=True,
        is_demo=True,
        mark=PolicyDocument.Mark.READ,
        source="演示数据，文件为虚构",
    )
    people = stage.people
    with clock.fixed(dt.date(2019, 1, 21)):
        version = draft_version(
            key="demo-matching",
            name="高新技术企业认定奖励性补助（演示）",
            basis=basis,
            valid_from=dt.date(2018, 1, 1),
            actor=people.caseworker,
            is_demo=True,
        )
    with clock.fixed(dt.date(2019, 1, 23)):
        publish_version(version=version, actor=people.reviewer)
        for kind in NoticeKind:
            install_template(kind=kind, drafted_by=people.administrator1, published_by=people.administrator2)


def _fund(stage: Stage) -> FundingLine:
    with clock.fixed(dt.date(2019, 1, 25)):
        line = open_line(name=_FUND, fund=_FUND, fiscal_year=2019, actor=stage.people.finance1)
        appropriate(
            line=line,
            amount=Decimal("2000000.00"),
            document_number="演财教〔2019〕5号",
            actor=stage.people.finance1,
        )
    return line


def _region_awards(stage: Stage) -> None:
    """The region's document as a workbook: eight of our nine newcomers, two renewals, one firm nobody knows."""
    granted: list[tuple[DemoFirm, str]] = [
        *zip(stage.playing(Part.NEWCOMER), _GRANTS, strict=False),
        *zip(stage.playing(Part.RENEWED)[:2], ("40000.00", "45000.00"), strict=True),
    ]
    rows = [(demo.name, demo.credit_code, Decimal(amount)) for demo, amount in granted]
    rows.append(("不在名册的演示有限公司", credit_code(9998), Decimal("50000.00")))
    path = stage.inputs / "regional-awards-2019.xlsx"
    path.write_bytes(
        write_table(("企业名称", "统一社会信用代码", "奖励金额（元）"), rows, sheet="演示奖励名单")
    )
    with clock.fixed(dt.date(2019, 2, 27)):
        import_regional_awards(
            content=path.read_bytes(),
            original_name=path.name,
            document_number=_REGION_NUMBER,
            document_date=_REGION_DATE,
            document_title="关于下达2018年度高新技术企业认定奖励资金的通知（演示）",
            issuer="演示自治区科学技术主管部门",
            demo=True,
            actor=stage.people.caseworker,
        )
    with clock.fixed(dt.date(2019, 3, 5)):
        propose_awards(actor=stage.people.caseworker)


def _calculated(stage: Stage) -> list[Award]:
    """The eight awards with a basis, calculated, in the order of the region's document."""
    awards = []
    with clock.fixed(dt.date(2019, 3, 8)):
        for demo in stage.playing(Part.NEWCOMER)[: len(_GRANTS)]:
            certificate = Accreditation.objects.get(firm=stage.firm(demo))
            award = Award.objects.get(accreditation=certificate)
            awards.append(calculate_award(award=award, actor=stage.people.caseworker))
    return awards


def _decide(stage: Stage, awards: list[Award], line: FundingLine) -> None:
    """Seven reviewed, six disclosed and, ten working days later, approved; the eighth stays calculated."""
    people = stage.people
    with clock.fixed(dt.date(2019, 3, 12)):
        for award in awards[: _PAID + 1]:
            review_award(award=award, actor=people.reviewer)
    with clock.fixed(dt.date(2019, 3, 15)):
        paid = list(Award.objects.filter(pk__in=[award.pk for award in awards[:_PAID]]).order_by("pk"))
        disclose_awards(awards=paid, actor=people.caseworker, place="演示门户网站")
    with clock.fixed(dt.date(2019, 4, 8)):
        for award in paid:
            approve_award(award=award, actor=people.approver, funding_line=line)


def _second_disclosure(stage: Stage, award: Award) -> None:
    with clock.fixed(dt.date(2019, 6, 24)):
        disclose_awards(
            awards=[Award.objects.get(pk=award.pk)], actor=stage.people.caseworker, place="演示门户网站"
        )


def _notify(stage: Stage, awards: list[Award]) -> None:
    with clock.fixed(dt.date(2019, 4, 15)):
        for award in Award.objects.filter(pk__in=[award.pk for award in awards]).order_by("pk"):
            issue_grant_notice(
                award=award, organ=Organ.objects.get(key="demo"), actor=stage.people.caseworker
            )


def _pay(stage: Stage, awards: list[Award], line: FundingLine) -> PaymentList:
    """Drafted, checked and released by three people; the bank's answer comes as a workbook."""
    people = stage.people
    with clock.fixed(dt.date(2019, 5, 6)):
        payment_list = draft_payment_list(
            awards=list(Award.objects.filter(pk__in=[award.pk for award in awards]).order_by("pk")),
            funding_line=line,
            purpose=_PURPOSE,
            actor=people.finance1,
        )
    with clock.fixed(dt.date(2019, 5, 7)):
        payment_list = check_payment_list(payment_list=payment_list, actor=people.finance2)
    with clock.fixed(dt.date(2019, 5, 8)):
        payment_list = release_payment_list(payment_list=payment_list, actor=people.finance3)
    path: Path = stage.inputs / "bank-return.xlsx"
    rows = [(str(row.number), row.account_number, row.amount, "成功") for row in payment_list.lines.all()]
    path.write_bytes(write_table(("行号", "账号", "金额（元）", "结果"), rows, sheet="演示银行回单"))
    with clock.fixed(dt.date(2019, 5, 10)):
        load_bank_return(
            payment_list=payment_list,
            content=path.read_bytes(),
            original_name=path.name,
            actor=people.finance1,
        )
    return PaymentList.objects.get(pk=payment_list.pk)
