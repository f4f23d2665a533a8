"""The pages of the self-check, one class a view."""

import datetime as dt
import io
import json
import subprocess

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cultivation.enums import CaseState, Verdict
from cultivation.models import SelfCheck
from cultivation.rules.findings import Code
from cultivation.rules.self_check import judge
from cultivation.services.self_checks import save_self_check
from cultivation.views.presenting import FINDING_LABELS
from cultivation.workbooks.self_check import write_self_check_template
from tests.cultivation.pages import own_case
from tests.cultivation.rules.sample import PASSING
from tests.cultivation.self_checks import FAILING, facts, sent, text_of, url
from tests.factories import FirmFactory, division, give_facts


@pytest.fixture(autouse=True)
def _today(clock):
    clock(dt.date(2019, 6, 30))


def statuses(answer):
    return {row.code: row.status for row in answer.context["report"].findings}


class TestEntering:
    def check(self, client, firm, figures, **changes):
        return client.post(url("", firm), sent(figures, **changes))

    def test_the_form_is_filled_from_the_records(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        give_facts(case)
        figures = browse(cast.firm).get(url("", case.firm)).context["sheet"].figures
        assert figures["y2018_sales"].value() == "14,400,000.00"
        assert figures["technical_average"].value() == "15"
        assert figures["registered_on"].value() == "2015-03-01"
        assert (figures["field_first"].value(), figures["field_rest"].value()) == ("四", "（一）1")

    def test_the_findings_come_on_top_and_nothing_is_kept(self, browse, cast):
        answer = self.check(browse(cast.firm), cast.firm.firm, facts())
        assert answer.status_code == 200
        assert statuses(answer)[Code.RD_INTENSITY] == Verdict.PASS
        for label in FINDING_LABELS.values():
            assert label in text_of(answer)
        assert not SelfCheck.objects.exists()

    def test_the_judgement_is_that_of_assess(self, browse, cast):
        answer = self.check(browse(cast.firm), cast.firm.firm, FAILING)
        expected = judge(answer.context["figures"].facts).result
        hidden = {Code.INNOVATION_SCORE}
        assert {code: status for code, status in statuses(answer).items() if code not in hidden} == {
            finding.code: finding.status for finding in expected.findings if finding.code not in hidden
        }

    def test_a_missing_figure_is_named_with_a_link_to_its_field(self, browse, cast):
        answer = self.check(browse(cast.firm), cast.firm.firm, facts(), y2018_other="")
        row = next(row for row in answer.context["report"].findings if row.code == Code.RD_INTENSITY)
        assert row.status == Verdict.MANUAL
        assert [piece.field for piece in row.words if piece.field] == ["id_y2018_other"]
        assert 'href="#id_y2018_other"' in text_of(answer)
        assert 'id="id_y2018_other"' in text_of(answer)
        assert "years[" not in text_of(answer).replace("&quot;", "")

    def test_what_cannot_be_read_comes_back_as_it_was_typed(self, browse, cast):
        answer = self.check(browse(cast.firm), cast.firm.firm, facts(), y2018_sales="１２x", y2017_other="-5")
        assert answer.status_code == 422
        assert answer.context["report"] is None
        for typed in ('value="１２x"', 'value="-5"', 'href="#id_y2018_sales"', 'id="id_y2018_sales_error"'):
            assert typed in text_of(answer)

    def test_rows_units_and_years_are_changed_without_judging(self, browse, cast):
        client, firm = browse(cast.firm), cast.firm.firm
        more = self.check(client, firm, facts(), act="ip")
        assert len(more.context["sheet"].properties.forms) == 2
        assert len(self.check(client, firm, facts(), act="incidents").context["sheet"].incidents.forms) == 1
        wan = self.check(client, firm, facts(), act="unit")
        assert wan.context["sheet"].figures["y2018_sales"].value() == "1,440"
        later = self.check(client, firm, facts(), filed_on="2020-04-01")
        assert later.context["sheet"].figures.years == (2017, 2018, 2019)
        assert {answer.status_code for answer in (more, wan, later)} == {200}
        assert all(answer.context["report"] is None for answer in (more, wan, later))

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"filing_year": "abc", "unit": "gold", "carried": "{", "act": "explode"},
            {"filing_year": "9" * 50, "carried": '{"expert_scores": 5}'},
            {"ip-TOTAL_FORMS": "-1", "ip-INITIAL_FORMS": "x", "incidents-TOTAL_FORMS": "99999999"},
        ],
    )
    def test_a_mangled_form_is_no_error_of_the_program(self, browse, cast, data):
        for act in ("check", "unit", "ip", "incidents"):
            answer = browse(cast.firm).post(url("", cast.firm.firm), {"act": act, **data})
            assert answer.status_code in (200, 422)

    def test_a_saved_one_can_be_taken_up_again(self, browse, cast):
        firm = cast.firm.firm
        check = save_self_check(firm=firm, facts=FAILING, actor=cast.firm)
        answer = browse(cast.firm).get(url("", firm), {"from": check.pk})
        assert answer.context["sheet"].figures["technical_average"].value() == "3"
        for other in ("x", "9" * 30, "-1", "999"):
            assert browse(cast.firm).get(url("", firm), {"from": other}).status_code == 200

    def test_readers_see_what_was_saved_and_enter_nothing(self, browse, cast):
        firm = cast.firm.firm
        save_self_check(firm=firm, facts=facts(), actor=cast.firm)
        for reader in (cast.county, cast.reviewer, cast.finance, cast.auditor):
            answer = browse(reader).get(url("", firm))
            assert answer.context["sheet"] is None
            assert [row.who for row in answer.context["saved"]] == ["firm"]
            assert browse(reader).post(url("", firm), sent(facts())).status_code == 403

    def test_foreign_firms_do_not_exist(self, browse, cast):
        foreign = FirmFactory(division=division("tianyang"))
        for person in (cast.firm, cast.county):
            assert browse(person).get(url("", foreign)).status_code == 404
            assert browse(person).post(url("", foreign), sent(facts())).status_code == 404
        assert browse(cast.administrator).get(url("", foreign)).status_code == 403

    def test_the_queries_do_not_grow_with_the_history(self, browse, cast, django_assert_max_num_queries):
        case = own_case(cast, CaseState.POOLED)
        give_facts(case)
        client = browse(cast.caseworker)
        with django_assert_max_num_queries(20) as first:
            client.get(url("", case.firm))
        for number in range(8):
            save_self_check(firm=case.firm, facts=facts(employees_average=str(60 + number)), actor=cast.firm)
        with django_assert_max_num_queries(len(first)):
            client.get(url("", case.firm))


