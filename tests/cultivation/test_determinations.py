"""The region's list is authoritative; opening data and revocations come in by document."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from config.common import clock
from config.common.errors import NotAllowed, Refused
from config.common.workbooks import RowsRefused
from cultivation.enums import AccreditationKind, CaseKind, CaseState, ParameterKey, Role
from cultivation.models import Accreditation, CultivationCase, Determination, Parameter
from cultivation.selectors.determinations import final_determinations
from cultivation.selectors.stock import stock_on
from cultivation.services.determinations import (
    import_accreditations,
    record_opening_accreditation,
)
from documents.api import Attachment, AttachmentState
from tests.factories import AccreditationFactory, FirmFactory, UserFactory, case_at, credit_code, rename
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db

HEADER = ("企业名称", "统一社会信用代码", "证书编号", "发证日期", "类型")
ISSUED = dt.date(2019, 6, 28)
DOCUMENT = {"document_number": "演示高企〔2019〕1号", "document_date": dt.date(2019, 6, 29)}


@pytest.fixture
def caseworker():
    return UserFactory(role=Role.CASEWORKER)


def line(firm, number="GR201945000001", issued_on=ISSUED, kind="首次"):
    return (firm.name, firm.credit_code, number, issued_on, kind)


def take(actor, *rows, **options):
    return import_accreditations(content=workbook(HEADER, *rows), actor=actor, **(DOCUMENT | options))


def counts(report):
    return report.rows, report.created, report.updated, report.unchanged, report.cases_accredited


def codes(report):
    return [warning.code for warning in report.warnings]


def faults(actor, *rows, **options):
    with pytest.raises(RowsRefused) as refusal:
        take(actor, *rows, **options)
    assert not Determination.objects.filter(document_number=DOCUMENT["document_number"]).exists()
    return {(error.row, error.column, error.code) for error in refusal.value.errors}


class TestWithoutACase:
    def test_the_certificate_is_recorded_with_its_term_and_source(self, caseworker):
        firm = FirmFactory()
        assert counts(take(caseworker, line(firm), original_name="名单.xlsx")) == (1, 1, 0, 0, 0)
        certificate = Accreditation.objects.get()
        assert (certificate.firm, certificate.kind, certificate.is_opening) == (
            firm,
            AccreditationKind.FIRST,
            False,
        )
        assert (certificate.issued_on, certificate.last_day) == (ISSUED, dt.date(2022, 6, 27))
        assert certificate.document_number == DOCUMENT["document_number"]
        source = certificate.determination.source_file
        assert (source.original_name, source.state) == ("名单.xlsx", AttachmentState.CLEAN)
        assert list(final_determinations()) == [certificate]

    def test_the_term_follows_the_parameters(self, caseworker):
        Parameter.objects.filter(key=ParameterKey.EXPIRY_DAY_COUNTS).update(value=1)
        take(caseworker, line(FirmFactory()))
        assert Accreditation.objects.get().last_day == dt.date(2022, 6, 28)

    @pytest.mark.parametrize(("early", "last_day"), [(1, dt.date(2019, 2, 27)), (0, dt.date(2019, 2, 28))])
    def test_edge_case_47_a_certificate_of_29_february(self, caseworker, early, last_day):
        Parameter.objects.filter(key=ParameterKey.LEAP_DAY_ENDS_EARLY).update(value=early)
        take(caseworker, line(FirmFactory(), number="GR201645000001", issued_on=dt.date(2016, 2, 29)))
        assert Accreditation.objects.get().last_day == last_day

    def test_firms_of_others_are_listed_and_nothing_else(self, caseworker):
        row = ("外地公司", credit_code(7001), "GR201945000009", ISSUED, "首次")
        report = take(caseworker, row)
        assert counts(report) == (1, 0, 0, 0, 0)
        assert report.not_ours == [
            {
                "row": 2,
                "name": "外地公司",
                "credit_code": credit_code(7001),
                "certificate_number": "GR201945000009",
            }
        ]
        assert not Attachment.objects.exists()

    def test_the_same_list_again_changes_nothing(self, caseworker):
        firm = FirmFactory()
        take(caseworker, line(firm))
        report = take(caseworker, line(firm))
        assert counts(report) == (1, 0, 0, 1, 0)
        assert report.warnings == []
        assert Determination.objects.count() == Attachment.objects.count() == 1

    def test_a_dry_run_writes_nothing(self, caseworker):
        assert take(caseworker, line(FirmFactory()), dry_run=True).created == 1
        assert not Accreditation.objects.exists()
        assert not Attachment.objects.exists()


class TestWithACase:
    @pytest.mark.parametrize("state", [CaseState.FILED, CaseState.DISCLOSED])
    def test_it_becomes_accredited(self, caseworker, state):
        case = case_at(state)
        report = take(caseworker, line(case.firm, issued_on=clock.today()))
        case = CultivationCase.objects.get(pk=case.pk)
        assert counts(report) == (1, 1, 0, 0, 1)
        assert case.state == CaseState.ACCREDITED
        assert case.accreditation == Accreditation.objects.get()
        assert case.accreditation.determination.case == case
        assert case.events.last().actor == caseworker

    def test_an_open_disclosure_is_a_warning(self, caseworker):
        case = case_at(CaseState.DISCLOSED)
        assert codes(take(caseworker, line(case.firm))) == ["disclosure_open"]

    def test_a_closed_one_is_not(self, caseworker):
        case = case_at(CaseState.DISCLOSED)
        with clock.fixed(case.disclosure.last_day + dt.timedelta(days=1)):
            assert codes(take(caseworker, line(case.firm))) == []

    @pytest.mark.parametrize(
        "state",
        [
            state
            for state in CaseState
            if state not in (CaseState.FILED, CaseState.DISCLOSED, CaseState.ACCREDITED)
        ],
    )
    def test_in_any_other_state_it_stays_with_a_warning(self, caseworker, state):
        case = case_at(state)
        report = take(caseworker, line(case.firm))
        is_open = state not in (CaseState.WITHDRAWN, CaseState.REMOVED)
        assert counts(report) == (1, 1, 0, 0, 0)
        assert codes(report) == ["case_state"] * is_open
        assert CultivationCase.objects.get(pk=case.pk).state == state

    def test_a_list_taken_over_before_the_filing_was_entered_closes_the_case_when_it_comes_again(
        self, caseworker
    ):
        case = case_at(CaseState.FILED)
        take(caseworker, line(firm := FirmFactory()))
        late = case_at(CaseState.FILED, firm=firm, kind=CaseKind.RENEWAL)
        report = take(caseworker, line(firm, kind="重新"))
        assert counts(report) == (1, 0, 1, 0, 1)
        assert CultivationCase.objects.get(pk=late.pk).state == CaseState.ACCREDITED
        assert CultivationCase.objects.get(pk=case.pk).state == CaseState.FILED

    def test_a_certificate_of_an_earlier_year_does_not_close_the_case_of_this_one(self, caseworker):
        case = case_at(CaseState.FILED)
        report = take(caseworker, line(case.firm, number="GR201645000001", issued_on=dt.date(2016, 11, 30)))
        assert codes(report) == ["certificate_before_filing"]
        assert CultivationCase.objects.get(pk=case.pk).state == CaseState.FILED

    def test_another_kind_than_applied_for_is_a_warning(self, caseworker):
        case = case_at(CaseState.FILED)
        assert codes(take(caseworker, line(case.firm, kind="重新认定"))) == [
            "no_earlier_certificate",
            "kind_differs",
        ]
        assert Accreditation.objects.get().kind == AccreditationKind.RENEWAL


class TestOddities:
    @pytest.mark.parametrize("number", ["GR201744000001", "GF201545000001"])
    def test_edge_case_21_numbers_of_other_areas_are_taken(self, caseworker, number):
        assert codes(take(caseworker, line(FirmFactory(), number=number))) == []

    def test_an_unusual_number_is_a_warning(self, caseworker):
        assert codes(take(caseworker, line(FirmFactory(), number="高企2019-1"))) == ["certificate_form"]

    def test_edge_case_22_the_name_of_the_day_of_issue_is_no_oddity(self, caseworker):
        firm = FirmFactory()
        rename(firm, firm.name, firm.registered_on)
        old = line(firm)
        rename(firm, "演示改名有限公司", dt.date(2019, 6, 29))
        assert codes(take(caseworker, old)) == []
        assert Accreditation.objects.get().name_on_certificate == old[0]

    def test_another_name_is_one(self, caseworker):
        firm = FirmFactory()
        assert codes(take(caseworker, ("别的名字", *line(firm)[1:]))) == ["name_differs"]

    def test_a_first_certificate_after_another_is_one(self, caseworker):
        firm = AccreditationFactory().firm
        assert codes(take(caseworker, line(firm))) == ["earlier_certificate"]


class TestFaults:
    @pytest.mark.parametrize(
        ("column", "cell", "code"),
        [
            ("统一社会信用代码", "123", "credit_code"),
            ("发证日期", dt.date(2019, 7, 1), "future_date"),
            ("发证日期", "年底", "not_a_date"),
            ("类型", "转让", "unknown_kind"),
            ("证书编号", None, "required"),
            ("企业名称", "=A1", "formula_cell"),
        ],
    )
    def test_in_a_cell(self, caseworker, column, cell, code):
        row = dict(zip(HEADER, line(FirmFactory()), strict=True)) | {column: cell}
        assert faults(caseworker, list(row.values())) == {(2, column, code)}

    def test_a_firm_or_a_number_twice(self, caseworker):
        one, other = FirmFactory(), FirmFactory()
        rows = [line(one), line(other), line(one, number="GR201945000002")]
        assert faults(caseworker, *rows) == {
            (3, "证书编号", "duplicate_certificate"),
            (4, "统一社会信用代码", "duplicate_row"),
        }

    def test_a_certificate_of_another_firm(self, caseworker):
        taken = AccreditationFactory()
        assert faults(caseworker, line(FirmFactory(), number=taken.certificate_number)) == {
            (2, "证书编号", "certificate_taken")
        }

    def test_edge_case_50_a_recorded_certificate_is_never_overwritten(self, caseworker):
        certificate = AccreditationFactory()
        row = line(certificate.firm, number=certificate.certificate_number, issued_on=dt.date(2018, 11, 29))
        assert faults(caseworker, row) == {(2, "发证日期", "certificate_differs")}

    def test_a_document_decides_about_a_firm_once(self, caseworker):
        firm = FirmFactory()
        take(caseworker, line(firm))
        with pytest.raises(RowsRefused) as refusal:
            take(caseworker, line(firm, number="GR201945000002"))
        assert [error.code for error in refusal.value.errors] == ["already_decided"]

    @pytest.mark.parametrize(
        ("document", "code"),
        [
            ({"document_number": " "}, "document_missing"),
            ({"document_date": dt.date(2019, 7, 1)}, "document_in_future"),
        ],
    )
    def test_in_the_document(self, caseworker, document, code):
        with pytest.raises(Refused) as refusal:
            take(caseworker, line(FirmFactory()), **document)
        assert refusal.value.code == code

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASEWORKER])
    def test_only_the_city_s_caseworkers(self, role):
        with pytest.raises(NotAllowed):
            take(UserFactory(role=role), line(FirmFactory()))


class TestManyRows:
    def test_queries_do_not_grow_with_the_rows_of_a_batch(self, caseworker, django_assert_max_num_queries):
        firms = FirmFactory.create_batch(40)
        for first, last in ((0, 2), (2, 40)):
            rows = [line(firm, number=f"GR2019451{firm.pk:05d}") for firm in firms[first:last]]
            with django_assert_max_num_queries(26):
                take(caseworker, *rows, document_number=f"演示高企〔2019〕{last}号")


class TestCase49OpeningData:
    def record(self, firm, actor, **changes):
        values = {
            "kind": AccreditationKind.FIRST,
            "certificate_number": "gr201645000001",
            "issued_on": dt.date(2016, 11, 30),
            "document_number": "演示高企〔2016〕1号",
            "document_date": dt.date(2016, 12, 5),
        }
        return record_opening_accreditation(firm=firm, actor=actor, **(values | changes))

    def test_counts_in_the_stock_and_is_never_matched(self, caseworker):
        firm = FirmFactory()
        certificate = self.record(firm, caseworker)
        assert (certificate.certificate_number, certificate.last_day) == (
            "GR201645000001",
            dt.date(2019, 11, 29),
        )
        assert stock_on(clock.today()).total == 1
        assert not final_determinations().exists()
        assert not Determination.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"document_number": ""}, "document_missing"),
            ({"document_date": dt.date(2019, 7, 1)}, "document_in_future"),
            ({"issued_on": dt.date(2019, 7, 1)}, "issued_in_future"),
            ({"certificate_number": " "}, "certificate_missing"),
        ],
    )
    def test_refuses(self, caseworker, changes, code):
        with pytest.raises(Refused) as refusal:
            self.record(FirmFactory(), caseworker, **changes)
        assert refusal.value.code == code

    def test_a_number_comes_in_once(self, caseworker):
        self.record(FirmFactory(), caseworker)
        with pytest.raises(Refused) as refusal:
            self.record(FirmFactory(), caseworker)
        assert refusal.value.code == "certificate_taken"


class TestCommand:
    def run(self, capsys, *arguments):
        status = 0
        try:
            call_command("import_accreditations", *map(str, arguments))
        except SystemExit as exit_:
            status = exit_.code
        return status, json.loads(capsys.readouterr().out)

    def arguments(self, path, date="2019-06-29"):
        return path, "--document-number", "演示高企〔2019〕1号", "--document-date", date

    def test_answers_with_what_was_taken_over(self, tmp_path, capsys):
        path = tmp_path / "名单.xlsx"
        path.write_bytes(workbook(HEADER, line(FirmFactory())))
        status, answer = self.run(capsys, *self.arguments(path))
        assert status == 0
        assert {"rows", "created", "updated", "unchanged", "warnings", "errors", "not_ours"} <= set(answer)
        assert (answer["created"], answer["not_ours"]) == (1, [])

    def test_refuses_with_its_own_keys(self, tmp_path, capsys):
        path = tmp_path / "名单.xlsx"
        path.write_bytes(workbook(HEADER, line(FirmFactory(), kind="?")))
        status, answer = self.run(capsys, *self.arguments(path), "--report", tmp_path / "报告.xlsx")
        assert (status, answer["error"]["code"], answer["errors"][0]["code"]) == (
            1,
            "rows_refused",
            "unknown_kind",
        )
        assert (answer["created"], answer["not_ours"]) == (0, [])
        assert (tmp_path / "报告.xlsx").exists()

    def test_a_document_of_tomorrow_is_refused_in_the_same_shape(self, tmp_path, capsys):
        path = tmp_path / "名单.xlsx"
        path.write_bytes(workbook(HEADER, line(FirmFactory())))
        status, answer = self.run(capsys, *self.arguments(path, "2019-07-01"))
        assert (status, answer["error"]["code"], answer["rows"]) == (1, "document_in_future", 0)

    @pytest.mark.parametrize("date", ["2019-13-01", "gestern"])
    def test_a_date_that_is_none_is_wrong_usage(self, tmp_path, capsys, date):
        path = tmp_path / "名单.xlsx"
        path.write_bytes(workbook(HEADER))
        assert self.run(capsys, *self.arguments(path, date))[0] == 2
