"""What a dossier tells: everything that is recorded of a firm, to the last message, in its place in the index."""

import datetime as dt
import io
from decimal import Decimal

import pikepdf
import pytest

from cultivation.enums import CaseState, MessageKind
from cultivation.models import CultivationCase, Firm
from cultivation.services.accounts import confirm_account, propose_account, reject_account
from cultivation.services.expert_sheets import record_expert_sheet, withdraw_expert_sheet
from cultivation.services.messages import write_message
from cultivation.services.rd_ledger import import_ledger
from cultivation.services.self_checks import save_self_check
from cultivation.services.training import strike_attendance
from cultivation.views.dossiers import CasesOfFirm
from documents.api import Section
from subsidies.enums import AwardState
from subsidies.services import objections
from subsidies.views.dossiers import AwardsOfFirm
from tests.cultivation import self_checks
from tests.cultivation.ledgers import cells, ledger_book
from tests.cultivation.sheets import finance_sheet, technical_sheet
from tests.factories import ContactFactory, case_at, give_facts, train
from tests.people import Cast
from tests.subsidies.claiming import exclude, receive
from tests.subsidies.factories import award_at
from tests.test_dossiers import bookmarks, made, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> CultivationCase:
    """A case in the pool with a submission, messages, sheets, training and a ledger."""
    firm = cast.firm.firm
    ContactFactory(firm=firm)
    case = case_at(CaseState.POOLED, firm=firm)
    give_facts(case)
    write_message(case=case, kind=MessageKind.TO_FIRM, text="请尽快补充审计报告", actor=cast.caseworker)
    write_message(case=case, kind=MessageKind.FROM_FIRM, text="本周内补齐", actor=cast.firm)
    write_message(case=case, kind=MessageKind.NOTE, text="疑似关联交易", actor=cast.reviewer)
    record_expert_sheet(case=case, sheet=finance_sheet("财务专家甲"), actor=cast.caseworker)
    sheet = record_expert_sheet(case=case, sheet=technical_sheet("技术专家乙"), actor=cast.caseworker)
    withdraw_expert_sheet(sheet=sheet, reason="专家应当回避", actor=cast.caseworker)
    book = ledger_book(
        cells(摘要="试制坩埚", 金额="1234.50"),
        cells(摘要="员工聚餐", 凭证日期="2017-01-03", 凭证号="记-0002"),
    )
    import_ledger(firm=firm, content=book, original_name="辅助账.xlsx", actor=cast.firm)
    session = train(case)
    strike_attendance(attendance=session.attendances.get(), reason="代签", actor=cast.caseworker)
    return case


@pytest.fixture
def firm(cast: Cast, case: CultivationCase) -> Firm:
    """The firm of the case with accounts, self-checks, an award and what bears on it."""
    firm = case.firm
    firm.address = "中山路1号"
    firm.save()
    branch = {"firm": firm, "bank_name": "演示银行", "clearing_code": "102626160056"}
    wrong = propose_account(**branch, number="6222000000011111", actor=cast.firm)
    reject_account(account=wrong, reason="账号与开户许可证不符", actor=cast.finance)
    confirm_account(
        account=propose_account(**branch, number="6222000000022222", actor=cast.firm), actor=cast.finance
    )
    save_self_check(firm=firm, facts=self_checks.facts(), actor=cast.firm)
    award = award_at(AwardState.DISCLOSED, firm=firm)
    objections.record_objection(
        award=award,
        raised_by="赵演示",
        raised_on=dt.date(2019, 6, 28),
        text="该企业已停产",
        actor=cast.reviewer,
    )
    exclude(firm)
    receive(award)
    return firm


def sections(cast: Cast, subject: str, pk: int) -> dict[str, Section]:
    found = [
        *CasesOfFirm().sections(subject, pk, reader=cast.auditor),
        *AwardsOfFirm().sections(subject, pk, reader=cast.auditor),
    ]
    assert len({section.title for section in found}) == len(found)
    return {section.title: section for section in found}


def words(section: Section) -> str:
    return "\n".join(" ".join(row) for row in [section.headers, *section.rows])


