"""The region's award document: every row gets its category, and a faulty cell stops the whole file."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from config.common.errors import NotAllowed, Refused
from config.common.workbooks import RowsRefused, write_table
from documents.api import Attachment, AttachmentState, PolicyDocument, SourceMark
from subsidies.enums import Reconciliation
from subsidies.models import RegionalAward, RegionalAwardDocument
from subsidies.services.regional_awards import import_regional_awards
from tests.factories import AccreditationFactory, FirmFactory, credit_code, rename
from tests.subsidies.factories import DOCUMENT_DATE, accreditation, award_file, grant, import_rows

NUMBER = "演示桂科〔2019〕77号"


def row(firm, amount="80000.00"):
    return (firm.name, firm.credit_code, amount)


def found(report):
    return {category: count for category, count in report.reconciliation.items() if count}


def stored():
    return list(RegionalAward.objects.order_by("pk"))


@pytest.fixture
def certificate(db):
    return accreditation()


class TestReconciliation:
    def test_edge_case_33_every_row_gets_its_category(self, db):
        matched, named, revoked, opening = (
            accreditation(),
            accreditation(),
            accreditation(revoked=True),
            (AccreditationFactory()),
        )
        standing, changed = accreditation(), accreditation()
        grant(standing.firm, "50000.00")
        grant(changed.firm, "50000.00")
        report = import_rows(
            row(matched.firm),
            ("查无此名有限公司", credit_code(999_999), "1.00"),
            ("另一名称有限公司", named.firm.credit_code, "1.00"),
            row(revoked.firm),
            row(opening.firm),
            row(standing.firm, "50000.00"),
            row(changed.firm, "50000.01"),
        )
        assert found(report) == dict.fromkeys(Reconciliation.values, 1)
        assert (report.rows, report.created, report.updated, report.unchanged) == (7, 7, 0, 0)
        rows = stored()[2:]
        assert [entry.outcome for entry in rows] == [
            "matched",
            "unknown_firm",
            "name_differs",
            "revoked",
            "no_accreditation",
            "already_matched",
            "amount_changed",
        ]
        assert rows[0].accreditation == matched
        assert rows[2].note.endswith(named.firm.name)
        assert rows[6].corrects == stored()[1]

    def test_a_later_correction_corrects_the_last_one(self, certificate):
        amounts = ["80000.00", "70000.00", "60000.00", "60000.00"]
        for amount in amounts:
            grant(certificate.firm, amount)
        rows = stored()
        assert [entry.outcome for entry in rows] == [
            "matched",
            "amount_changed",
            "amount_changed",
            "already_matched",
        ]
        assert [entry.corrects for entry in rows] == [None, rows[0], rows[1], None]

    def test_an_older_document_that_comes_late_corrects_nothing(self, certificate):
        grant(certificate.firm, "80000.00")
        report = grant(certificate.firm, "70000.00", document_date=dt.date(2019, 4, 1))
        assert found(report) == {"already_matched": 1}

    def test_edge_case_22_the_name_on_the_certificate_and_the_present_one_are_both_known(self, certificate):
        old = certificate.firm.name
        rename(certificate.firm, "演示新名有限公司", dt.date(2019, 2, 1))
        assert found(import_rows((old, certificate.firm.credit_code, "1.00"))) == {"matched": 1}
        assert found(import_rows(("演示新名有限公司", certificate.firm.credit_code, "1.00"))) == {
            "already_matched": 1
        }

    def test_width_and_blanks_of_a_name_do_not_matter(self, db):
        firm = FirmFactory(name="演示（百色）科技A1有限公司")
        accreditation(firm=firm)
        report = import_rows(("演示(百色) 科技Ａ１有限公司", firm.credit_code, "1.00"))
        assert found(report) == {"matched": 1}

    def test_the_latest_certificate_up_to_the_documents_date_is_meant(self, certificate):
        renewed = accreditation(
            firm=certificate.firm,
            kind="renewal",
            issued_on=dt.date(2019, 6, 1),
            last_day=dt.date(2022, 5, 31),
        )
        grant(certificate.firm)
        grant(certificate.firm, "90000.00", document_date=dt.date(2019, 6, 28))
        assert [entry.accreditation for entry in stored()] == [certificate, renewed]
        assert {entry.outcome for entry in stored()} == {Reconciliation.MATCHED}

    def test_edge_case_49_opening_data_is_never_matched(self, db):
        opening = AccreditationFactory()
        grant(opening.firm)
        (entry,) = stored()
        assert (entry.outcome, entry.accreditation) == (Reconciliation.NO_ACCREDITATION, None)
        assert "never matched" in entry.note or "不" in entry.note

    def test_zero_is_what_the_region_says(self, certificate):
        assert found(grant(certificate.firm, "0.00")) == {"matched": 1}


class TestAmounts:
    @pytest.mark.parametrize(
        ("header", "text", "yuan"),
        [
            ("奖励金额（元）", "80000.00", "80000.00"),
            ("奖励金额（万元）", "8", "80000.00"),
            ("奖励金额（万元）", "8.123456", "81234.56"),
            ("奖励金额(元)", "0.01", "0.01"),
        ],
    )
    def test_the_unit_stands_in_the_header(self, certificate, header, text, yuan):
        grant(certificate.firm, text, header=header)
        assert stored()[0].amount == Decimal(yuan)

    @pytest.mark.parametrize(
        ("header", "text"),
        [
            ("奖励金额（元）", "80000.001"),
            ("奖励金额（万元）", "8.1234567"),
            ("奖励金额（元）", "-0.01"),
            ("奖励金额（元）", "捌万元"),
            ("奖励金额（元）", ""),
        ],
    )
    def test_a_malformed_amount_stops_the_file(self, certificate, header, text):
        with pytest.raises(RowsRefused) as refused:
            grant(certificate.firm, text, header=header)
        (error,) = refused.value.errors
        assert (error.row, error.column) == (2, header)
        assert not stored()


class TestFaults:
    def test_a_bad_code_and_a_repeated_firm_are_named_and_nothing_is_written(self, certificate):
        firm = certificate.firm
        with pytest.raises(RowsRefused) as refused:
            import_rows(row(firm), ("乙公司", firm.credit_code[:-1] + "0", "1.00"), row(firm))
        assert {(error.row, error.code) for error in refused.value.errors} >= {(4, "duplicate_row")}
        assert 3 in {error.row for error in refused.value.errors}
        assert not stored()
        assert not RegionalAwardDocument.objects.exists()
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize("role", ["firm", "county", "reviewer", "finance", "auditor", "administrator"])
    def test_only_a_caseworker_imports(self, cast, certificate, role):
        with pytest.raises(NotAllowed):
            grant(certificate.firm, actor=getattr(cast, role))

    def test_a_document_has_a_number(self, certificate):
        with pytest.raises(Refused) as refused:
            grant(certificate.firm, document_number=" ")
        assert refused.value.code == "document_missing"


class TestDocument:
    def test_the_source_file_is_kept_with_its_hash(self, certificate):
        content = award_file(row(certificate.firm))
        import_rows(row(certificate.firm), document_number=NUMBER)
        document = RegionalAwardDocument.objects.get()
        assert document.source_file.state == AttachmentState.CLEAN
        assert document.sha256 == document.source_file.sha256
        with document.source_file.file.open("rb") as file:
            assert file.read() == content
        assert (document.policy.document_number, document.policy.issued_on) == (NUMBER, DOCUMENT_DATE)
        assert document.policy.is_demo

    def test_without_its_title_the_document_is_unverified(self, certificate):
        grant(certificate.firm, document_title="", demo=False)
        assert RegionalAwardDocument.objects.get().policy.mark == SourceMark.UNVERIFIED

    def test_a_document_that_was_entered_before_is_used(self, certificate):
        policy = PolicyDocument.objects.create(
            title="t", issuer="演示自治区科学技术厅", document_number=NUMBER, source="s"
        )
        grant(certificate.firm, document_number=NUMBER)
        assert RegionalAwardDocument.objects.get().policy == policy

    def test_a_document_has_one_date(self, certificate):
        grant(certificate.firm, document_number=NUMBER)
        with pytest.raises(Refused) as refused:
            grant(certificate.firm, document_number=NUMBER, document_date=dt.date(2019, 5, 21))
        assert refused.value.code == "document_date_differs"


class TestAgain:
    def test_the_same_file_again_changes_nothing(self, certificate):
        rows = (row(certificate.firm), ("查无此名有限公司", credit_code(999_999), "1.00"))
        import_rows(*rows, document_number=NUMBER)
        report = import_rows(*rows, document_number=NUMBER)
        assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
        assert found(report) == {"already_matched": 1, "unknown_firm": 1}
        assert len(stored()) == 2
        assert RegionalAwardDocument.objects.count() == Attachment.objects.count() == 1

    def test_a_saved_copy_with_the_same_rows_is_the_same_document(self, certificate):
        grant(certificate.firm, document_number=NUMBER)
        firm = certificate.firm
        copy = write_table(
            ["统一社会信用代码", "企业名称", "奖励金额（万元）"],
            [[firm.credit_code, firm.name, Decimal("8.00")]],
        )
        report = import_rows(document_number=NUMBER, content=copy, original_name="另存.xlsx")
        assert (report.created, report.unchanged) == (0, 1)

    def test_other_rows_under_the_same_number_are_refused(self, certificate):
        grant(certificate.firm, document_number=NUMBER)
        with pytest.raises(Refused) as refused:
            grant(certificate.firm, "80000.01", document_number=NUMBER)
        assert refused.value.code == "document_differs"
        assert certificate.firm.credit_code in refused.value.message
        assert len(stored()) == 1

    def test_rows_are_judged_again_when_firm_and_certificate_have_come(self, db):
        code = credit_code(888_888)
        lines = (("演示后来有限公司", code, "80000.00"),)
        import_rows(*lines, document_number=NUMBER)
        firm = FirmFactory(name="演示后来有限公司", credit_code=code)
        second = import_rows(*lines, document_number=NUMBER)
        certificate = accreditation(firm=firm)
        third = import_rows(*lines, document_number=NUMBER)
        assert [found(report) for report in (second, third)] == [{"no_accreditation": 1}, {"matched": 1}]
        assert [report.updated for report in (second, third)] == [1, 1]
        assert [(entry.outcome, entry.attempt) for entry in stored()] == [
            ("unknown_firm", 1),
            ("no_accreditation", 2),
            ("matched", 3),
        ]
        assert stored()[2].accreditation == certificate
        assert import_rows(*lines, document_number=NUMBER).unchanged == 1

    def test_a_dry_run_tells_and_writes_nothing(self, certificate):
        report = grant(certificate.firm, dry_run=True)
        assert (report.created, found(report)) == (1, {"matched": 1})
        assert not stored()
        assert not PolicyDocument.objects.filter(is_demo=True).exists()


class TestGuards:
    def test_rows_are_append_only(self, certificate):
        grant(certificate.firm)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            RegionalAward.objects.update(amount=1)

    def test_a_correction_names_the_row_it_corrects(self, certificate):
        grant(certificate.firm)
        values = {**RegionalAward.objects.values().get(), "id": None, "row": 9, "credit_code": credit_code(1)}
        with pytest.raises(IntegrityError), transaction.atomic():
            RegionalAward.objects.create(**{**values, "outcome": Reconciliation.AMOUNT_CHANGED})

    def test_queries_do_not_grow_with_the_rows(self, db, django_assert_max_num_queries):
        rows = [row(accreditation().firm) for _ in range(12)]
        with django_assert_max_num_queries(32):
            import_rows(*rows)


class TestCommand:
    def run(self, capsys, path, *options):
        try:
            call_command(
                "import_regional_awards",
                str(path),
                "--document-number",
                NUMBER,
                "--document-date",
                "2019-05-20",
                *options,
            )
            status = 0
        except SystemExit as end:
            status = end.code
        return status, json.loads(capsys.readouterr().out)

    def test_answers_with_the_reconciliation(self, certificate, tmp_path, capsys):
        path = tmp_path / "奖励.csv"
        path.write_bytes(award_file(row(certificate.firm)))
        status, answer = self.run(capsys, path)
        assert status == 0
        assert answer == {
            "rows": 1,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "warnings": [],
            "errors": [],
            "reconciliation": {**dict.fromkeys(Reconciliation.values, 0), "matched": 1},
        }

    def test_a_faulty_file_ends_with_1_and_is_given_back_marked(self, certificate, tmp_path, capsys):
        path, report = tmp_path / "奖励.xlsx", tmp_path / "report.xlsx"
        content = write_table(
            ["企业名称", "统一社会信用代码", "奖励金额（元）"], [["甲公司", "坏代码", Decimal("1.00")]]
        )
        path.write_bytes(content)
        status, answer = self.run(capsys, path, "--report", str(report))
        assert status == 1
        assert answer["error"]["code"] == "rows_refused"
        assert (answer["rows"], answer["created"]) == (1, 0)
        assert answer["errors"][0]["row"] == 2
        assert report.read_bytes()[:2] == b"PK"
        assert path.read_bytes() == content

    @pytest.mark.parametrize("options", [("--as", "nobody"), ("--document-date", "2019-5-x")])
    def test_wrong_usage_ends_with_2(self, certificate, tmp_path, capsys, options):
        path = tmp_path / "奖励.csv"
        path.write_bytes(award_file(row(certificate.firm)))
        status, answer = self.run(capsys, path, *options)
        assert (status, set(answer)) == (2, {"error"})

    def test_a_missing_file_ends_with_2(self, db, tmp_path, capsys):
        status, answer = self.run(capsys, tmp_path / "missing.csv")
        assert (status, answer["error"]["code"]) == (2, "file_not_found")


def test_importing_needs_no_more_than_the_three_columns(certificate):
    firm = certificate.firm
    report = import_regional_awards(
        content=award_file((firm.name, firm.credit_code, "1")),
        original_name="a.csv",
        document_number="号",
        document_date=DOCUMENT_DATE,
        actor=certificate.recorded_by,
    )
    assert report.created == 1
