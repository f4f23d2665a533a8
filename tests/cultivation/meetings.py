"""Two people at one page about firms, cases, certificates and targets."""

import datetime as dt
from typing import Any

from cultivation.enums import (
    CaseAction,
    CaseState,
    FirmTier,
    LedgerDecision,
    TargetMeasure,
    TierOutcome,
)
from cultivation.models import (
    AccreditationCorrection,
    Achievement,
    AnnualReport,
    AnnualTarget,
    BankAccount,
    Determination,
    DeterminationCorrection,
    Division,
    ExpertSheet,
    IpUse,
    RdLedgerFinding,
    SelfCheck,
    StockRecord,
    TierRecord,
    TrainingSession,
)
from cultivation.services.accounts import propose_account
from cultivation.services.accreditation_corrections import propose_correction
from cultivation.services.achievements import correct_achievement, record_achievement
from cultivation.services.annual_reports import record_annual_report
from cultivation.services.assessments import declare_facts
from cultivation.services.determination_corrections import propose_determination_correction
from cultivation.services.expert_sheets import record_expert_sheet
from cultivation.services.ip_uses import record_earlier_ip_use
from cultivation.services.rd_ledger import import_ledger
from cultivation.services.rd_ledger_decisions import decide_findings
from cultivation.services.self_checks import state_of_records
from cultivation.services.stock_records import draw_up_stock
from cultivation.services.targets import correct_target, enter_target
from cultivation.services.tiers import record_tier
from cultivation.services.training import change_session, create_session
from tests.cultivation.ledgers import cells, ledger_book
from tests.cultivation.self_checks import PASSING, carried
from tests.cultivation.sheets import FINANCE, finance_sheet
from tests.factories import AccreditationFactory, ContactFactory, case_at, give_facts, staff
from tests.meeting import Meeting, url
from tests.people import Cast


def report_of_a_certificate(cast: Cast) -> Meeting:
    held = AccreditationFactory(firm=cast.firm.firm, issued_on=dt.date(2016, 11, 30))
    report = {
        "accreditation": held,
        "year": 2017,
        "reported_on": dt.date(2018, 5, 2),
        "actor": cast.caseworker2,
    }
    return Meeting(
        page=url("cultivation:certificate", held.pk),
        act=url("cultivation:certificate_report", held.pk),
        typed={"report-year": "2018", "report-reported_on": "2019-05-03", "report-document": "第七号填报"},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: record_annual_report(**report),
        told="2018-05-02",
        kept=("第七号填报", "2019-05-03"),
        written=AnnualReport,
    )


def correction_of_a_certificate(cast: Cast) -> Meeting:
    held = AccreditationFactory(firm=cast.firm.firm, name_on_certificate="演示旧名")
    return Meeting(
        page=url("cultivation:certificate", held.pk),
        act=url("cultivation:correction_propose", held.pk),
        typed={
            "propose-certificate_number": held.certificate_number,
            "propose-name_on_certificate": "演示乙名",
            "propose-kind": held.kind,
            "propose-issued_on": held.issued_on,
            "propose-document_number": held.document_number,
            "propose-document_date": held.document_date,
            "propose-reason": "名称录错一字",
            "propose-document": "证书复印件",
        },
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: propose_correction(
            accreditation=held,
            changes={"name_on_certificate": "演示甲名"},
            reason="录错",
            document="复印件",
            actor=cast.caseworker2,
        ),
        told="演示旧名 → 演示甲名",
        kept=("演示乙名", "名称录错一字"),
        written=AccreditationCorrection,
    )


def lifting_of_a_determination(cast: Cast) -> Meeting:
    held = AccreditationFactory(firm=cast.firm.firm, determined=True)
    found = Determination.objects.get(accreditation=held)
    return Meeting(
        page=url("cultivation:determination", found.pk),
        act=url("cultivation:determination_correct", found.pk),
        typed={"propose-reason": "乙的理由", "propose-document": "演示函〔2019〕2号"},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: propose_determination_correction(
            determination=found, reason="甲的理由", document="演示函〔2019〕1号", actor=cast.caseworker2
        ),
        told="甲的理由",
        kept=("乙的理由", "演示函〔2019〕2号"),
        written=DeterminationCorrection,
    )