class TestCase:
    def test_messages_of_both_sides_and_the_notes_of_the_bureau(
        self, cast: Cast, case: CultivationCase
    ) -> None:
        told = words(sections(cast, "case", case.pk)[f"{case.number} 消息"])
        assert [word in told for word in ("请尽快补充审计报告", "本周内补齐", "疑似关联交易")] == [True] * 3

    def test_every_submission_under_its_acceptance_number(self, cast: Cast, case: CultivationCase) -> None:
        told = sections(cast, "case", case.pk)[f"{case.number} 提交记录"]
        assert [row[0] for row in told.rows] == [acceptance.number for acceptance in case.acceptances.all()]

    def test_the_experts_points_item_by_item_and_why_a_sheet_was_withdrawn(
        self, cast: Cast, case: CultivationCase
    ) -> None:
        standing, withdrawn = sections(cast, "case", case.pk)[f"{case.number} 专家评分表"].rows
        assert standing[0].startswith("财务专家甲")
        assert standing[1] == "净资产增长率 5；销售收入增长率 6"
        assert standing[2].endswith(" 11")
        assert "专家应当回避" in withdrawn[4]

    def test_the_ledger_by_year_and_line_by_line(self, cast: Cast, case: CultivationCase) -> None:
        found = sections(cast, "case", case.pk)
        summary = {row[0]: row[1:] for row in found["研发辅助账分年度（元）"].rows}
        assert summary["直接投入费用"] == ["1,234.50"]
        first, second = found["研发辅助账第1至2行"].rows
        assert {"试制坩埚", "1,234.50", "RD01"} <= set(first)
        assert "不计入" in second[-1]

    def test_training_with_what_was_struck_out(self, cast: Cast, case: CultivationCase) -> None:
        assert "代签" in words(sections(cast, "case", case.pk)["培训"])

    def test_nothing_recorded_is_said_as_such(self, cast: Cast) -> None:
        bare = case_at(CaseState.DRAFT)
        found = sections(cast, "case", bare.pk)
        for title in ("研发辅助账分年度（元）", f"{bare.number} 专家评分表", f"{bare.number} 消息"):
            assert not found[title].rows


class TestFirm:
    def test_accounts_with_who_proposed_and_decided_masked(self, cast: Cast, firm: Firm) -> None:
        told = words(sections(cast, "firm", firm.pk)["银行账户及其变更"])
        assert "账号与开户许可证不符" in told
        assert "…2222" in told
        assert "6222000000022222" not in told

    def test_self_checks_condition_by_condition(self, cast: Cast, firm: Firm) -> None:
        found = sections(cast, "firm", firm.pk)["自评"].rows
        assert "科技人员占比" in {row[1] for row in found}
        assert all(row[0].endswith("firm") for row in found)

    def test_changes_of_the_record(self, cast: Cast, firm: Firm) -> None:
        assert "中山路1号" in words(sections(cast, "firm", firm.pk)["登记信息的变更"])

    def test_the_award_with_objection_and_what_bears_on_it(self, cast: Cast, firm: Firm) -> None:
        award, found = firm.awards.get(), sections(cast, "firm", firm.pk)
        assert "该企业已停产" in words(found[f"{award.number} 异议"])
        assert "80,000.00" in words(found[f"{award.number} 金额"])
        assert "演示环罚〔2019〕3号" in words(found["不予奖补情形"])
        assert f"{Decimal(30000):,.2f}" in words(found["其他来源资金和以往奖补"])

    def test_every_section_is_in_the_pdf_where_the_index_says(self, cast: Cast, firm: Firm) -> None:
        content = made(cast, "firm", firm.pk, "pdf")
        with pikepdf.open(io.BytesIO(content)) as whole:
            marks = dict(bookmarks(whole))
        pages = ["".join(page.split()) for page in text_of(content).split("\f")]
        index = "".join(pages[: min(page for page in marks.values() if page > 1) - 1])
        for title, section in sections(cast, "firm", firm.pk).items():
            page = pages[marks[title] - 1]
            assert title.replace(" ", "") in index
            assert page.startswith(title.replace(" ", ""))
            assert all(row[0].replace(" ", "") in page for row in section.rows[:1])
