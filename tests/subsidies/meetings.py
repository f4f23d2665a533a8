"""Two people at one page about money, its terms, and the texts of notices."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.test import Client

from cultivation.enums import Role
from documents.api import draft_template
from documents.enums import NoticeKind
from documents.models import NoticeTemplate
from subsidies.enums import AwardState
from subsidies.models import Exclusion, LedgerEntry, OpeningBalance, OtherReceipt, PaymentList, SchemeVersion
from subsidies.services.claims import end_exclusion, withdraw_receipt
from subsidies.services.funding import appropriate
from subsidies.services.openings import propose_opening
from subsidies.services.payment_lists import cancel_payment_list, draft_payment_list
from subsidies.services.schemes import draft_version
from tests.meeting import Meeting, url
from tests.people import Cast, person
from tests.subsidies.claiming import exclude, receive
from tests.subsidies.factories import KEY, award_at, basis, funding_line, scheme_version
from tests.subsidies.paying import desk


def entry_on_a_line(cast: Cast) -> Meeting:
    line = funding_line()
    return Meeting(
        page=url("subsidies:funding_line", line.pk),
        act=url("subsidies:funding_act", line.pk, "adjust"),
        typed={
            "adjust-amount": "-500.00",
            "adjust-document_number": "演示财〔2019〕88号",
            "adjust-note": "压减",
        },
        second=cast.finance,
        first=cast.finance2,
        meanwhile=lambda: appropriate(
            line=line, amount=Decimal("700.00"), document_number="演示财〔2019〕77号", actor=cast.finance2
        ),
        told="700.00 演示财〔2019〕77号",
        kept=("-500.00", "演示财〔2019〕88号", "压减"),
        written=LedgerEntry,
    )


def opening_of_a_line(cast: Cast) -> Meeting:
    line = funding_line("0")
    return Meeting(
        page=url("subsidies:openings", line.pk),
        act=url("subsidies:openings", line.pk),
        typed={
            "propose-document_number": "演示财指〔2019〕4号",
            "propose-document_date": "2019-01-20",
            "propose-appropriated": "600.00",
        },
        second=cast.finance,
        first=cast.finance2,
        meanwhile=lambda: propose_opening(
            line=line,
            appropriated=Decimal("500.00"),
            document_number="演示财指〔2019〕3号",
            document_date=dt.date(2019, 1, 20),
            actor=cast.finance2,
        ),
        told="演示财指〔2019〕3号",
        kept=("演示财指〔2019〕4号", "600.00"),
        written=OpeningBalance,
    )


def cancelling_a_list(cast: Cast) -> Meeting:
    drafted = desk(cast).draft()
    return Meeting(
        page=url("subsidies:payment_list", drafted.number),
        act=url("subsidies:payment_list_act", drafted.number, "cancel"),
        typed={"reason": "账户有误，重做"},
        second=cast.finance,
        first=cast.finance2,
        meanwhile=lambda: cancel_payment_list(payment_list=drafted, reason="金额待核", actor=cast.finance2),
        told="金额待核",
        kept=("账户有误，重做",),
        written=PaymentList,
    )


def drafting_a_list(cast: Cast) -> Meeting:
    paying = desk(cast)
    return Meeting(
        page=url("subsidies:payment_list_new", paying.line.pk),
        act=url("subsidies:payment_list_new", paying.line.pk),
        typed={"awards": [paying.awards[1].pk], "purpose": "二批奖补", "bank_format": "general"},
        second=cast.finance,
        first=cast.finance2,
        meanwhile=lambda: draft_payment_list(
            awards=paying.awards[:1], funding_line=paying.line, purpose="一批奖补", actor=cast.finance2
        ),
        told="一批奖补",
        kept=("二批奖补",),
        written=PaymentList,
    )


def version_of_a_scheme(cast: Cast) -> Meeting:
    scheme_version()
    page = url("subsidies:scheme_draft", KEY)
    begun = Client()
    begun.force_login(cast.caseworker)
    form = begun.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    return Meeting(
        page=page,
        act=page,
        typed={**typed, "basis": basis().pk, "fund": "乙资金", "valid_from": "2019-01-01"},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: draft_version(
            key=KEY, name="奖补", basis=basis(), valid_from=dt.date(2019, 2, 1), actor=cast.caseworker2
        ),
        told="2019-02-01",
        kept=("乙资金",),
        written=SchemeVersion,
    )


def end_of_an_exclusion(cast: Cast) -> Meeting:
    found = exclude(cast.firm.firm)
    return Meeting(
        page=url("subsidies:exclusion", found.pk),
        act=url("subsidies:exclusion_end", found.pk),
        typed={"until": "2019-06-29", "reason": "乙查到的撤销决定"},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: end_exclusion(
            exclusion=found, until=dt.date(2019, 6, 28), reason="甲查到的撤销决定", actor=cast.caseworker2
        ),
        told="甲查到的撤销决定",
        kept=("乙查到的撤销决定",),
        written=Exclusion,
    )


def withdrawing_a_receipt(cast: Cast) -> Meeting:
    found = receive(award_at(AwardState.APPROVED), confirm=False)
    deciders = {"second": cast.reviewer, "first": person("reviewer2", Role.REVIEWER)}
    return Meeting(
        page=url("subsidies:receipt", found.pk),
        act=url("subsidies:receipt_act", found.pk, "withdraw"),
        typed={"reason": "乙的撤回理由"},
        meanwhile=lambda: withdraw_receipt(receipt=found, reason="甲的撤回理由", actor=deciders["first"]),
        told="甲的撤回理由",
        kept=("乙的撤回理由",),
        written=OtherReceipt,
        **deciders,
    )


def text_of_a_notice(cast: Cast) -> Meeting:
    other = person("administrator2", Role.ADMINISTRATOR)
    page = url("documents:text_new", "grant")
    text: dict[str, Any] = {"title": "关于奖补的通知", "body": "根据{{ basis_text }}，给予奖补。"}
    return Meeting(
        page=page,
        act=page,
        typed={**text, "body": "乙文：根据{{ basis_text }}，给予奖补。", "variables": ""},
        second=cast.administrator,
        first=other,
        meanwhile=lambda: draft_template(kind=NoticeKind.GRANT, variables={}, actor=other, **text),
        told="v1",
        kept=("乙文：根据",),
        written=NoticeTemplate,
    )


MEETINGS = (
    entry_on_a_line,
    opening_of_a_line,
    cancelling_a_list,
    drafting_a_list,
    version_of_a_scheme,
    end_of_an_exclusion,
    withdrawing_a_receipt,
    text_of_a_notice,
)
