"""Awards and money for tests: made-up documents, and awards brought to a state by the services."""

import datetime as dt
import itertools
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cultivation.enums import AccreditationKind, Role
from cultivation.models import Accreditation, Firm, User
from documents.api import NoticeKind, Organ, OrganName, PolicyDocument, install_template
from subsidies.enums import AwardState
from subsidies.models import Award, FundingLine, SchemeVersion
from subsidies.services import awards, calculation, disclosure, freezing, funding, proposals, schemes
from subsidies.services.regional_awards import RegionalReport, import_regional_awards
from tests.factories import AccreditationFactory, UserFactory

KEY = "matching"
DOCUMENT_DATE = dt.date(2019, 5, 20)
# Ten working days from here are over well before the demonstration's 2019-06-30.
DISCLOSED_ON = dt.date(2019, 6, 3)
_serial = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Office:
    """The people who bring an award along: one calculates, one reviews and approves, one minds the money."""

    caseworker: User
    reviewer: User
    finance: User


def office() -> Office:
    """The same three people however often it is asked."""
    return Office(
        caseworker=_member("award-caseworker", Role.CASEWORKER),
        reviewer=_member("award-reviewer", Role.REVIEWER),
        finance=_member("award-finance", Role.FINANCE),
    )


def _member(username: str, role: Role) -> User:
    return User.objects.filter(username=username).first() or UserFactory(username=username, role=role)


def basis(**fields: Any) -> PolicyDocument:
    """A made-up formal document."""
    number = next(_serial)
    defaults = {
        "title": "演示市高新技术企业奖励性补助办法",
        "issuer": "演示市科学技术局",
        "document_number": f"演示科〔2019〕{number}号",
        "issued_on": dt.date(2019, 1, 17),
        "is_formal": True,
        "source": "演示",
        "mark": PolicyDocument.Mark.READ,
        "is_demo": True,
    }
    return PolicyDocument.objects.create(**{**defaults, **fields})


def scheme_version(key: str = KEY, **terms: Any) -> SchemeVersion:
    """A further published version of the scheme, in force since 2018; only first accreditations by default."""
    people = office()
    version = schemes.draft_version(
        key=key,
        name="高新技术企业奖励性补助",
        basis=terms.pop("basis", None) or basis(),
        valid_from=terms.pop("valid_from", dt.date(2018, 1, 1)),
        actor=people.caseworker,
        is_demo=True,
        **terms,
    )
    return schemes.publish_version(version=version, actor=people.reviewer)


def funding_line(appropriated: str | Decimal = "1000000.00", **fields: Any) -> FundingLine:
    """A line of the fund for 2019 with its first appropriation."""
    people = office()
    line = funding.open_line(
        **{
            "name": f"高新技术企业奖励性补助（{next(_serial)}）",
            "fund": "演示市技术创新引导专项资金",
            "fiscal_year": 2019,
            "actor": people.finance,
            **fields,
        }
    )
    if Decimal(appropriated):
        funding.appropriate(
            line=line,
            amount=Decimal(appropriated),
            document_number=f"演示财〔2019〕{next(_serial)}号",
            actor=people.finance,
        )
    line.refresh_from_db()
    return line


def award_file(*rows: tuple[str, str, str], header: str = "奖励金额（元）") -> bytes:
    """A table of the region as CSV: name, credit code, amount."""
    lines = [f"企业名称,统一社会信用代码,{header}", *(",".join(row) for row in rows)]
    return "\r\n".join(lines).encode()


def import_rows(*rows: tuple[str, str, str], **options: Any) -> RegionalReport:
    """Import a made-up document of the region with these rows."""
    header = options.pop("header", "奖励金额（元）")
    return import_regional_awards(
        **{
            "content": award_file(*rows, header=header),
            "original_name": "奖励名单.csv",
            "document_number": f"演示桂科〔2019〕{next(_serial)}号",
            "document_date": DOCUMENT_DATE,
            "document_title": "演示自治区高新技术企业奖励资金下达文件",
            "issuer": "演示自治区科学技术厅",
            "demo": True,
            "actor": office().caseworker,
            **options,
        }
    )


