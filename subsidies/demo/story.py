"""From the region's award document to the settled payment list, spring 2019, through the services."""

import datetime as dt
from decimal import Decimal

from config.common import clock
from cultivation.demo.desk import refused
from cultivation.demo.firms import Part, credit_code
from cultivation.demo.story import Stage
from documents.api import NoticeKind, Organ, OrganName, PolicyDocument, install_template
from subsidies.enums import Decision
from subsidies.models import Award, FundingLine, PaymentList
from subsidies.services.awards import approve_award
from subsidies.services.funding import appropriate, open_line
from subsidies.services.objections import record_objection
from subsidies.services.proposals import propose_awards
from subsidies.services.schemes import draft_version, publish_version

from .renewals import play_renewals
from .steps import answer, approve, calculate, disclose, draft_and_check, grant, notify, release, review

_FUND = "百色市技术创新引导专项资金（演示）"
# What the invented document grants, in yuan: different, one with fen, none of them a real figure.
_GRANTS = ("80000.00", "100000.00", "120000.50", "95000.00", "107000.53", "60000.00", "88000.00", "150000.00")
_TO_RENEWALS = ("40000.00", "45000.00", "36000.00", "52000.00")
_PAID = 6


def play_subsidies(stage: Stage) -> PaymentList:
    """Play the award year; the list it ends with is paid and settled."""
    _reference(stage)
    line = _fund(stage)
    _region_awards(stage)
    awards = calculate(stage, stage.playing(Part.NEWCOMER)[: len(_GRANTS)], dt.date(2019, 3, 8))
    review(stage, awards[: _PAID + 1], dt.date(2019, 3, 12))
    payment_list = _pay(stage, awards[:_PAID], line)
    play_renewals(stage, line)
    _second_disclosure(stage, awards[_PAID], line)
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
            renewal_eligible=Decision.YES,
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
    """The region's document: eight of our nine newcomers, the four renewals, one firm nobody knows."""
    granted = [
        *zip(stage.playing(Part.NEWCOMER), _GRANTS, strict=False),
        *zip(stage.playing(Part.RENEWED), _TO_RENEWALS, strict=True),
    ]
    grant(
        stage,
        [
            *((demo.name, demo.credit_code, amount) for demo, amount in granted),
            ("不在名册的演示有限公司", credit_code(9998), "50000.00"),
        ],
        number="演桂科奖〔2019〕1号",
        dated=dt.date(2019, 2, 20),
        title="关于下达2018年度高新技术企业认定奖励资金的通知（演示）",
        on=dt.date(2019, 2, 27),
    )
    with clock.fixed(dt.date(2019, 3, 5)):
        propose_awards(actor=stage.people.caseworker)


def _pay(stage: Stage, awards: list[Award], line: FundingLine) -> PaymentList:
    """Disclosed, approved after ten working days, notified and listed; the bank pays every line."""
    disclose(stage, awards, dt.date(2019, 3, 15))
    approve(stage, awards, line, dt.date(2019, 4, 8))
    notify(stage, awards, dt.date(2019, 4, 15))
    payment_list = draft_and_check(stage, awards, line, dt.date(2019, 5, 6))
    payment_list = release(stage, payment_list, dt.date(2019, 5, 8))
    lines = payment_list.lines.order_by("number")
    answers = [(str(row.number), row.account_number, row.amount, "成功", "") for row in lines]
    answer(stage, payment_list, answers, dt.date(2019, 5, 10))
    return PaymentList.objects.get(pk=payment_list.pk)


def _second_disclosure(stage: Stage, award: Award, line: FundingLine) -> None:
    """The seventh, with an objection that nobody has answered; somebody tries to approve it before the last day."""
    disclose(stage, [award], dt.date(2019, 6, 24))
    with clock.fixed(dt.date(2019, 6, 27)):
        record_objection(
            award=award,
            raised_by="赵演示",
            raised_on=dt.date(2019, 6, 26),
            text="该企业2019年起已停产，请核实是否仍符合奖补条件（演示）",
            actor=stage.people.caseworker,
        )
    with clock.fixed(dt.date(2019, 6, 28)):
        refused(lambda: approve_award(award=award, actor=stage.people.approver, funding_line=line))
