"""Official letters about money beside the grant notice: allotment, disclosure announcement, recovery.

Each is made of records alone, so that nothing in it is typed in but where it goes and whom to ask. Each stands once; a
``replace_reason`` puts a new one in its place.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import DisclosureKind, DisclosurePeriod, User, name_on, recorded
from documents.api import (
    Annex,
    Column,
    Notice,
    NoticeFacts,
    NoticeKind,
    Organ,
    PolicyDocument,
    issue_notice,
)
from subsidies.enums import AwardState, ListState
from subsidies.models import Award, PaymentList
from subsidies.permissions import AwardAction, require
from subsidies.selectors.recovery import recovery_of

from .events import lock_award
from .payment_lists import lock_list

_ALLOTTED = (ListState.RELEASED, ListState.SETTLED)
_NO_LONGER_DISCLOSED = (AwardState.REVOKED, AwardState.FROZEN)


def _award_facts(awards: Iterable[Award]) -> list[Award]:
    keys = [award.pk for award in awards]
    return list(
        Award.objects.filter(pk__in=keys)
        .select_related("firm", "accreditation", "version__basis", "regional_award__document__policy")
        .order_by("pk")
    )


def _bases(awards: Iterable[Award]) -> list[PolicyDocument]:
    """The documents of the schemes, then those of the region, each once."""
    found = list(awards)
    schemes = [award.version.basis for award in found if award.version]
    regional = [award.regional_award.document.policy for award in found if award.regional_award]
    return list(dict.fromkeys([*schemes, *regional]))


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _annex(title: str, awards: Sequence[Award], on: dt.date) -> Annex:
    """One row a firm: what the region gave, what the city gives."""
    amounts = [(award.regional_award, award.amount) for award in awards]
    if any(regional is None or amount is None for regional, amount in amounts):
        raise Refused("not_calculated", _("Not every award has been calculated."))
    regional_sum = sum((regional.amount for regional, _own in amounts if regional), Decimal("0.00"))
    own_sum = sum((own for _regional, own in amounts if own), Decimal("0.00"))
    rows = tuple(
        (
            str(number),
            name_on(award.firm, on),
            award.firm.credit_code,
            award.accreditation.certificate_number,
            _yuan(regional.amount) if regional else "",
            _yuan(own) if own is not None else "",
        )
        for number, (award, (regional, own)) in enumerate(zip(awards, amounts, strict=True), start=1)
    )
    return Annex(
        title=title,
        unit="单位：元",
        # In points of the 225 mm: a credit code and a certificate number stay on one line.
        columns=(
            Column("序号", "center", 31),
            Column("企业名称", "left", 193),
            Column("统一社会信用代码", "center", 140),
            Column("证书编号", "center", 102),
            Column("自治区奖励金额", "right", 92),
            Column("市级补助金额", "right", 80),
        ),
        rows=rows,
        total=("", "合计", "", "", _yuan(regional_sum), _yuan(own_sum)),
    )


def allotment_facts(payment_list: PaymentList, *, recipient: str, on: dt.date) -> NoticeFacts:
    """The allotment of a released list (资金下达): to whom the money goes stands in the table behind it."""
    if payment_list.state not in _ALLOTTED:
        raise Refused(
            "not_released",
            _("Funds are allotted for a released payment list; this one is “%(state)s”.")
            % {"state": payment_list.get_state_display()},
            state=payment_list.state,
        )
    awards = _award_facts(line.award for line in payment_list.lines.select_related("award"))
    line = payment_list.funding_line
    annex = _annex(f"{line.fiscal_year}年高新技术企业奖励性补助资金分配表", awards, on)
    subjects = (
        "；".join(f"{kind}：{code}" for kind, code in line.subjects.items()) or "按预算管理有关规定列支"
    )
    return NoticeFacts(
        recipient=recipient,
        context={
            "fiscal_year": line.fiscal_year,
            "fund_name": line.fund,
            "subjects": subjects,
            "firms": len(awards),
            "total": Decimal(annex.total[-1]),
            "list_number": payment_list.number,
        },
        bases=_bases(awards),
        annexes=[annex],
    )


@recorded("issue allotment")
def issue_allotment(
    *,
    payment_list: PaymentList,
    recipient: str,
    organ: Organ,
    actor: User,
    issued_on: dt.date | None = None,
    replace_reason: str = "",
) -> Notice:
    """Issue the one standing allotment document of a list. ``Refused``: not_released and those of ``issue_notice``."""
    require(actor, AwardAction.ISSUE_NOTICE)
    payment_list, day = lock_list(payment_list), issued_on or today()
    facts = allotment_facts(payment_list, recipient=recipient, on=day)
    return _issue(
        NoticeKind.ALLOTMENT, f"list:{payment_list.number}", facts, organ, actor, day, replace_reason
    )


def announcement_facts(period: DisclosurePeriod, *, contact: str, on: dt.date) -> NoticeFacts:
    """The announcement of a disclosure with firms and amounts, without addressee."""
    if period.kind != DisclosureKind.AWARD:
        raise Refused("not_an_award_disclosure", _("This disclosure is not about awards."))
    awards = [
        award
        for award in _award_facts(Award.objects.filter(disclosure=period))
        if award.state not in _NO_LONGER_DISCLOSED
    ]
    if not awards:
        raise Refused("nothing_to_disclose", _("No award stands in this disclosure."))
    annex = _annex("拟给予高新技术企业奖励性补助名单", awards, on)
    return NoticeFacts(
        recipient="",
        context={
            "firms": len(awards),
            "total": Decimal(annex.total[-1]),
            "begins_on": period.published_on,
            "ends_on": period.last_day,
            "working_days": period.working_days,
            "place": period.place,
            "contact": contact,
        },
        bases=_bases(awards),
        annexes=[annex],
    )


@recorded("issue disclosure announcement")
def issue_announcement(
    *,
    period: DisclosurePeriod,
    contact: str,
    organ: Organ,
    actor: User,
    issued_on: dt.date | None = None,
    replace_reason: str = "",
) -> Notice:
    """Issue the announcement of a disclosure period, dated its first day where nothing else is said.

    ``Refused``: not_an_award_disclosure, nothing_to_disclose, not_calculated and those of ``issue_notice``.
    """
    require(actor, AwardAction.ISSUE_NOTICE)
    day = issued_on or period.published_on
    facts = announcement_facts(period, contact=contact, on=day)
    return _issue(NoticeKind.DISCLOSURE, f"disclosure:{period.pk}", facts, organ, actor, day, replace_reason)


def recovery_facts(award: Award, *, repay_by: dt.date, account: str, on: dt.date) -> NoticeFacts:
    """The demand for what is still to be paid back, with its cause."""
    if award.state != AwardState.RECOVERING:
        raise Refused(
            "wrong_state",
            _("No recovery is open for this award; it is “%(state)s”.")
            % {"state": award.get_state_display()},
            state=award.state,
        )
    if repay_by <= on:
        raise Refused("repay_by_too_early", _("The day to pay by lies after the day of the letter."))
    with translation.override("zh-hans"):  # its cause stands in the letter, whatever language the page is in
        recovery = recovery_of(award)
    name = name_on(award.firm, on)
    return NoticeFacts(
        recipient=name,
        context={
            "firm_name": name,
            "credit_code": award.firm.credit_code,
            "paid": award.amount,
            "cause": recovery.cause,
            "due": recovery.due,
            "recovered": recovery.recovered,
            "outstanding": recovery.outstanding,
            "repay_by": repay_by,
            "account": account,
            "award_number": award.number,
        },
        bases=_bases(_award_facts([award])),
    )


@recorded("issue recovery notice")
def issue_recovery_notice(
    *,
    award: Award,
    repay_by: dt.date,
    account: str,
    organ: Organ,
    actor: User,
    issued_on: dt.date | None = None,
    replace_reason: str = "",
) -> Notice:
    """Issue the one standing demand of a recovery. ``Refused``: wrong_state, repay_by_too_early and those of
    ``issue_notice``."""
    require(actor, AwardAction.ISSUE_NOTICE)
    award, day = lock_award(award), issued_on or today()
    facts = recovery_facts(award, repay_by=repay_by, account=account, on=day)
    return _issue(NoticeKind.RECOVERY, f"recovery:{award.pk}", facts, organ, actor, day, replace_reason)


def _issue(
    kind: NoticeKind,
    subject: str,
    facts: NoticeFacts,
    organ: Organ,
    actor: User,
    day: dt.date,
    replace_reason: str,
) -> Notice:
    return issue_notice(
        kind=kind,
        organ=organ,
        subject=subject,
        recipient=facts.recipient,
        context=facts.context,
        bases=facts.bases,
        annexes=facts.annexes,
        issued_by=actor,
        issued_on=day,
        replace_reason=replace_reason,
    )
