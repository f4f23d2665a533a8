"""The years before 30 June 2019, told through the services: 29 firms at the end of 2017, 35 at the end of 2018."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from config.common import clock
from cultivation.enums import AccreditationKind, RevocationCause, Role
from cultivation.models import Accreditation, BankAccount, CultivationCase, Division, Firm, User
from cultivation.services import case_flow, corrections, filing, training
from cultivation.services.accounts import confirm_account
from cultivation.services.determinations import (
    import_accreditations,
    record_opening_accreditation,
    revoke_accreditation,
)
from cultivation.services.expenses import record_expense_year
from cultivation.services.firms import register_firm, rename_firm
from cultivation.services.intake import import_firms
from cultivation.services.rd_ledger import import_ledger
from cultivation.services.relocation import record_inbound_relocation

from .after import play_after
from .desk import play_desk
from .dossiers import yearly_figures
from .firms import DemoFirm, Part, demo_firms
from .innovation import record_earlier_use
from .journey import Traveller
from .ledger import ledger_workbook
from .people import DemoPeople, make_firm_users, make_people
from .programme import play_programme
from .rounds import IN_2018, IN_JUNE, JUNE_2019, REACHED, ROUND_2018, ROUND_2019, Round
from .tiers import play_tiers
from .workbooks import accreditation_list, roster

_HANDED_OVER = dt.date(2018, 1, 8)
_LIST_NUMBER, _LIST_DATE = "演科高函〔2018〕9号", dt.date(2018, 11, 28)
_ISSUED = {
    **dict.fromkeys((Part.LAPSED, Part.RENEWED), dt.date(2015, 11, 20)),
    **dict.fromkeys(
        (Part.RENEWAL_FILED, Part.RENEWAL_READY, Part.RENEWAL_UNDER_REVIEW, Part.EXPIRING),
        dt.date(2016, 11, 30),
    ),
    **dict.fromkeys((Part.REVOKED, Part.HOLDER), dt.date(2017, 11, 29)),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What the money story goes on from: the people, the firms by index, where input workbooks are kept."""

    people: DemoPeople
    cast: dict[int, DemoFirm]
    firms: dict[int, Firm]
    inputs: Path

    def playing(self, *parts: Part) -> list[DemoFirm]:
        return [demo for demo in self.cast.values() if demo.part in parts]

    def firm(self, demo: DemoFirm) -> Firm:
        return self.firms[demo.index]

    def only_case(self, demo: DemoFirm) -> CultivationCase:
        return CultivationCase.objects.get(firm=self.firm(demo))


def play_cultivation(inputs: Path) -> Stage:
    """Play everything up to the demonstration's day; input workbooks are written to ``inputs`` and read there."""
    cast = {demo.index: demo for demo in demo_firms()}
    people = make_people()
    with clock.fixed(_HANDED_OVER):
        firms = _take_over(cast, people, inputs)
    stage = Stage(people=people, cast=cast, firms=firms, inputs=inputs)
    _inbound(stage)
    record_earlier_use(cast, firms, people.caseworker)
    users = make_firm_users({demo.username: stage.firm(demo) for demo in cast.values()})
    counties = {user.division_id: user for user in User.objects.filter(groups__name=Role.COUNTY)}
    for round_, demos in (
        (ROUND_2018, stage.playing(*IN_2018)),
        (ROUND_2019, stage.playing(*(part for part in REACHED if part not in (*IN_2018, *IN_JUNE)))),
        (JUNE_2019, stage.playing(*IN_JUNE)),
    ):
        _hold_sessions(stage, round_, demos)
        for demo in demos:
            firm = stage.firm(demo)
            Traveller(demo, firm, users[demo.username], counties[firm.division_id], people, round_).travel()
    _revoke(stage)
    _determine(stage)
    _turn_aside(stage, counties, users)
    _rename(stage)
    play_after(stage)
    play_tiers(stage)
    _hand_in_ledger(stage, users)
    play_programme(stage)
    play_desk(stage, users)
    return stage


def _take_over(cast: dict[int, DemoFirm], people: DemoPeople, inputs: Path) -> dict[int, Firm]:
    """The roster comes in as a workbook, accounts get their second person, old certificates are opening data."""
    office = people.caseworker
    path = inputs / "roster.xlsx"
    path.write_bytes(roster(cast.values()))
    import_firms(content=path.read_bytes(), actor=office)
    for account in BankAccount.objects.order_by("pk"):
        confirm_account(account=account, actor=people.finance1)
    firms = {firm.credit_code: firm for firm in Firm.objects.select_related("division")}
    for demo in cast.values():
        if issued_on := _ISSUED.get(demo.part):
            record_opening_accreditation(
                firm=firms[demo.credit_code],
                kind=AccreditationKind.FIRST,
                certificate_number=f"GR{issued_on.year}9900{demo.index:04d}",
                issued_on=issued_on,
                document_number=f"演交接〔{_HANDED_OVER.year}〕1号",
                document_date=_HANDED_OVER,
                actor=office,
            )
    return {demo.index: firms[demo.credit_code] for demo in cast.values() if demo.credit_code in firms}


def _inbound(stage: Stage) -> None:
    """One firm moves to Baise whole and brings its certificate of another region."""
    (demo,) = stage.playing(Part.INBOUND)
    office, moved_on = stage.people.caseworker, dt.date(2018, 5, 14)
    with clock.fixed(dt.date(2018, 5, 21)):
        firm = register_firm(
            credit_code=demo.credit_code,
            name=demo.name,
            division=None,
            registered_on=demo.registered_on,
            actor=office,
        )
        record_inbound_relocation(
            firm=firm,
            division=Division.objects.get(key="youjiang"),
            moved_on=moved_on,
            from_place="外省演示市",
            is_whole=True,
            document_number="演迁入〔2018〕1号",
            document_date=moved_on,
            actor=office,
            certificate_number="GR201798000001",
            certificate_issued_on=dt.date(2017, 10, 31),
        )
    stage.firms[demo.index] = Firm.objects.get(pk=firm.pk)