def grant(firm: Firm, amount: str = "80000.00", **options: Any) -> RegionalReport:
    """The region grants ``amount`` yuan to the firm, by a document of its own."""
    return import_rows((firm.name, firm.credit_code, amount), **options)


def accreditation(**fields: Any) -> Accreditation:
    """A certificate by the region's decision, that the scheme covers."""
    return AccreditationFactory(determined=True, **fields)


def proposed(certificate: Accreditation, key: str = KEY) -> Award:
    """The award of the certificate, proposed."""
    proposals.propose_awards(actor=office().caseworker)
    return Award.objects.get(accreditation=certificate, scheme__key=key)


_WAY = (
    AwardState.AWAITING_BASIS,
    AwardState.CALCULATED,
    AwardState.REVIEWED,
    AwardState.DISCLOSED,
    AwardState.APPROVED,
    AwardState.LISTED,
    AwardState.PAID,
    AwardState.RECOVERING,
    AwardState.RECOVERED,
)


def award_at(
    state: AwardState,
    *,
    amount: str = "80000.00",
    line: FundingLine | None = None,
    frozen_from: AwardState = AwardState.APPROVED,
    **certificate: Any,
) -> Award:
    """An award in ``state``, brought there by the people of :func:`office`; further fields are the certificate's."""
    if not SchemeVersion.objects.filter(scheme__key=KEY).exists():
        scheme_version()
    people = office()
    if state is AwardState.AWAITING_POLICY:
        return proposed(accreditation(kind=AccreditationKind.RENEWAL, **certificate))
    award = proposed(accreditation(**certificate))
    if state is AwardState.FROZEN:
        award = _along(award, frozen_from, amount, line)
        return freezing.freeze_award(award=award, actor=people.caseworker, reason="核实举报")
    if state is AwardState.REVOKED:
        return freezing.revoke_award(award=award, actor=people.reviewer, reason="企业放弃")
    return _along(award, state, amount, line)


def _along(award: Award, state: AwardState, amount: str, line: FundingLine | None) -> Award:
    people = office()
    steps = {
        AwardState.CALCULATED: lambda: calculation.calculate_award(award=award, actor=people.caseworker),
        AwardState.REVIEWED: lambda: awards.review_award(award=award, actor=people.reviewer),
        AwardState.DISCLOSED: lambda: disclosed(award),
        AwardState.APPROVED: lambda: awards.approve_award(
            award=award, actor=people.reviewer, funding_line=line or funding_line()
        ),
        AwardState.LISTED: lambda: awards.put_award_on_list(award=award, actor=people.finance),
        AwardState.PAID: lambda: awards.pay_award(
            award=award, actor=people.finance, key=f"paid:test:{next(_serial)}"
        ),
        AwardState.RECOVERING: lambda: awards.mark_recovering(
            award=award, actor=people.reviewer, reason="证书被撤销"
        ),
        AwardState.RECOVERED: lambda: awards.mark_recovered(
            award=award, actor=people.finance, reason="已全额退回"
        ),
    }
    for stop in _WAY[1 : _WAY.index(state) + 1]:
        if stop is AwardState.CALCULATED:
            grant(award.firm, amount)
        award = steps[stop]()
    return award


def disclosed(award: Award) -> Award:
    """Put one reviewed award into a disclosure that is over by the demonstration's date."""
    disclosure.disclose_awards(
        awards=[award], actor=office().caseworker, place="演示公示网", published_on=DISCLOSED_ON
    )
    award.refresh_from_db()
    return award


def notice_organ(*kinds: NoticeKind) -> Organ:
    """A made-up organ that may issue notices of these kinds, grants if nothing is said, with the published templates."""
    organ = Organ.objects.create(key=f"demo-organ-{next(_serial)}", is_demo=True)
    OrganName.objects.create(
        organ=organ,
        name="演示市科学技术局",
        mark_name="演示市科学技术局",
        number_prefix="演科字",
        source="演示",
    )
    for kind in kinds or (NoticeKind.GRANT,):
        install_template(
            kind=kind,
            drafted_by=_member("award-administrator", Role.ADMINISTRATOR),
            published_by=_member("award-administrator-2", Role.ADMINISTRATOR),
        )
    return organ
