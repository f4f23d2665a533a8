"""Payment lists as pages, exports and commands read them."""

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import User
from subsidies.enums import AwardState, LineState
from subsidies.exports import ContentLine, ListContent
from subsidies.models import (
    Award,
    BankReturn,
    BankReturnRow,
    FundingLine,
    PaymentLine,
    PaymentList,
)


def find_list(number: str) -> PaymentList:
    """The list of this number, such as ZF2019-001. Raises ``Refused`` (unknown_list)."""
    lists = PaymentList.objects.select_related("funding_line", "bank_format")
    found = lists.filter(number=number.strip()).first()
    if found is None:
        raise Refused(
            "unknown_list", _("There is no payment list %(number)s.") % {"number": number}, number=number
        )
    return found


def payment_lists() -> QuerySet[PaymentList]:
    """All lists, the newest first, with ``line_count``, ``total``, ``paid_total`` (yuan) and ``failed_count``."""
    return (
        PaymentList.objects.select_related("funding_line", "drafted_by", "checked_by", "released_by")
        .annotate(
            line_count=Count("lines"),
            total=Sum("lines__amount"),
            paid_total=Sum("lines__amount", filter=Q(lines__state=LineState.PAID)),
            failed_count=Count("lines", filter=Q(lines__state=LineState.FAILED)),
        )
        .order_by("-year", "-sequence")
    )


def listable_awards(*, funding_line: FundingLine | None = None) -> QuerySet[Award]:
    """Approved awards that stand on no list, as candidates for the next one."""
    awards = Award.objects.filter(state=AwardState.APPROVED).select_related(
        "firm", "accreditation", "funding_line"
    )
    if funding_line is not None:
        awards = awards.filter(funding_line=funding_line)
    return awards.order_by("pk")


def lines_of(payment_list: PaymentList) -> QuerySet[PaymentLine]:
    """The lines in order, with award and firm."""
    return (
        PaymentLine.objects.filter(payment_list=payment_list)
        .select_related("payment_list", "award__firm", "account")
        .order_by("number")
    )


def returns_of(payment_list: PaymentList) -> QuerySet[BankReturn]:
    """The bank returns loaded for a list, each with its rows: the reconciliation report."""
    rows = BankReturnRow.objects.select_related("line").order_by("row")
    return (
        BankReturn.objects.filter(payment_list=payment_list)
        .select_related("loaded_by")
        .prefetch_related(Prefetch("rows", queryset=rows))
        .order_by("pk")
    )


def content_of(payment_list: PaymentList, *, released_by: User | None = None) -> ListContent:
    """What the list says, from its frozen lines; ``released_by`` is who is about to release it."""
    released_at = payment_list.released_at
    return ListContent(
        number=payment_list.number,
        fund=payment_list.funding_line.fund,
        fiscal_year=payment_list.funding_line.fiscal_year,
        purpose=payment_list.purpose,
        lines=tuple(_content_line(line) for line in lines_of(payment_list)),
        drafted_by=str(payment_list.drafted_by),
        checked_by=str(payment_list.checked_by or ""),
        released_by=str(released_by or payment_list.released_by or ""),
        released_on=localdate(released_at) if released_at else today(),
    )


def _content_line(line: PaymentLine) -> ContentLine:
    return ContentLine(
        number=line.number,
        payee_name=line.payee_name,
        credit_code=line.credit_code,
        bank_name=line.bank_name,
        clearing_code=line.clearing_code,
        account_number=line.account_number,
        amount=line.amount,
        purpose=line.purpose,
        subjects=line.subjects,
        award_year=line.award_year,
        award_number=line.award.number,
    )