def sheet_of_an_expert(cast: Cast) -> Meeting:
    ContactFactory(firm=cast.firm.firm)
    case = case_at(CaseState.POOLED, firm=cast.firm.firm)
    give_facts(case)
    scores = {f"finance-score_{key}": points for key, points in FINANCE.items()}
    return Meeting(
        page=url("cultivation:expert_sheets", case.pk),
        act=url("cultivation:expert_sheet_record", case.pk, "finance"),
        typed={"finance-expert": "专家乙", "finance-remark": "已核年报", **scores},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: record_expert_sheet(
            case=case, sheet=finance_sheet("专家甲"), actor=cast.caseworker2
        ),
        told="专家甲",
        kept=("专家乙", "已核年报"),
        written=ExpertSheet,
    )


def use_of_property(cast: Cast) -> Meeting:
    firm = cast.firm.firm
    use = {"kind": "invention_patent", "filed_on": dt.date(2015, 6, 1), "document": "演示卷宗1"}
    return Meeting(
        page=url("cultivation:ip_uses", firm.pk),
        act=url("cultivation:ip_use_record", firm.pk),
        typed={
            "number": "ZL201510000002.2",
            "kind": "invention_patent",
            "filed_on": "2016-06-01",
            "document": "演示卷宗2",
        },
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: record_earlier_ip_use(
            firm=firm, number="ZL201510000001.1", actor=cast.caseworker2, **use
        ),
        told="2015-06-01",
        kept=("ZL201510000002.2", "演示卷宗2"),
        written=IpUse,
    )


def decision_about_a_ledger(cast: Cast) -> Meeting:
    firm = cast.firm.firm
    content = ledger_book(cells(), cells(凭证号="2", 发票号="2", 摘要="业务招待费", 金额=30))
    import_ledger(firm=firm, content=content, original_name="辅助账.xlsx", actor=staff().caseworker)
    finding = RdLedgerFinding.objects.get()
    return Meeting(
        page=url("cultivation:ledger", firm.pk),
        act=url("cultivation:ledger_decide", firm.pk),
        typed={
            "finding": finding.pk,
            "code": finding.code,
            "scope": "selected",
            "decision": "struck",
            "reason": "与研发无关",
        },
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: decide_findings(
            firm=firm,
            findings=[finding.pk],
            decision=LedgerDecision.COUNTED,
            reason="项目评审用",
            actor=cast.caseworker2,
        ),
        told="项目评审用",
        kept=("与研发无关", f'value="{finding.pk}"'),
        written=RdLedgerFinding,
    )


def account_of_a_firm(cast: Cast) -> Meeting:
    firm = cast.firm.firm
    bank = {"bank_name": "中国工商银行百色分行", "clearing_code": "102626160056"}
    return Meeting(
        page=url("cultivation:firm_accounts", firm.pk),
        act=url("cultivation:account_propose", firm.pk),
        typed={
            **{f"propose-{name}": value for name, value in bank.items()},
            "propose-number": "0012345678902222",
        },
        second=cast.finance,
        first=cast.caseworker,
        meanwhile=lambda: propose_account(
            firm=firm, number="0012345678901111", actor=cast.caseworker, **bank
        ),
        told="…1111",
        kept=("0012345678902222",),
        written=BankAccount,
    )


def terms_of_a_session(cast: Cast) -> Meeting:
    terms: dict[str, Any] = {
        "title": "归集培训",
        "held_on": dt.date(2019, 7, 10),
        "minutes": 240,
        "place": "三楼",
    }
    session = create_session(**terms, actor=cast.caseworker2)
    moved = {**terms, "place": "五楼"}
    return Meeting(
        page=url("cultivation:session_change", session.pk),
        act=url("cultivation:session_change", session.pk),
        typed={**terms, "minutes": "180", "title": "归集培训（二）"},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: change_session(session=session, **moved, actor=cast.caseworker2),
        told="五楼",
        kept=("归集培训（二）", 'value="180"'),
        written=TrainingSession,
    )


