"""The reconciliation report: three sides that agree, the region against the city, and rows nobody has dealt with."""

import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.api import Role
from subsidies.enums import AwardState, ReturnOutcome
from subsidies.models import Award, BankReturn, BankReturnRow, FundingLine
from subsidies.rules.reporting import explain_difference
from subsidies.selectors.regional_bridge import bridges
from subsidies.selectors.report_sides import FIGURES, line_reports
from subsidies.selectors.unmatched_rows import unmatched_rows
from subsidies.services.calculation import calculate_award
from subsidies.services.funding import adjust, carry_over, open_line
from subsidies.services.overrides import confirm_override, propose_override
from subsidies.services.recovery import open_recovery, record_repayment
from subsidies.services.return_rows import settle_return_row
from tests.factories import credit_code
from tests.subsidies.claiming import exclude, receive
from tests.subsidies.factories import (
    accreditation,
    award_at,
    funding_line,
    grant,
    import_rows,
    office,
    proposed,
    scheme_version,
)
from tests.subsidies.paying import answer, desk

PAGE = "/subsidies/reconciliation/"
UNMATCHED = "/subsidies/unmatched-rows/"
TODAY = dt.date(2019, 6, 30)


def yuan(text):
    return Decimal(text)


def cells(response, sheet=0):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return list(book.worksheets[sheet].iter_rows(values_only=True))


