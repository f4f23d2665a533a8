"""Approved awards and payment lists in every state, brought there through the services by the cast."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cultivation.api import Role
from cultivation.models import Accreditation, BankAccount, Firm, User
from cultivation.services.accounts import confirm_account, propose_account
from documents.api import PolicyDocument, SourceMark
from subsidies.models import Award, FundingLine, PaymentLine, PaymentList
from subsidies.services.awards import approve_award, review_award
from subsidies.services.calculation import calculate_award
from subsidies.services.funding import appropriate, open_line
from subsidies.services.payment_lists import (
    check_payment_list,
    draft_payment_list,
    release_payment_list,
)
from subsidies.services.proposals import propose_awards
from subsidies.services.regional_awards import import_regional_awards
from subsidies.services.returns import ReturnReport, load_bank_return
from subsidies.services.schemes import draft_version, publish_version
from tests.factories import AccreditationFactory, BankAccountFactory, FirmFactory
from tests.people import Cast, person
from tests.workbooks import workbook

PURPOSE = "高新技术企业认定奖励性补助"
AMOUNTS = (Decimal("80000.00"), Decimal("50000.00"), Decimal("30000.55"))
HEADERS = ("序号", "收款账号", "金额（元）", "处理结果", "原因")


@dataclass
class Desk:
    """The payment desk: three finance officers, a funding line and what is to be paid from it."""

    cast: Cast
    finance3: User
    line: FundingLine
    awards: list[Award]

    @property
    def first(self) -> User:
        return self.cast.finance

    @property
    def second(self) -> User:
        return self.cast.finance2

    @property
    def third(self) -> User:
        return self.finance3

    def draft(self, awards: Sequence[Award] | None = None, actor: User | None = None) -> PaymentList:
        return draft_payment_list(
            awards=self.awards if awards is None else awards,
            funding_line=self.line,
            purpose=PURPOSE,
            actor=actor or self.first,
        )

    def checked(self, awards: Sequence[Award] | None = None) -> PaymentList:
        return check_payment_list(payment_list=self.draft(awards), actor=self.second)

    def released(self, awards: Sequence[Award] | None = None) -> PaymentList:
        return release_payment_list(payment_list=self.checked(awards), actor=self.third)

    def settled(self, awards: Sequence[Award] | None = None) -> PaymentList:
        payment_list = self.released(awards)
        self.load(payment_list, *(answer(line) for line in payment_list.lines.order_by("number")))
        return PaymentList.objects.get(pk=payment_list.pk)

    def load(self, payment_list: PaymentList, *rows: Sequence[object]) -> ReturnReport:
        return self.load_file(payment_list, return_file(*rows))

    def load_file(self, payment_list: PaymentList, content: bytes) -> ReturnReport:
        return load_bank_return(
            payment_list=payment_list,
            content=content,
            original_name="return.xlsx",
            actor=self.first,
        )

    def figures(self) -> tuple[Decimal, Decimal]:
        """Committed and paid on the funding line."""
        line = FundingLine.objects.get(pk=self.line.pk)
        return line.committed, line.paid

    def again(self) -> list[Award]:
        return list(Award.objects.filter(pk__in=[award.pk for award in self.awards]).order_by("pk"))

    def states(self) -> list[str]:
        return [award.state for award in self.again()]


def return_file(*rows: Sequence[object]) -> bytes:
    return workbook(HEADERS, *rows)


def answer(line: PaymentLine, result: str = "成功", reason: str = "") -> tuple[object, ...]:
    """A row of the bank's return about a line."""
    return str(line.number), line.account_number, f"{line.amount:.2f}", result, reason or None


def payee(name: str | None = None, account: str | None = None) -> Accreditation:
    """A firm with a certificate of 2018 and a confirmed account."""
    firm: Firm = FirmFactory(**({"name": name} if name else {}))
    BankAccountFactory(firm=firm, **({"number": account} if account else {}))
    return AccreditationFactory(firm=firm, determined=True)


def desk(
    cast: Cast,
    *,
    amounts: Sequence[Decimal] = AMOUNTS,
    certificates: Sequence[Accreditation] | None = None,
    appropriated: Decimal = Decimal("1000000.00"),
) -> Desk:
    """Awards approved on one funding line, one a certificate (edge case 28: as much as the region gave)."""
    certificates = certificates or [payee() for _amount in amounts]
    line = open_line(
        name="奖励性补助",
        fund="百色市技术创新引导专项资金",
        fiscal_year=2019,
        subjects={"functional": "2060404"},
        subjects_source="演示预算批复〔2019〕1号",
        actor=cast.finance,
    )
    appropriate(line=line, amount=appropriated, document_number="演示财〔2019〕1号", actor=cast.finance)
    scheme(cast)
    region_grants(cast, certificates, amounts)
    propose_awards(actor=cast.caseworker)
    awards = [
        approved(cast, Award.objects.get(accreditation=certificate), line) for certificate in certificates
    ]
    return Desk(cast, person("finance3", Role.FINANCE), line, awards)


def approved(cast: Cast, award: Award, line: FundingLine) -> Award:
    award = calculate_award(award=award, actor=cast.caseworker)
    award = review_award(award=award, actor=cast.reviewer)
    return approve_award(award=award, actor=cast.reviewer, funding_line=line)


def scheme(cast: Cast, key: str = "matching", number: int = 1) -> None:
    """One to one, first accreditations, approved without disclosure: what is paid is the matter here."""
    basis = PolicyDocument.objects.create(
        title="演示奖补办法",
        issuer="演示机关",
        document_number=f"演示办〔2018〕{number}号",
        issued_on=dt.date(2018, 1, 2),
        is_formal=True,
        source="演示",
        mark=SourceMark.READ,
        is_demo=True,
    )
    version = draft_version(
        key=key,
        name=f"认定奖励性补助{number}",
        basis=basis,
        valid_from=dt.date(2018, 1, 1),
        actor=cast.caseworker,
        is_demo=True,
        once_per="accreditation",
        disclosure_required=False,
        disclosure_source="演示",
    )
    publish_version(version=version, actor=cast.reviewer)


def region_grants(
    cast: Cast, certificates: Sequence[Accreditation], amounts: Sequence[Decimal], number: int = 1
) -> None:
    """The region's document, with these amounts in yuan."""
    rows = [
        (certificate.firm.name, certificate.firm.credit_code, f"{amount:.2f}")
        for certificate, amount in zip(certificates, amounts, strict=True)
    ]
    import_regional_awards(
        content=workbook(("企业名称", "统一社会信用代码", "奖励金额（元）"), *rows),
        original_name="region.xlsx",
        document_number=f"演示科发〔2019〕{number}号",
        document_date=dt.date(2019, 3, number),
        actor=cast.caseworker,
        demo=True,
    )


def change_account(firm: Firm, number: str, *, proposed_by: User, confirmed_by: User | None) -> BankAccount:
    """A new account of the firm; the second person may still be missing."""
    account = propose_account(
        firm=firm,
        bank_name="演示银行百色支行",
        clearing_code="102626000010",
        number=number,
        actor=proposed_by,
    )
    return confirm_account(account=account, actor=confirmed_by) if confirmed_by else account
