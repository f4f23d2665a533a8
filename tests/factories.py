"""Made-up records with fixed values. Cases reach their state through the services, as people bring them there."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory
from stdnum.cn import uscc

from config.common import clock
from cultivation.enums import (
    REQUIRED_ATTACHMENT_KINDS,
    AccountState,
    AccreditationKind,
    CaseKind,
    CaseState,
    CheckKind,
    DeterminationOutcome,
    Role,
)
from cultivation.models import (
    Accreditation,
    BankAccount,
    CaseDocument,
    Contact,
    CultivationCase,
    Determination,
    Division,
    ExpenseYear,
    Firm,
    FirmName,
    TrainingSession,
    User,
)
from cultivation.services import assessments, case_flow, checks, corrections, filing, training
from documents.api import Attachment, AttachmentState

FIGURES = {
    "sales": Decimal("10000000.00"),
    "total_income": Decimal("10500000.00"),
    "high_tech_income": Decimal("8000000.00"),
    "net_assets_end": Decimal("5000000.00"),
    "personnel": Decimal("500000.00"),
    "direct_input": Decimal("300000.00"),
}
"""One year of a firm with 8 % of R&D; see :class:`ExpenseYearFactory` for how it grows."""

PASSING_FACTS: dict[str, Any] = {
    "employees_average": "60",
    "technical_average": "15",
    "field_code": "四（一）1",
    "core_ip_owned": True,
    "ip": [{"class": 1, "kind": "invention_patent", "obtained": "own", "used_before": False}],
    "conversions": [5, 6, 5],
    "expert_scores": {
        "ip": ["24", "25", "23", "24", "24"],
        "conversion": ["26", "27", "26", "28", "26"],
        "organisation": ["16", "15", "17", "16", "16"],
        "growth": ["11", "11", "12", "10", "11"],
    },
    "incidents": [],
}
"""Declared facts with which the firm of :func:`case_at` passes every finding."""


def credit_code(serial: int) -> str:
    """A code of nobody: authority 990000 does not exist; the check digit is right."""
    body = f"91990000MA7{serial:06d}"
    return body + uscc.calc_check_digit(body)


def division(key: str = "youjiang") -> Division:
    return Division.objects.get_or_create(key=key)[0]


class FirmFactory(DjangoModelFactory):
    """A firm of Youjiang; traits: ``outside`` (no division), ``without_contact``."""

    class Meta:
        model = Firm
        skip_postgeneration_save = True

    class Params:
        serial = factory.Sequence(lambda n: n + 1)
        outside = factory.Trait(division=None)
        without_contact = factory.Trait(contact=None)

    credit_code = factory.LazyAttribute(lambda firm: credit_code(firm.serial))
    name = factory.LazyAttribute(lambda firm: f"演示科技{firm.serial}有限公司")
    division = factory.LazyFunction(division)
    registered_on = dt.date(2015, 3, 1)
    is_demo = True
    contact = factory.RelatedFactory("tests.factories.ContactFactory", "firm")


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    firm = factory.SubFactory(FirmFactory)
    name = "演示联系人"
    phone = "13800001234"


class UserFactory(DjangoModelFactory):
    """``UserFactory(role=Role.CASEWORKER)``; a firm's person also needs ``firm``, a county's ``division``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person-{n + 1}")
    display_name = factory.SelfAttribute("username")

    @factory.post_generation
    def role(self: User, create: bool, role: Role | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and role is not None:
            self.groups.add(Group.objects.get_or_create(name=role.value)[0])


class BankAccountFactory(DjangoModelFactory):
    """A confirmed account at a made-up branch; ``waiting`` leaves it unconfirmed."""

    class Meta:
        model = BankAccount

    class Params:
        waiting = factory.Trait(state=AccountState.PROPOSED, decided_by=None, decided_at=None)

    firm = factory.SubFactory(FirmFactory)
    holder = factory.SelfAttribute("firm.name")
    bank_name = "演示银行百色支行"
    clearing_code = "102626000013"
    number = factory.Sequence(lambda n: f"62220000{n:011d}")
    state = AccountState.CONFIRMED
    proposed_by = factory.LazyFunction(lambda: staff().caseworker)
    decided_by = factory.LazyFunction(lambda: staff().reviewer)
    decided_at = factory.LazyFunction(clock.now)


class ExpenseYearFactory(DjangoModelFactory):
    """R&D of 8 % of sales, three quarters of the income from high-tech products."""

    class Meta:
        model = ExpenseYear

    firm = factory.SubFactory(FirmFactory)
    year = 2018
    recorded_by = factory.LazyFunction(lambda: staff().caseworker)
    sales = FIGURES["sales"]
    total_income = FIGURES["total_income"]
    high_tech_income = FIGURES["high_tech_income"]
    net_assets_end = FIGURES["net_assets_end"]
    personnel = FIGURES["personnel"]
    direct_input = FIGURES["direct_input"]


class AccreditationFactory(DjangoModelFactory):
    """Opening data by default; ``determined`` rests on a determination; ``revoked`` on 2019-03-01."""

    class Meta:
        model = Accreditation

    class Params:
        serial = factory.Sequence(lambda n: n + 1)
        determined = factory.Trait(
            is_opening=False,
            determination=factory.SubFactory(
                "tests.factories.DeterminationFactory", firm=factory.SelfAttribute("..firm")
            ),
        )
        revoked = factory.Trait(
            revoked_on=dt.date(2019, 3, 1),
            revoked_act_year=2018,
            revocation_document="演示撤〔2019〕1号",
            revoked_by=factory.LazyFunction(lambda: staff().caseworker),
        )

    firm = factory.SubFactory(FirmFactory)
    kind = AccreditationKind.FIRST
    certificate_number = factory.LazyAttribute(lambda row: f"GR201845{row.serial:06d}")
    name_on_certificate = factory.SelfAttribute("firm.name")
    issued_on = dt.date(2018, 11, 28)
    last_day = dt.date(2021, 11, 27)
    is_opening = True
    document_number = "演示高企〔2018〕1号"
    document_date = dt.date(2018, 11, 28)
    recorded_by = factory.LazyFunction(lambda: staff().caseworker)


class DeterminationFactory(DjangoModelFactory):
    class Meta:
        model = Determination

    firm = factory.SubFactory(FirmFactory)
    outcome = DeterminationOutcome.ACCREDITED
    document_number = factory.Sequence(lambda n: f"演示认定〔2019〕{n + 1}号")
    document_date = dt.date(2019, 6, 28)
    recorded_by = factory.LazyFunction(lambda: staff().caseworker)


@dataclass(frozen=True, slots=True)
class Staff:
    """The bureau's people and the county caseworker of Youjiang."""

    county: User
    caseworker: User
    reviewer: User


def staff() -> Staff:
    """The same three people however often it is asked."""
    return Staff(
        county=_member("factory-county", Role.COUNTY, division()),
        caseworker=_member("factory-caseworker", Role.CASEWORKER),
        reviewer=_member("factory-reviewer", Role.REVIEWER),
    )


def _member(username: str, role: Role, place: Division | None = None) -> User:
    user = User.objects.filter(username=username).first()
    return user or UserFactory(username=username, role=role, division=place)


def attach_required(case: CultivationCase) -> None:
    """A confirmed file of every required kind, without bytes behind it."""
    caseworker = staff().caseworker
    for kind in REQUIRED_ATTACHMENT_KINDS:
        attachment = Attachment.objects.create(
            file=f"attachments/{kind.value}",
            original_name=f"{kind.value}.pdf",
            sha256="0" * 64,
            size=1,
            content_type="application/pdf",
            uploaded_by=caseworker,
            uploaded_at=clock.now(),
            state=AttachmentState.CLEAN,
            decided_by=caseworker,
            decided_at=clock.now(),
        )
        CaseDocument.objects.create(case=case, kind=kind, attachment=attachment, added_by=caseworker)


def train(case: CultivationCase, minutes: int = 480) -> TrainingSession:
    """A session held today that somebody of the firm attended to the end."""
    caseworker = staff().caseworker
    session = training.create_session(
        title="研发费用归集", held_on=clock.today(), minutes=minutes, actor=caseworker
    )
    row = training.AttendanceRow(firm=case.firm, attendee="演示联系人", minutes=minutes)
    training.record_attendance(session=session, rows=[row], actor=caseworker)
    return session


def give_facts(case: CultivationCase, **changes: Any) -> None:
    """Three recorded years before the present one and the declared facts; ``changes`` replace facts."""
    for offset, growth in ((3, Decimal(1)), (2, Decimal("1.2")), (1, Decimal("1.44"))):
        figures = {name: (amount * growth).quantize(Decimal("0.01")) for name, amount in FIGURES.items()}
        ExpenseYear.objects.update_or_create(
            firm=case.firm,
            year=clock.today().year - offset,
            defaults={**figures, "recorded_by": staff().caseworker},
        )
    assessments.declare_facts(case=case, facts={**PASSING_FACTS, **changes}, actor=staff().caseworker)


def pass_check(case: CultivationCase, kind: CheckKind) -> None:
    """Give the case what the check looks at, and record it as passed."""
    caseworker = staff().caseworker
    if kind is CheckKind.TRAINING:
        train(case)
    elif kind is CheckKind.ATTACHMENTS:
        attach_required(case)
    else:
        give_facts(case)
        assessments.assess_case(case=case, actor=caseworker)
    checks.record_check(case=case, kind=kind, actor=caseworker)


_WAY = (
    CaseState.DRAFT,
    CaseState.SUBMITTED,
    CaseState.RECOMMENDED,
    CaseState.POOLED,
    CaseState.TRAINING,
    CaseState.EXPENSE_REVIEW,
    CaseState.READY,
    CaseState.FILED,
    CaseState.DISCLOSED,
)


def case_at(
    state: CaseState,
    *,
    firm: Firm | None = None,
    kind: CaseKind = CaseKind.FIRST,
    returned_from: CaseState = CaseState.SUBMITTED,
) -> CultivationCase:
    """A case of a firm of Youjiang in ``state``, brought there by the people of :func:`staff` today."""
    case = case_flow.open_case(firm=firm or FirmFactory(), kind=kind, actor=staff().caseworker)
    if state is CaseState.RETURNED:
        case = _along(case, returned_from)
        return corrections.return_case(case=case, actor=staff().caseworker, reason="请补充材料")
    if state in _WAY:
        return _along(case, state)
    return _ended(case, state)


def _along(case: CultivationCase, state: CaseState) -> CultivationCase:
    people = staff()
    steps = {
        CaseState.SUBMITTED: lambda: case_flow.submit_case(case=case, actor=people.caseworker),
        CaseState.RECOMMENDED: lambda: case_flow.recommend_case(case=case, actor=people.county),
        CaseState.POOLED: lambda: case_flow.enrol_case(case=case, actor=people.caseworker),
        CaseState.TRAINING: lambda: case_flow.start_training(case=case, actor=people.caseworker),
        CaseState.EXPENSE_REVIEW: lambda: case_flow.start_expense_review(case=case, actor=people.caseworker),
        CaseState.READY: lambda: case_flow.clear_case(case=case, actor=people.caseworker),
        CaseState.FILED: lambda: filing.file_case(case=case, actor=people.caseworker),
        CaseState.DISCLOSED: lambda: filing.disclose_case(
            case=case, actor=people.caseworker, published_on=clock.today(), place="演示公示网"
        ),
    }
    for stop in _WAY[1 : _WAY.index(state) + 1]:
        if stop is CaseState.EXPENSE_REVIEW:
            pass_check(case, CheckKind.TRAINING)
        if stop is CaseState.READY:
            pass_check(case, CheckKind.EXPENSES)
            pass_check(case, CheckKind.ATTACHMENTS)
        case = steps[stop]()
    return case


def _ended(case: CultivationCase, state: CaseState) -> CultivationCase:
    caseworker = staff().caseworker
    if state is CaseState.WITHDRAWN:
        return case_flow.withdraw_case(case=case, actor=caseworker, reason="企业申请撤回")
    case = _along(case, CaseState.POOLED if state is CaseState.REMOVED else CaseState.DISCLOSED)
    if state is CaseState.REMOVED:
        return case_flow.remove_case(case=case, actor=caseworker, reason="企业注销")
    if state is CaseState.ACCREDITED:
        certificate = AccreditationFactory(
            firm=case.firm,
            determined=True,
            certificate_number=f"GR201945{case.pk:06d}",
            issued_on=clock.today(),
            last_day=clock.today().replace(year=clock.today().year + 3) - dt.timedelta(days=1),
        )
        return filing.accredit_case(case=case, accreditation=certificate, actor=caseworker)
    return filing.decline_case(
        case=case,
        actor=caseworker,
        document_number=f"演示不予认定〔2019〕{case.pk}号",
        document_date=clock.today(),
        reason="专家评审未通过",
    )


class CaseFactory:
    """``CaseFactory.at(CaseState.FILED)``: the same as :func:`case_at`."""

    at = staticmethod(case_at)


def rename(firm: Firm, name: str, valid_from: dt.date) -> None:
    """A row of the firm's names, the present name with it."""
    FirmName.objects.create(firm=firm, name=name, valid_from=valid_from, recorded_by=staff().caseworker)
    firm.name = name
    firm.save(update_fields=["name"])