class TestForTheFirm:
    """Experts' and authorities' words stay with the office; the firm reads what its figures leave possible."""

    def test_innovation_is_a_range_and_no_score(self, browse, cast):
        check = save_self_check(firm=cast.firm.firm, facts=PASSING, actor=cast.caseworker)
        for name in ("_saved", ""):
            more = {"number": check.pk} if name else {}
            answer = browse(cast.firm).get(url(name, cast.firm.firm, **more))
            assert "expert_scores" not in text_of(answer)
        rows = {
            row.code: row
            for row in browse(cast.firm)
            .get(url("_saved", cast.firm.firm, number=check.pk))
            .context["report"]
            .findings
        }
        assert rows[Code.INNOVATION_SCORE].status == Verdict.MANUAL
        assert rows[Code.INNOVATION_SCORE].measured == ""
        assert "92" in rows[Code.INNOVATION_SCORE].text
        assert rows[Code.NO_INCIDENT].status == Verdict.MANUAL

    def test_its_own_declaration_is_shown_to_it(self, browse, cast):
        check = save_self_check(firm=cast.firm.firm, facts=facts(incidents=[]), actor=cast.firm)
        answer = browse(cast.firm).get(url("_saved", cast.firm.firm, number=check.pk))
        assert statuses(answer)[Code.NO_INCIDENT] == Verdict.PASS

    def test_the_office_is_one_body(self, browse, cast):
        save_self_check(firm=cast.firm.firm, facts=PASSING, actor=cast.caseworker)
        saved = browse(cast.firm).get(url("", cast.firm.firm)).context["saved"]
        assert "caseworker" not in saved[0].who
        assert saved[0].state != browse(cast.auditor).get(url("", cast.firm.firm)).context["saved"][0].state

    def test_the_office_reads_all_nine(self, browse, cast):
        check = save_self_check(firm=cast.firm.firm, facts=PASSING, actor=cast.caseworker)
        answer = browse(cast.reviewer).get(url("_saved", cast.firm.firm, number=check.pk))
        assert set(statuses(answer).values()) == {Verdict.PASS}


class TestUpload:
    def send(self, client, firm, content, name="figures.xlsx"):
        return client.post(url("_upload", firm), {"file": SimpleUploadedFile(name, content)})

    def workbook(self, sales):
        book = openpyxl.load_workbook(io.BytesIO(write_self_check_template()))
        sheet = book["三年数据"]
        sheet["A2"], sheet["B2"] = 2018, sales
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    def test_the_figures_fill_the_form_and_nothing_is_kept(self, browse, cast):
        answer = self.send(browse(cast.firm), cast.firm.firm, self.workbook("1,234.50"))
        assert answer.status_code == 200
        assert answer.context["sheet"].figures["y2018_sales"].value() == "1,234.50"
        assert not SelfCheck.objects.exists()

    def test_so_do_facts(self, browse, cast):
        content = json.dumps(facts(), ensure_ascii=False).encode()
        answer = self.send(browse(cast.firm), cast.firm.firm, content, "facts.json")
        assert answer.context["sheet"].figures["technical_average"].value() == "6.25"

    def test_faults_are_listed_with_their_place(self, browse, cast):
        answer = self.send(browse(cast.firm), cast.firm.firm, self.workbook("many"))
        assert answer.status_code == 422
        fault = answer.context["file_faults"][0]
        assert (fault.sheet, fault.row, fault.column, fault.value) == (
            "三年数据",
            2,
            "销售收入（元）",
            "many",
        )
        for part in ("三年数据", "销售收入（元）", "many"):
            assert part in text_of(answer)

    def test_a_key_of_the_facts_is_told_in_words(self, browse, cast):
        answer = self.send(browse(cast.firm), cast.firm.firm, b'{"years": [{"year": 2018, "sales": "x"}]}')
        assert "years[" not in answer.context["file_faults"][0].column

    def test_nothing_chosen_is_said_so(self, browse, cast):
        answer = browse(cast.firm).post(url("_upload", cast.firm.firm))
        assert answer.status_code == 422
        assert answer.context["upload"].errors["file"]


