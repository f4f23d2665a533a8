"""The finance office's pages of funds: any day's balances, the entries behind them, and what is booked."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subsidies.enums import AwardState, EntryKind
from subsidies.models import FundingLine, LedgerEntry
from tests.overtaking import from_page
from tests.subsidies.factories import award_at, funding_line

LINES = "/subsidies/funding/"


@pytest.fixture
def line(db) -> FundingLine:
    line = funding_line("100000.00", name="甲")
    award_at(AwardState.PAID, amount="30000.00", line=line)
    award_at(AwardState.APPROVED, amount="20000.00", line=line)
    line.refresh_from_db()
    return line


def page(line) -> str:
    return reverse("subsidies:funding_line", kwargs={"pk": line.pk})


def act(line, action) -> str:
    return reverse("subsidies:funding_act", kwargs={"pk": line.pk, "action": action})


class TestLines:
    def test_show_the_figures_of_the_day(self, client, cast, line):
        client.force_login(cast.auditor)
        figures = client.get(LINES).context["total"]
        assert (figures.appropriated, figures.committed, figures.paid, figures.available) == (
            Decimal("100000.00"),
            Decimal("20000.00"),
            Decimal("30000.00"),
            Decimal("50000.00"),
        )
        before = client.get(LINES, {"on": "2018-12-31"}).context["total"]
        assert before.appropriated == Decimal("0.00")
        assert client.get(LINES, {"on": "soon"}).status_code == 200

    def test_ask_no_more_for_many_lines_than_for_one(self, client, cast, line):
        client.force_login(cast.finance)
        with CaptureQueriesContext(connection) as one:
            client.get(LINES)
        for number in range(4):
            funding_line(name=f"乙{number}")
        with CaptureQueriesContext(connection) as many:
            client.get(LINES)
        assert len(many) == len(one) > 0

    def test_finance_opens_one_with_its_subject_codes(self, client, cast):
        client.force_login(cast.finance)
        answers = {
            "fund": "演示市技术创新引导专项资金",
            "name": "丙",
            "fiscal_year": 2020,
            "subjects": "功能科目：演示码1\n政府经济科目: 演示码2",
            "subjects_source": "演示财〔2020〕1号",
        }
        assert client.post(LINES, answers).status_code == 302
        opened = FundingLine.objects.get(name="丙")
        assert opened.subjects == {"功能科目": "演示码1", "政府经济科目": "演示码2"}
        assert client.post(LINES, answers).status_code == 409

    def test_faults_stand_beside_their_field_and_nothing_typed_is_lost(self, client, cast):
        client.force_login(cast.finance)
        answer = client.post(LINES, {"fund": "某资金", "name": "", "fiscal_year": 2020, "subjects": "乱写"})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"name", "subjects"}
        assert "某资金" in answer.content.decode()
        assert not FundingLine.objects.exists()

    def test_nobody_else_opens_one(self, client, cast):
        client.force_login(cast.reviewer)
        assert client.post(LINES, {"fund": "a", "name": "b", "fiscal_year": 2020}).status_code == 403


class TestLine:
    def test_every_figure_leads_to_its_entries(self, client, cast, line):
        client.force_login(cast.caseworker)
        for figure, kinds in (
            ("appropriated", {EntryKind.APPROPRIATED}),
            ("committed", {EntryKind.COMMITTED, EntryKind.PAID}),
            ("paid", {EntryKind.PAID}),
        ):
            answer = client.get(page(line), {"figure": figure})
            assert {entry.kind for entry in answer.context["entries"]} == kinds
            signed = {
                "appropriated": lambda entry: entry.amount,
                "committed": lambda entry: entry.amount * (1 if entry.kind == EntryKind.COMMITTED else -1),
                "paid": lambda entry: entry.amount,
            }[figure]
            total = sum(signed(entry) for entry in answer.context["entries"])
            assert total == getattr(answer.context["figures"], figure)

    def test_finance_appropriates_adjusts_and_carries_over(self, client, cast, line):
        funding_line("0", name="甲", fiscal_year=2020)
        target = FundingLine.objects.get(fiscal_year=2020)
        client.force_login(cast.finance)
        for action, answers in (
            ("appropriate", {"amount": "5000.00", "document_number": "演示财〔2019〕90号"}),
            ("adjust", {"amount": "-1000.00", "document_number": "演示财〔2019〕91号"}),
            (
                "carry-over",
                {"amount": "54000.00", "document_number": "演示财〔2020〕2号", "target": target.pk},
            ),
        ):
            data = {f"{action}-{name}": value for name, value in answers.items()}
            assert client.post(act(line, action), from_page(client, page(line), **data)).status_code == 302
        line.refresh_from_db()
        target.refresh_from_db()
        assert (line.appropriated, target.appropriated) == (Decimal("50000.00"), Decimal("54000.00"))

    def test_what_is_not_there_is_refused_and_nothing_typed_is_lost(self, client, cast, line):
        client.force_login(cast.finance)
        data = {"adjust-amount": "-50000.01", "adjust-document_number": "演示财〔2019〕91号"}
        answer = client.post(act(line, "adjust"), from_page(client, page(line), **data))
        assert answer.status_code == 409
        assert "演示财〔2019〕91号" in answer.content.decode()
        assert (
            client.post(
                act(line, "adjust"), from_page(client, page(line), **{"adjust-amount": "1.001"})
            ).status_code
            == 422
        )
        assert client.post(act(line, "steal"), from_page(client, page(line))).status_code == 404
        assert LedgerEntry.objects.filter(kind=EntryKind.ADJUSTED).count() == 0

    def test_only_finance_books(self, client, cast, line):
        client.force_login(cast.reviewer)
        data = {"appropriate-amount": "1.00", "appropriate-document_number": "x"}
        assert client.post(act(line, "appropriate"), from_page(client, page(line), **data)).status_code == 403
        assert client.get(page(line)).context["acts"] == []

    def test_the_entries_come_as_a_workbook(self, client, cast, line):
        client.force_login(cast.auditor)
        asked = {"line": line.pk, "on": "2019-06-30"}
        answer = client.get(reverse("documents:export", args=["funding-entries"]), asked)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert len(rows) == LedgerEntry.objects.filter(line=line).count()
        assert rows[0][2] == 100000

    def test_goes_on_by_key(self, client, cast, line, monkeypatch):
        client.force_login(cast.auditor)
        first = client.get(page(line)).context["entries"]
        rest = client.get(page(line), {"after": first[0].pk}).context["entries"]
        assert [entry.pk for entry in rest] == [entry.pk for entry in first[1:]]
