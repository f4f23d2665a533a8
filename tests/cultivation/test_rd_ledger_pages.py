"""The page of a firm's R&D ledger: who sees it, what it shows, what can be done there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.common.workbooks import mark_sheets
from cultivation.models import ExpenseYear, RdLedgerFinding
from cultivation.services.rd_ledger import import_ledger
from cultivation.workbooks import read_ledger_workbook
from tests.cultivation.ledgers import book, cells, ledger_book, table
from tests.factories import ExpenseYearFactory, FirmFactory, staff
from tests.overtaking import from_page

pytestmark = pytest.mark.django_db

LINES = (
    cells(),
    cells(凭证号="2", 摘要="业务招待费", 费用类别="其他费用", 金额=30),
    cells(凭证号="3", 金额=-20),
    cells(凭证号="4", 费用类别="管理费用", 金额=7),
    cells(凭证号="5", 项目编号="RD02", 费用类别="委托境外研发费用", 金额=50, 发票号="778899"),
)

HAND_IN = "/documents/imports/rd-ledger/?firm="


def url(name: str, firm) -> str:
    return reverse(f"cultivation:{name}", args=[firm.pk])


def take_over(firm, *lines, **sheets):
    content = ledger_book(*(lines or LINES), **sheets)
    return import_ledger(firm=firm, content=content, original_name="辅助账.xlsx", actor=staff().caseworker)


def show(client, firm, **query):
    answer = client.get(url("ledger", firm), query)
    assert answer.status_code == 200
    return answer


class TestReading:
    def test_a_firm_without_a_ledger_is_asked_for_one(self, browse, cast) -> None:
        answer = show(browse(cast.firm), cast.firm.firm)
        assert answer.context["page"] is None
        assert HAND_IN in answer.content.decode()

    @pytest.mark.parametrize("name", ["firm", "county", "caseworker", "reviewer", "finance", "auditor"])
    def test_those_who_see_the_firm_see_its_ledger(self, browse, cast, name) -> None:
        firm = cast.firm.firm
        take_over(firm)
        text = show(browse(getattr(cast, name)), firm).content.decode()
        assert ('name="decision"' in text) == (name == "caseworker")
        assert (HAND_IN in text) == (name in ("firm", "caseworker"))
        assert (url("ledger_adopt", firm) in text) == (name in ("firm", "caseworker"))

    @pytest.mark.parametrize("name", ["ledger", "ledger_tables"])
    def test_another_firms_does_not_exist_for_a_firm(self, browse, cast, name) -> None:
        other = FirmFactory()
        take_over(other)
        assert browse(cast.firm).get(url(name, other)).status_code == 404
        assert browse(cast.administrator).get(url(name, other)).status_code == 403

    def test_a_year_shows_totals_both_readings_and_the_domestic_share(self, browse, cast) -> None:
        firm = cast.firm.firm
        take_over(firm, **{"2016年结构明细表": table(2016, RD01={"直接投入费用": 90})})
        year = show(browse(cast.auditor), firm).context["years"][0]
        assert [(row.code, row.total) for row, _amounts in year.rows] == [("RD01", 110), ("RD02", 50)]
        assert (year.total, year.left_out) == (160, 7)
        # 80 of direct input bear 20 of other expenses; abroad 50 count as 40.
        assert [reading["total"] for reading in year.readings] == ["140.00", "150.00"]
        assert year.readings[0]["share"] == "71.428571%"
        (_title, stated, differences), (_title2, recorded, _none) = year.reconciliations
        assert (stated, recorded) == (True, False)
        assert {(row["project"], str(row["amount"])) for row in differences} == {
            ("RD01", "10.00"),
            ("RD01", "-30.00"),
            ("RD02", "-50.00"),
        }

    def test_totals_without_lines_are_said_to_be_such(self, browse, cast) -> None:
        firm = cast.firm.firm
        content = book({"2018年结构明细表": table(2018, RD01={"直接投入费用": 100})})
        import_ledger(firm=firm, content=content, original_name="a.xlsx", actor=staff().caseworker)
        answer = show(browse(cast.caseworker), firm)
        assert answer.context["page"].lines == 0
        assert not answer.context["years"][0].from_lines
        assert browse(cast.caseworker).get(url("ledger_tables", firm)).status_code == 404

    def test_findings_come_in_groups_and_pages(self, browse, cast) -> None:
        firm = cast.firm.firm
        take_over(firm, *(cells(凭证号=str(n), 金额=-1) for n in range(60)), *LINES)
        client = browse(cast.caseworker)
        page = show(client, firm, code="negative").context["page"]
        assert {group.code.value: group.count for group in page.groups} == {"out_of_scope": 2, "negative": 61}
        assert (len(page.findings), page.group.waiting) == (50, 61)
        rest = show(client, firm, code="negative", after=page.next).context["page"]
        assert (len(rest.findings), rest.next) == (11, None)
        for query in ({"code": "x"}, {"after": "x"}, {"after": "9" * 30}):
            assert show(client, firm, **query).context["page"].code == "out_of_scope"

    def test_only_the_office_learns_which_firm_has_the_same_invoice(self, browse, cast) -> None:
        other = FirmFactory(name="演示另一家有限公司")
        take_over(other)
        take_over(cast.firm.firm)
        for name, told in (("caseworker", True), ("firm", False)):
            text = show(browse(getattr(cast, name)), cast.firm.firm, code="duplicate_firm").content.decode()
            assert ("演示另一家有限公司" in text) is told

    def test_queries_do_not_grow_with_the_lines(self, browse, cast) -> None:
        firm, client = cast.firm.firm, browse(cast.caseworker)
        counts = []
        for times in (1, 12):
            lines = [
                cells(凭证号=f"{n}-{k}", 金额=-1, 项目编号=code)
                for n in range(times)
                for k, code in enumerate(("RD01", "RD02"))
            ]
            take_over(firm, *LINES, *lines)
            client.get(url("ledger", firm))
            with CaptureQueriesContext(connection) as queries:
                show(client, firm, code="negative")
            counts.append(len(queries))
        assert counts[0] == counts[1] < 25


class TestDeciding:
    def decide(self, client, firm, **fields):
        given = {
            "decision": "struck",
            "reason": "与研发无关",
            "code": "negative",
            "scope": "selected",
        } | fields
        return client.post(url("ledger_decide", firm), from_page(client, url("ledger", firm), **given))

    def test_ticked_findings_or_all_that_wait(self, browse, cast) -> None:
        client, firm = browse(cast.caseworker), cast.firm.firm
        take_over(firm)
        finding = RdLedgerFinding.objects.get(code="negative")
        answer = self.decide(client, firm, finding=finding.pk)
        assert answer["Location"].endswith("?code=negative#findings")
        assert self.decide(client, firm, code="out_of_scope", scope="all").status_code == 302
        assert RdLedgerFinding.objects.filter(decision="struck").count() == 2

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({}, 422),
            ({"finding": "x"}, 422),
            ({"finding": "1", "reason": ""}, 422),
            ({"finding": "1", "decision": "maybe"}, 422),
            ({"finding": "99999999"}, 409),
            ({"scope": "all", "code": "building"}, 409),
        ],
    )
    def test_what_does_not_fit_is_said_on_the_page(self, browse, cast, fields, status) -> None:
        firm = cast.firm.firm
        take_over(firm)
        answer = self.decide(browse(cast.caseworker), firm, **fields)
        assert answer.status_code == status
        assert answer.context["decision"].errors
        assert not RdLedgerFinding.objects.exclude(decision="").exists()

    def test_is_the_caseworkers(self, browse, cast) -> None:
        firm = cast.firm.firm
        take_over(firm)
        for name in ("firm", "county", "reviewer", "finance", "auditor"):
            assert self.decide(browse(getattr(cast, name)), firm, finding=1).status_code == 403
        assert self.decide(browse(cast.caseworker), firm).status_code == 422


class TestAdopting:
    def test_the_page_says_what_it_will_do_and_does_it(self, browse, cast) -> None:
        client, firm = browse(cast.caseworker), cast.firm.firm
        take_over(firm)
        page = url("ledger", firm)
        assert client.post(url("ledger_adopt", firm), from_page(client, page)).status_code == 409
        ExpenseYearFactory(firm=firm, year=2016)
        (year,) = show(client, firm).context["page"].to_adopt
        assert (year.recorded, year.total) == (800_000, 160)
        assert client.post(url("ledger_adopt", firm), from_page(client, page)).status_code == 302
        assert ExpenseYear.objects.get().outsourced_foreign == 50
        assert show(client, firm).context["page"].to_adopt == []


class TestFiles:
    def test_the_tables_hold_what_counts_and_can_be_read_back(self, browse, cast) -> None:
        firm = cast.firm.firm
        take_over(firm)
        answer = browse(cast.county).get(url("ledger_tables", firm))
        found = read_ledger_workbook(answer.content, first_year=2015, last_year=2018)
        assert sum(amount for *_place, amount in found.stated) == 160
        assert mark_sheets(answer.content, [])