class TestSaved:
    def test_it_stays_as_it_was_made(self, browse, cast):
        firm = cast.firm.firm
        check = save_self_check(firm=firm, facts=FAILING, actor=cast.firm)
        answer = browse(cast.auditor).get(url("_saved", firm, number=check.pk))
        assert statuses(answer)[Code.TECHNICAL_STAFF_SHARE] == Verdict.FAIL
        assert check.inputs_sha256 in text_of(answer)
        assert answer.context["trial"] is None

    def test_that_of_another_firm_does_not_exist(self, browse, cast):
        check = save_self_check(firm=FirmFactory(), facts=facts(), actor=cast.caseworker)
        for name in ("_saved", "_report"):
            assert browse(cast.caseworker).get(url(name, cast.firm.firm, number=check.pk)).status_code == 404
            assert browse(cast.firm).get(url(name, check.firm, number=check.pk)).status_code == 404

    def test_facts_of_every_kind_can_be_read(self, browse, cast):
        figures = facts(
            employees_monthly=[{"month": 2, "opening": "50", "closing": "51"}],
            incidents=[{"date": "2019-01-02", "kind": "safety", "serious": True}],
            main_products=[{"name": "甲", "income": "1.00", "core_ip": True}],
            ip=[{}, {"class": 2, "kind": "software_copyright"}],
            years=[{"year": 2018}],
            conversions=[None],
        )
        check = save_self_check(firm=cast.firm.firm, facts=figures, actor=cast.caseworker)
        assert browse(cast.firm).get(url("_saved", cast.firm.firm, number=check.pk)).status_code == 200
        assert browse(cast.reviewer).get(url("_saved", cast.firm.firm, number=check.pk)).status_code == 200

    def test_the_queries_are_few(self, browse, cast, django_assert_max_num_queries):
        check = save_self_check(firm=cast.firm.firm, facts=facts(), actor=cast.firm)
        client = browse(cast.auditor)
        with django_assert_max_num_queries(6):
            client.get(url("_saved", cast.firm.firm, number=check.pk))


class TestReport:
    def text(self, pdf, tmp_path):
        path = tmp_path / "report.pdf"
        path.write_bytes(pdf)
        with pikepdf.open(path) as opened:
            box = opened.pages[0].mediabox
            assert (round(float(box[2])), round(float(box[3]))) == (595, 842)
        done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
        return done.stdout.decode()

    def test_it_says_what_was_found_and_on_what(self, browse, cast, tmp_path):
        firm = cast.firm.firm
        check = save_self_check(firm=firm, facts=FAILING, actor=cast.firm)
        answer = browse(cast.firm).get(url("_report", firm, number=check.pk))
        assert answer["Content-Type"] == "application/pdf"
        text = self.text(answer.content, tmp_path)
        for part in (
            firm.name,
            firm.credit_code,
            "2019-06-30",
            "国科发火〔2016〕32号",
            "5.66%",
            "gkfh-2016-32-195",
        ):
            assert part in text
        for label in FINDING_LABELS.values():
            assert label in text.replace("\n", "").replace(" ", "") or label in text
        assert check.inputs_sha256[:20] in text

    def test_a_firms_copy_holds_no_score(self, browse, cast, tmp_path):
        firm = cast.firm.firm
        check = save_self_check(firm=firm, facts=PASSING, actor=cast.caseworker)
        scored = next(row for row in check.result["findings"] if row["code"] == Code.INNOVATION_SCORE)[
            "measured"
        ]
        own = self.text(browse(cast.firm).get(url("_report", firm, number=check.pk)).content, tmp_path)
        office = self.text(browse(cast.reviewer).get(url("_report", firm, number=check.pk)).content, tmp_path)
        assert cast.caseworker.username not in own
        assert cast.caseworker.username in office
        assert office.count(scored) > own.count(scored)


def test_the_empty_workbook_can_be_fetched(browse, cast):
    answer = browse(cast.firm).get(reverse("cultivation:self_check_template"))
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer["Content-Disposition"]
