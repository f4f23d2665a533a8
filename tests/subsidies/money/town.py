"""The same town twice: on record, made through the services, and in the plain model's books."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import Group

from config.common import clock
from cultivation.enums import AccreditationKind
from cultivation.models import Accreditation, Firm, User
from subsidies.enums import Decision, OncePer
from subsidies.models import FundingLine
from subsidies.services.funding import open_line
from tests.factories import AccreditationFactory, BankAccountFactory, FirmFactory
from tests.subsidies.factories import scheme_version

from .books import AUDITOR, CASEWORKER, FINANCE, REVIEWER, Account, Certificate, Funding, Person, Terms
from .treasury import Treasury

FIRST_DAY = dt.date(2019, 7, 1)
LAST_DAY = dt.date(2019, 12, 13)
FUND, OTHER_FUND = "演示市技术创新引导专项资金", "演示市其他专项资金"
PEOPLE = tuple(
    Person(name, frozenset(roles))
    for name, *roles in (
        ("caseworker-1", CASEWORKER),
        ("caseworker-2", CASEWORKER, REVIEWER),
        ("reviewer-1", REVIEWER),
        ("reviewer-2", REVIEWER, FINANCE),
        ("finance-1", FINANCE),
        ("finance-2", FINANCE),
        ("finance-3", FINANCE, CASEWORKER),
        ("auditor-1", AUDITOR),
    )
)
# Two versions of the scheme, for certificates of 2018 and from 2019 on.
EARLY = Terms(disclosed=False, returns_to_line=True)
LATE = Terms(numerator=1, denominator=3, cap=4_000_000, fund=FUND)
LINES = ((FUND, 2019), (FUND, 2020), (OTHER_FUND, 2019))
# Firm, day of issue, kind of accreditation. The first firm has two certificates of one year.
CERTIFICATES = (
    (0, dt.date(2018, 11, 28), AccreditationKind.FIRST),
    (1, dt.date(2018, 11, 28), AccreditationKind.FIRST),
    (2, dt.date(2019, 3, 11), AccreditationKind.FIRST),
    (1, dt.date(2019, 3, 11), AccreditationKind.INBOUND),
    (0, dt.date(2018, 12, 3), AccreditationKind.INBOUND),
    (2, dt.date(2018, 12, 3), AccreditationKind.RENEWAL),
)
CLEARING_CODE = "102626000010"
ACCOUNTS = ("6222000000000000001", "6222000000000000002", "6222000000000000003")


@dataclass(frozen=True)
class Town:
    """What stands on record before the first act; the runs begin from here and are rolled back to it."""

    users: dict[str, User]
    firms: list[Firm]
    certificates: list[Accreditation]
    lines: list[FundingLine]

    def books(self) -> Treasury:
        """The model's books at the same point."""
        return Treasury(
            today=FIRST_DAY,
            certificates=[
                Certificate(
                    firm=firm,
                    issued_on=issued_on,
                    terms=EARLY if issued_on.year == 2018 else LATE,
                    recorder="caseworker-2",
                    is_decided=kind != AccreditationKind.RENEWAL,
                )
                for firm, issued_on, kind in CERTIFICATES
            ],
            lines=[Funding(fund, year) for fund, year in LINES],
            # The third firm's account is still to be proposed.
            accounts=[
                Account("caseworker-1", "confirmed", "reviewer-1", firm, ACCOUNTS[0]) for firm in range(2)
            ],
        )


def build_town() -> Town:
    with clock.fixed(FIRST_DAY):
        users = {person.name: user_of(person) for person in PEOPLE}
        _scheme(EARLY, dt.date(2018, 1, 1))
        _scheme(LATE, dt.date(2019, 1, 1))
        firms = [FirmFactory() for _firm in range(3)]
        for firm in firms[:2]:
            BankAccountFactory(
                firm=firm,
                number=ACCOUNTS[0],
                clearing_code=CLEARING_CODE,
                proposed_by=users["caseworker-1"],
                decided_by=users["reviewer-1"],
            )
        certificates = [
            AccreditationFactory(
                determined=True,
                firm=firms[firm],
                kind=kind,
                issued_on=issued_on,
                document_date=issued_on,
                recorded_by=users["caseworker-2"],
            )
            for firm, issued_on, kind in CERTIFICATES
        ]
        lines = [
            open_line(name=f"奖励性补助{number}", fund=fund, fiscal_year=year, actor=users["finance-1"])
            for number, (fund, year) in enumerate(LINES)
        ]
    return Town(users, firms, certificates, lines)


def user_of(person: Person) -> User:
    """The person as a user of the application, with the person's roles."""
    user = User.objects.create(username=person.name, display_name=person.name)
    user.groups.set(Group.objects.filter(name__in=person.roles))
    return user


def _scheme(terms: Terms, valid_from: dt.date) -> None:
    scheme_version(
        valid_from=valid_from,
        ratio_numerator=terms.numerator,
        ratio_denominator=terms.denominator,
        cap=None if terms.cap is None else Decimal(terms.cap) / 100,
        fund=terms.fund,
        first_eligible=Decision.YES,
        inbound_eligible=Decision.YES,
        renewal_eligible=Decision.UNDECIDED,
        once_per=OncePer.ACCREDITATION,
        disclosure_required=terms.disclosed,
        disclosure_source="" if terms.disclosed else "演示",
        recovery_returns_to_line=terms.returns_to_line,
    )