def _hold_sessions(stage: Stage, round_: Round, demos: list[DemoFirm]) -> None:
    """Two sessions of four hours; everybody who is to reach the review sits through both."""
    # Sessions are written down before the cases are walked through, so their days are already over then.
    for number, held_on in enumerate(round_.sessions, start=1):
        with clock.fixed(held_on):
            session = training.create_session(
                title=f"高新技术企业认定与研发费用归集培训（第{number}期，演示）",
                held_on=held_on,
                minutes=240,
                place="演示培训中心",
                actor=stage.people.caseworker,
            )
            rows = [
                training.AttendanceRow(firm=stage.firm(demo), attendee=demo.contact, minutes=240)
                for demo in demos
                if demo.part not in (Part.TRAINING, Part.REMOVED) or number == 1
            ]
            training.record_attendance(session=session, rows=rows, actor=stage.people.caseworker)


def _revoke(stage: Stage) -> None:
    (demo,) = stage.playing(Part.REVOKED)
    with clock.fixed(dt.date(2018, 9, 20)):
        revoke_accreditation(
            accreditation=Accreditation.objects.get(firm=stage.firm(demo)),
            revoked_on=dt.date(2018, 9, 17),
            act_year=2017,
            cause=RevocationCause.FRAUD,
            document="演科高函〔2018〕6号",
            actor=stage.people.caseworker,
        )


def _determine(stage: Stage) -> None:
    """The region's list of 2018 as a workbook; what is not on it was declined."""
    rows = [
        (
            demo,
            f"GR20189900{demo.index:04d}",
            _LIST_DATE,
            AccreditationKind.FIRST if demo.part is Part.NEWCOMER else AccreditationKind.RENEWAL,
        )
        for demo in stage.playing(Part.NEWCOMER, Part.RENEWED)
    ]
    office = stage.people.caseworker
    path = stage.inputs / "accreditations-2018.xlsx"
    path.write_bytes(accreditation_list(rows))
    with clock.fixed(dt.date(2018, 12, 10)):
        import_accreditations(
            content=path.read_bytes(),
            document_number=_LIST_NUMBER,
            document_date=_LIST_DATE,
            actor=office,
            original_name=path.name,
        )
        for demo in stage.playing(Part.DECLINED, Part.DECLINED_POOLED, Part.DECLINED_TRAINING):
            filing.decline_case(
                case=stage.only_case(demo),
                document_number="演科高函〔2018〕10号",
                document_date=_LIST_DATE,
                reason="创新能力评价未超过70分（演示）",
                actor=office,
            )
    with clock.fixed(dt.date(2019, 1, 8)):
        for demo in stage.playing(Part.DECLINED_POOLED, Part.DECLINED_TRAINING):
            case = filing.return_case_to_pool(case=stage.only_case(demo), actor=office)
            if demo.part is Part.DECLINED_TRAINING:
                case_flow.start_training(case=case, actor=office)


def _turn_aside(stage: Stage, counties: dict[int | None, User], users: dict[str, User]) -> None:
    """Returned for correction, withdrawn, removed."""
    (returned,) = stage.playing(Part.RETURNED)
    (withdrawn,) = stage.playing(Part.WITHDRAWN)
    (removed,) = stage.playing(Part.REMOVED)
    with clock.fixed(dt.date(2019, 2, 11)):
        corrections.return_case(
            case=stage.only_case(returned),
            actor=counties[stage.firm(returned).division_id],
            reason="申请表未盖章，请补正后重新提交",
        )
    with clock.fixed(dt.date(2019, 4, 1)):
        case_flow.withdraw_case(
            case=stage.only_case(withdrawn), actor=users[withdrawn.username], reason="企业计划调整，暂不申报"
        )
    with clock.fixed(dt.date(2019, 5, 6)):
        case_flow.remove_case(
            case=stage.only_case(removed),
            actor=stage.people.caseworker,
            reason="企业已停产，不再具备培育条件",
        )


def _rename(stage: Stage) -> None:
    """A firm accredited in 2018 takes another name in April 2019: documents and payments follow the date."""
    demo = stage.playing(Part.NEWCOMER)[0]
    with clock.fixed(dt.date(2019, 4, 2)):
        renamed = rename_firm(
            firm=stage.firm(demo),
            name=demo.name.replace("有限公司", "集团有限公司"),
            valid_from=dt.date(2019, 4, 1),
            document="演市监变更〔2019〕18号",
            actor=stage.people.caseworker,
        )
    stage.firms[demo.index] = renamed


def _hand_in_ledger(stage: Stage, users: dict[str, User]) -> None:
    """The firm whose expense review has just begun states its years and hands in the ledger behind them."""
    (demo,) = stage.playing(Part.REVIEW_OPEN)
    path = stage.inputs / "rd-ledger.xlsx"
    path.write_bytes(ledger_workbook(demo, ROUND_2019.years))
    with clock.fixed(dt.date(2019, 5, 13)):
        for year, figures in yearly_figures(demo, ROUND_2019.years):
            record_expense_year(firm=stage.firm(demo), year=year, figures=figures, actor=users[demo.username])
        import_ledger(
            firm=stage.firm(demo),
            content=path.read_bytes(),
            original_name=path.name,
            actor=users[demo.username],
        )