def plain(sql, *parameters):
    """A sum in yuan, asked of the database without any of the project's code."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return Decimal(cursor.fetchone()[0] or 0) / 100


@pytest.fixture
def worked(cast):
    """A line of 1,000,000: five awards of 10,000 to 50,000, every way a payment can go, checked by hand below.

    One is paid, one failed, one paid and returned, one paid with a recovery half paid back, one not listed.
    """
    amounts = [yuan(f"{number}0000.00") for number in range(1, 6)]
    paying = desk(cast, amounts=amounts)
    released = paying.released(paying.awards[:4])
    one, two, three, four = released.lines.order_by("number")
    paying.load(released, answer(one), answer(two, "失败", "户名不符"), answer(three), answer(four))
    paying.load(released, answer(three, "退汇", "账户注销"))
    paid = Award.objects.get(pk=paying.awards[3].pk)
    grant(paid.firm, "30000.00")
    open_recovery(award=paid, actor=cast.reviewer, reason="上级核减")
    record_repayment(award=paid, amount=yuan("4000.00"), reference="收据1", actor=cast.finance)
    adjust(
        line=paying.line, amount=yuan("-100000.00"), document_number="演示财〔2019〕2号", actor=cast.finance
    )
    return paying


class TestSides:
    def test_the_worked_example_agrees_from_every_side(self, worked):
        (report,) = line_reports(TODAY)
        # Approved: 10+20+30+40+50 thousand. Paid and kept: 10 and 40. Failed 20, returned 30, never listed 50.
        assert report.ledger == {
            "appropriated": yuan("900000.00"),
            "carried_over": yuan("0.00"),
            "opening": yuan("0.00"),
            "committed": yuan("100000.00"),
            "paid": yuan("50000.00"),
            "returned": yuan("30000.00"),
            "recovered": yuan("4000.00"),
            "available": yuan("750000.00"),
        }
        assert report.awards == {
            "committed": yuan("100000.00"),
            "listed": yuan("0.00"),
            "paid": yuan("50000.00"),
            "in_recovery": yuan("40000.00"),
            "returned": yuan("30000.00"),
        }
        assert report.lists == {
            "listed": yuan("0.00"),
            "released": yuan("100000.00"),
            "paid": yuan("50000.00"),
            "failed": yuan("20000.00"),
            "returned": yuan("30000.00"),
        }

    def test_the_figures_are_plain_sums_of_the_tables(self, worked):
        (report,) = line_reports(TODAY)
        entries = "SELECT SUM(amount * direction) FROM subsidies_ledgerentry WHERE kind = %s"
        kinds = {kind: plain(entries, kind) for kind in ("committed", "paid", "returned", "recovered")}
        assert report.ledger["committed"] == kinds["committed"] - kinds["paid"] + kinds["returned"]
        assert report.ledger["paid"] == kinds["paid"] - kinds["returned"]
        assert report.ledger["recovered"] == kinds["recovered"]
        awards = "SELECT SUM(amount) FROM subsidies_award WHERE state IN (%s, %s, %s)"
        assert report.awards["paid"] == plain(awards, "paid", "recovering", "recovered")
        lines = "SELECT SUM(amount) FROM subsidies_paymentline WHERE state = %s"
        assert report.lists["paid"] == plain(lines, "paid")
        assert report.lists["failed"] + report.lists["returned"] == plain(lines, "failed")
        guard = FundingLine.objects.get()
        assert (report.ledger["committed"], report.ledger["paid"]) == (guard.committed, guard.paid)
        assert report.ledger["available"] == guard.appropriated - guard.committed - guard.paid

    def test_a_past_day_is_told_as_it_was(self, cast):
        with clock.fixed(dt.date(2019, 6, 3)):
            paying = desk(cast, amounts=[yuan("80000.00"), yuan("50000.00")])
        with clock.fixed(dt.date(2019, 6, 10)):
            released = paying.released()
        first, second = released.lines.order_by("number")
        with clock.fixed(dt.date(2019, 6, 12)):
            paying.load(released, answer(first), answer(second))
        with clock.fixed(dt.date(2019, 6, 20)):
            paying.load(released, answer(first, "退汇", "账户注销"))
        seen = {}
        for day in (2, 3, 10, 12, 20):
            (report,) = line_reports(dt.date(2019, 6, day))
            for figure in FIGURES:
                known = {
                    side[figure] for side in (report.ledger, report.awards, report.lists) if figure in side
                }
                assert len(known) == 1, (day, figure, known)
            seen[day] = (report.awards["committed"], report.lists["listed"], report.lists["paid"])
        zero = yuan("0.00")
        assert seen == {
            2: (zero, zero, zero),
            3: (yuan("130000.00"), zero, zero),
            10: (yuan("130000.00"), yuan("130000.00"), zero),
            12: (zero, zero, yuan("130000.00")),
            20: (yuan("80000.00"), zero, yuan("50000.00")),
        }

    def test_a_cancelled_list_and_a_frozen_award_count_as_they_should(self, db):
        line = funding_line("500000.00")
        award_at(AwardState.FROZEN, amount="10000.00", line=line)
        award_at(AwardState.REVOKED, amount="20000.00", line=line)
        award_at(AwardState.LISTED, amount="40000.00", line=line)
        (report,) = line_reports(TODAY)
        assert report.ledger["committed"] == report.awards["committed"] == yuan("50000.00")
        assert report.awards["listed"] == yuan("40000.00")

    def test_money_that_is_carried_over_is_told_on_both_lines(self, cast):
        source = funding_line("100000.00", name="甲", fund="乙")
        target = open_line(name="甲", fund="乙", fiscal_year=2020, actor=cast.finance)
        carry_over(
            source=source,
            target=target,
            amount=yuan("30000.00"),
            document_number="演示财〔2020〕1号",
            actor=cast.finance,
        )
        later, before = line_reports(TODAY)
        assert (later.ledger["carried_over"], before.ledger["carried_over"]) == (
            yuan("30000.00"),
            yuan("-30000.00"),
        )
        assert before.ledger["available"] == yuan("70000.00")
        assert [report.line for report in line_reports(TODAY, 2020)] == [target]


class TestBridge:
    def test_every_difference_between_region_and_city_is_explained(self, cast):
        scheme_version(cap=yuan("100000.00"), stacking="higher", exclusions=["safety"])
        capped, stacked, cut, out, waits = (accreditation() for _number in range(5))
        awards = {certificate: proposed(certificate) for certificate in (capped, stacked, cut, out, waits)}
        none = accreditation()
        import_rows(
            (capped.firm.name, capped.firm.credit_code, "120000.00"),
            (stacked.firm.name, stacked.firm.credit_code, "80000.00"),
            (cut.firm.name, cut.firm.credit_code, "60000.00"),
            (out.firm.name, out.firm.credit_code, "40000.00"),
            (waits.firm.name, waits.firm.credit_code, "30000.00"),
            ("查无此企业", credit_code(999_999), "7000.00"),
            (none.firm.name, none.firm.credit_code, "5000.00"),
        )
        receive(awards[stacked], amount="25000.00", actor=cast.caseworker)
        exclude(out.firm, kind="safety", actor=cast.caseworker)
        for certificate in (capped, stacked, cut):
            calculate_award(award=awards[certificate], actor=office().caseworker)
        (bridge,) = bridges(TODAY)
        assert dict(bridge.reasons) == {
            "cap": yuan("20000.00"),
            "stacking": yuan("25000.00"),
            "exclusion": yuan("40000.00"),
            "waiting": yuan("30000.00"),
            "not_proposed": yuan("5000.00"),
            "unknown_firm": yuan("7000.00"),
        }
        assert (bridge.total, bridge.matched, bridge.calculated) == (
            yuan("342000.00"),
            yuan("335000.00"),
            yuan("215000.00"),
        )
        assert bridge.unexplained == 0

    def test_a_correction_counts_with_the_document_that_stands(self, worked):
        original, correction = bridges(TODAY)
        assert original.reasons == {"corrected": yuan("40000.00")}
        assert correction.reasons == {"later_document": yuan("-10000.00")}
        assert (original.calculated, correction.calculated) == (yuan("110000.00"), yuan("40000.00"))
        assert (original.paid, correction.paid) == (yuan("10000.00"), yuan("40000.00"))
        assert original.unexplained == correction.unexplained == 0

    def test_an_amount_set_by_hand_is_named(self, cast):
        award = award_at(AwardState.CALCULATED, amount="80000.00")
        override = propose_override(
            award=award,
            amount=yuan("70000.00"),
            reason="核减",
            document_number="演示科〔2019〕9号",
            actor=cast.caseworker,
        )
        confirm_override(override=override, actor=cast.reviewer)
        (bridge,) = bridges(TODAY)
        assert bridge.reasons == {"override": yuan("10000.00")}
        assert bridge.unexplained == 0

    @pytest.mark.parametrize(
        ("granted", "amount", "scheme", "expected"),
        [
            ("100.01", "50.01", {"ratio_numerator": 1, "ratio_denominator": 2}, {"ratio": "50.00"}),
            ("100.00", "60.00", {"cap": "60.00"}, {"cap": "40.00"}),
            ("90.00", "100.00", {}, {"later_document": "-10.00"}),
            ("100.00", "100.00", {}, {}),
        ],
    )
    def test_the_steps_add_up(self, granted, amount, scheme, expected):
        based_on = "100.00" if granted == "90.00" else granted
        inputs = {
            "certificate": {"number": "", "issued_on": "", "document_number": "", "document_date": ""},
            "regional_award": {
                **dict.fromkeys(("document_number", "document_date", "row", "firm_name", "credit_code"), ""),
                "amount": based_on,
            },
            "scheme": {"ratio_numerator": 1, "ratio_denominator": 1, "cap": None, **scheme},
        }
        found = explain_difference(yuan(granted), yuan(amount), inputs)
        assert found == {reason: yuan(part) for reason, part in expected.items()}
        assert yuan(granted) - sum(found.values()) == yuan(amount)


class TestPage:
    def test_says_that_everything_agrees(self, client, cast, worked):
        client.force_login(cast.auditor)
        page = client.get(PAGE)
        assert page.status_code == 200
        assert page.context["differences"] == 0
        assert "≠" not in page.content.decode()

    def test_marks_what_does_not(self, client, cast):
        # Paid without any line of a list: the ledger and the awards say so, the lists do not.
        award_at(AwardState.PAID, amount="30000.00", line=funding_line("100000.00"))
        client.force_login(cast.auditor)
        page = client.get(PAGE)
        assert page.context["differences"] == 1
        assert "≠ 30,000.00" in page.content.decode()

    def test_every_figure_leads_to_records_that_come_to_it(self, client, cast, worked):
        client.force_login(cast.reviewer)
        text = client.get(PAGE).content.decode()
        links = set(re.findall(r'href="(/subsidies/reconciliation/\d+/[a-z_/]+\?on=[\d-]+)"', text))
        assert len(links) == 8 + 5 + 5
        of_lists = set(re.findall(r'href="(/subsidies/reconciliation/[^"]+&amp;list=[^"]+)"', text))
        assert len(of_lists) == 5
        links |= {link.replace("&amp;", "&") for link in of_lists}
        for link in links:
            page = client.get(link)
            assert sum((row.amount for row in page.context["rows"]), yuan("0.00")) == page.context["total"], (
                link
            )
            (export,) = re.findall(r'href="(/documents/exports/[^"]+)"', page.content.decode())
            rows = cells(client.get(export.replace("&amp;", "&")))
            total = sum((Decimal(str(row[-1])) for row in rows[1:]), Decimal(0))
            assert total == page.context["total"]

    def test_a_figure_that_a_side_does_not_know_has_no_page(self, client, cast, worked):
        client.force_login(cast.finance)
        for side, figure in (("awards", "available"), ("lists", "recovered"), ("nobody", "paid")):
            assert client.get(f"{PAGE}{worked.line.pk}/{side}/{figure}/").status_code == 404
            asked = {"line": worked.line.pk, "side": side, "figure": figure}
            assert client.get(reverse("documents:export", args=["figure-entries"]), asked).status_code == 404

    def test_the_workbook_says_the_same(self, client, cast, worked):
        client.force_login(cast.finance)
        response = client.get(PAGE + "report.xlsx", {"on": "2019-06-30", "year": "2019"})
        lines = cells(response)[1:]
        assert len(lines) == len(FIGURES)
        assert [row[4:] for row in lines][3] == (100000, 100000, None, 0)
        assert cells(response, 1)[1][3] == 100000
        documents = cells(response, 2)
        assert (documents[1][2], documents[1][6]) == (150000, 110000)
        assert cells(client.get(PAGE + "report.xlsx", {"year": "2001"}))[1:] == []
        assert client.get(PAGE + "report.xlsx", {"on": "soon", "year": "x"}).status_code == 200

    def test_asks_no_more_for_many_than_for_few(self, client, cast, worked):
        client.force_login(cast.finance)
        with CaptureQueriesContext(connection) as few:
            client.get(PAGE)
        for _number in range(3):
            award_at(AwardState.APPROVED, line=funding_line())
        with CaptureQueriesContext(connection) as many:
            client.get(PAGE)
        assert len(many) == len(few) > 0


class TestUnmatchedRows:
    @pytest.fixture
    def row(self, worked):
        payment_list = worked.draft(worked.awards[4:]).__class__.objects.order_by("pk").first()
        worked.load(payment_list, ("99", "6222000000000000000", "1.00", "成功", None))
        return BankReturnRow.objects.get(outcome=ReturnOutcome.UNMATCHED)

    def test_stays_listed_until_finance_has_dealt_with_it(self, client, cast, row):
        client.force_login(cast.finance)
        assert client.get(PAGE).context["unmatched"] == [row]
        settle = reverse("subsidies:unmatched_settle", kwargs={"pk": row.pk})
        assert client.post(settle, {f"{row.pk}-note": " "}).status_code == 422
        assert client.post(settle, {f"{row.pk}-note": "银行误列，已书面更正"}).status_code == 302
        assert client.get(PAGE).context["unmatched"] == []
        assert client.get(UNMATCHED).context["rows"] == []
        (shown,) = client.get(UNMATCHED, {"shown": "settled"}).context["rows"]
        assert shown[0].settlement.note == "银行误列，已书面更正"
        assert client.post(settle, {f"{row.pk}-note": "又一次"}).status_code == 409
        file = reverse("documents:export", args=["unmatched-rows"])
        assert cells(client.get(file))[1:] == []
        assert cells(client.get(file, {"shown": "all"}))[1][-1] == "银行误列，已书面更正"

    def test_the_report_of_a_past_day_still_lists_it(self, cast, row):
        settle_return_row(row=row, note="已查", actor=cast.finance)
        before = row.bank_return.loaded_at + dt.timedelta(microseconds=1)
        assert list(unmatched_rows(settled=False, before=before)) == [row]
        assert not unmatched_rows(settled=False).exists()

    def test_other_rows_and_other_people_are_refused(self, client, cast, row):
        paid = BankReturnRow.objects.filter(outcome=ReturnOutcome.PAID).first()
        with pytest.raises(Refused) as refusal:
            settle_return_row(row=paid, note="x", actor=cast.finance)
        assert refusal.value.code == "not_unmatched"
        with pytest.raises(Refused) as refusal:
            settle_return_row(row=row, note="  ", actor=cast.finance)
        assert refusal.value.code == "note_missing"
        for person in (cast.reviewer, cast.caseworker, cast.auditor):
            with pytest.raises(NotAllowed):
                settle_return_row(row=row, note="x", actor=person)
        client.force_login(cast.auditor)
        settle = reverse("subsidies:unmatched_settle", kwargs={"pk": row.pk})
        assert client.post(settle, {f"{row.pk}-note": "x"}).status_code == 403
        assert cast.auditor.has_role(Role.AUDITOR)

    def test_the_banks_file_is_finances_alone(self, client, cast, row):
        source = reverse("subsidies:return_source", kwargs={"pk": row.bank_return_id})
        client.force_login(cast.finance)
        sent = client.get(source)
        assert sent.content.startswith(b"PK")
        client.force_login(cast.auditor)
        assert client.get(source).status_code == 403
        stored = BankReturn.objects.get(pk=row.bank_return_id).source_file.file
        with stored.storage.open(stored.name, "wb") as file:
            file.write(b"other")
        client.force_login(cast.finance)
        assert client.get(source).status_code == 409