def figures_handed_over(cast: Cast) -> Meeting:
    ContactFactory(firm=cast.firm.firm)
    case = case_at(CaseState.POOLED, firm=cast.firm.firm)
    give_facts(case)
    return Meeting(
        page=url("cultivation:self_check", case.firm_id),
        act=url("cultivation:self_check_assess", case.firm_id),
        typed=carried(PASSING, records=state_of_records(case=case)),
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: declare_facts(case=case, facts={"employees_average": 61}, actor=cast.caseworker2),
        told=str(CaseAction.DECLARE.label),
        kept=(),
        written=SelfCheck,
    )


def stock_of_a_day(cast: Cast) -> Meeting:
    AccreditationFactory(firm=cast.firm.firm)
    return Meeting(
        page=url("cultivation:stock_records"),
        act=url("cultivation:stock_records"),
        typed={"day": "2019-03-31", "reason": "季末核对", "document": "演示办〔2019〕3号"},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: draw_up_stock(day=dt.date(2019, 3, 31), actor=cast.caseworker2),
        told="2019-03-31",
        kept=("季末核对", "演示办〔2019〕3号"),
        written=StockRecord,
    )


def target_of_a_county(cast: Cast) -> Meeting:
    target = enter_target(
        measure=TargetMeasure.STOCK,
        division=Division.objects.get(key="youjiang"),
        year=2019,
        value=16,
        source="演示科〔2019〕3号",
        actor=cast.caseworker2,
    )
    return Meeting(
        page=url("cultivation:target", target.pk),
        act=url("cultivation:target_act", target.pk, "correct"),
        typed={"value": "18", "source": "演示科〔2019〕9号", "reason": "县里来电"},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: correct_target(
            target=target, value=17, source="演示科〔2019〕3号", reason="调整", actor=cast.caseworker2
        ),
        told="16 → 17",
        kept=("演示科〔2019〕9号", "县里来电"),
        written=AnnualTarget,
    )


def correction_of_an_achievement(cast: Cast) -> Meeting:
    facts: dict[str, Any] = {
        "title": "演示平台",
        "achieved_on": dt.date(2019, 3, 1),
        "document": "演示科〔2019〕7号",
    }
    entry = record_achievement(measure=TargetMeasure.PLATFORMS, **facts, actor=staff().caseworker)
    return Meeting(
        page=url("cultivation:achievement", entry.pk),
        act=url("cultivation:achievement_act", entry.pk, "correct"),
        typed={**facts, "title": "演示平台乙", "reason": "证书名称不同"},
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: correct_achievement(
            achievement=entry, **{**facts, "title": "演示平台甲"}, reason="录错", actor=cast.caseworker2
        ),
        told="演示平台甲",
        kept=("演示平台乙", "证书名称不同"),
        written=Achievement,
    )


def tier_of_a_firm(cast: Cast) -> Meeting:
    firm = cast.firm.firm
    document: dict[str, Any] = {"tier": FirmTier.GAZELLE, "outcome": TierOutcome.RECOGNISED, "year": 2019}
    return Meeting(
        page=url("cultivation:tiers", firm.pk),
        act=url("cultivation:tier_record", firm.pk),
        typed={
            "tier": "gazelle",
            "outcome": "recognised",
            "year": "2019",
            "document_number": "桂瞪羚〔2019〕2号",
            "document_date": "2019-06-03",
            "remark": "乙录",
        },
        second=cast.caseworker,
        first=cast.caseworker2,
        meanwhile=lambda: record_tier(
            firm=firm,
            document_number="桂瞪羚〔2019〕1号",
            document_date=dt.date(2019, 6, 3),
            actor=cast.caseworker2,
            **document,
        ),
        told="桂瞪羚〔2019〕1号",
        kept=("桂瞪羚〔2019〕2号", "乙录"),
        written=TierRecord,
    )


MEETINGS = (
    report_of_a_certificate,
    correction_of_a_certificate,
    lifting_of_a_determination,
    sheet_of_an_expert,
    use_of_property,
    decision_about_a_ledger,
    account_of_a_firm,
    terms_of_a_session,
    figures_handed_over,
    stock_of_a_day,
    target_of_a_county,
    correction_of_an_achievement,
    tier_of_a_firm,
)
