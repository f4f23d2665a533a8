"""Annual reports: recorded, corrected, imported; and the certificates that two misses flag."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import NotAllowed, Refused
from config.common.workbooks import RowsRefused
from cultivation.enums import Role
from cultivation.models import AnnualReport
from cultivation.selectors.annual_reports import report_flags, standing_reports
from cultivation.services.annual_reports import (
    correct_annual_report,
    import_annual_reports,
    record_annual_report,
)
from tests.factories import AccreditationFactory, FirmFactory, UserFactory, credit_code
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db

HEADER = ("企业名称", "统一社会信用代码", "年度", "填报日期")
ON = dt.date(2019, 6, 30)


@pytest.fixture
def caseworker():
    return UserFactory(role=Role.CASEWORKER)


@pytest.fixture
def certificate():
    """Reports on 2016, 2017 and 2018 fall due in its term."""
    return held()


def held(**fields):
    term = {"issued_on": dt.date(2016, 11, 30), "last_day": dt.date(2019, 11, 29)}
    return AccreditationFactory(**(term | fields))


def record(certificate, actor, year=2017, reported_on=dt.date(2018, 4, 2), **rest):
    return record_annual_report(
        accreditation=certificate, year=year, reported_on=reported_on, actor=actor, **rest
    )


def refused(act, **arguments):
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    return refusal.value.code


class TestRecording:
    def test_keeps_year_day_and_document(self, certificate, caseworker):
        report = record(certificate, caseworker, document=" 回执1 ")
        assert (report.year, report.reported_on, report.document) == (2017, dt.date(2018, 4, 2), "回执1")

    def test_a_late_one_is_kept_as_it_came(self, certificate, caseworker):
        assert record(certificate, caseworker, reported_on=dt.date(2018, 8, 1)).pk

    def test_counts_for_both_terms_where_they_overlap(self, certificate, caseworker):
        renewed = held(firm=certificate.firm, issued_on=dt.date(2019, 4, 1), last_day=dt.date(2022, 3, 31))
        record(certificate, caseworker, year=2018, reported_on=dt.date(2019, 5, 6))
        assert set(AnnualReport.objects.values_list("accreditation", "year")) == {
            (certificate.pk, 2018),
            (renewed.pk, 2018),
        }

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"year": 2015, "reported_on": dt.date(2016, 4, 1)}, "year_not_due"),
            ({"year": 2019, "reported_on": dt.date(2019, 6, 30)}, "year_not_over"),
            ({"reported_on": dt.date(2017, 12, 31)}, "year_not_over"),
            ({"reported_on": dt.date(2019, 7, 1)}, "future_date"),
        ],
    )
    def test_refuses(self, certificate, caseworker, changes, code):
        assert refused(record, certificate=certificate, actor=caseworker, **changes) == code
        assert not AnnualReport.objects.exists()

    def test_a_year_once(self, certificate, caseworker):
        record(certificate, caseworker)
        assert refused(record, certificate=certificate, actor=caseworker) == "already_reported"

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASEWORKER])
    def test_is_the_caseworkers(self, certificate, role):
        with pytest.raises(NotAllowed):
            record(certificate, UserFactory(role=role))

    def test_a_report_without_a_day_is_no_report(self, certificate, caseworker):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnnualReport.objects.create(accreditation=certificate, year=2017, recorded_by=caseworker)


class TestCorrecting:
    def correct(self, report, actor, **changes):
        answers = {"reported_on": dt.date(2018, 5, 31), "reason": "录入有误"}
        return correct_annual_report(report=report, actor=actor, **(answers | changes))

    def standing(self, certificate):
        return standing_reports([certificate])[certificate.pk][2017].reported_on

    def test_a_second_person_corrects_and_the_first_entry_stays(self, certificate, caseworker):
        wrong = record(certificate, caseworker, reported_on=dt.date(2018, 6, 30))
        right = self.correct(wrong, UserFactory(role=Role.CASEWORKER))
        assert right.corrects == wrong
        assert self.standing(certificate) == dt.date(2018, 5, 31)
        assert AnnualReport.objects.count() == 2

    def test_there_may_have_been_no_report_after_all(self, certificate, caseworker):
        second = UserFactory(role=Role.CASEWORKER)
        gone = self.correct(record(certificate, caseworker), second, reported_on=None)
        assert self.standing(certificate) is None
        self.correct(gone, caseworker)
        assert self.standing(certificate) == dt.date(2018, 5, 31)

    def test_not_by_the_same_person(self, certificate, caseworker):
        with pytest.raises(NotAllowed):
            self.correct(record(certificate, caseworker), caseworker)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"reason": " "}, "reason_missing"),
            ({"reported_on": dt.date(2018, 4, 2)}, "unchanged"),
            ({"reported_on": dt.date(2019, 7, 1)}, "future_date"),
            ({"reported_on": dt.date(2017, 5, 31)}, "year_not_over"),
        ],
    )
    def test_refuses(self, certificate, caseworker, changes, code):
        report = record(certificate, caseworker)
        actor = UserFactory(role=Role.CASEWORKER)
        assert refused(self.correct, report=report, actor=actor, **changes) == code

    def test_an_entry_once(self, certificate, caseworker):
        report, actor = record(certificate, caseworker), UserFactory(role=Role.CASEWORKER)
        self.correct(report, actor)
        assert refused(self.correct, report=report, actor=actor) == "corrected_already"


class TestFlags:
    def file(self, certificate, caseworker, *years):
        for year in years:
            record(certificate, caseworker, year=year, reported_on=dt.date(year + 1, 5, 31))

    @pytest.mark.parametrize(
        ("filed", "flagged"), [((2016, 2017), False), ((2017,), True), ((2016,), True), ((), True)]
    )
    def test_edge_case_24_two_missed_years_flag_a_certificate(self, certificate, caseworker, filed, flagged):
        self.file(certificate, caseworker, *filed)
        assert [found.certificate for found in report_flags(ON)] == [certificate] * flagged

    def test_edge_case_24_a_late_report_does_not_undo_the_miss(self, certificate, caseworker):
        self.file(certificate, caseworker, 2016)
        record(certificate, caseworker, year=2017, reported_on=dt.date(2018, 6, 1))
        (found,) = report_flags(ON)
        assert "2017、2018" in found.flag

    def test_edge_case_24_years_of_two_terms_do_not_add_up(self, caseworker):
        old = held(issued_on=dt.date(2015, 11, 20), last_day=dt.date(2018, 11, 19))
        new = held(firm=old.firm, issued_on=dt.date(2018, 11, 28), last_day=dt.date(2021, 11, 27))
        self.file(old, caseworker, 2015, 2016)
        assert [found.certificate for found in report_flags(dt.date(2018, 6, 1))] == []
        assert [found.certificate for found in report_flags(ON)] == []
        assert [found.certificate for found in report_flags(dt.date(2020, 6, 1))] == [new]

    def test_a_correction_is_followed(self, certificate, caseworker):
        self.file(certificate, caseworker, 2016, 2017)
        report = AnnualReport.objects.get(year=2017)
        second = UserFactory(role=Role.CASEWORKER)
        correct_annual_report(report=report, reported_on=None, reason="并未填报", actor=second)
        assert [found.certificate for found in report_flags(ON)] == [certificate]

    def test_ended_and_revoked_certificates_are_left_alone(self):
        held(last_day=dt.date(2019, 6, 29))
        held(revoked=True)
        assert report_flags(ON) == []

    def test_the_queries_do_not_grow(self, django_assert_num_queries):
        for more in (1, 7):
            for _certificate in range(more):
                held()
            with django_assert_num_queries(3):
                assert report_flags(ON)


class TestImporting:
    def take(self, actor, *rows, **options):
        return import_annual_reports(content=workbook(HEADER, *rows), actor=actor, **options)

    def line(self, certificate, year=2017, day=dt.date(2018, 4, 2)):
        return (certificate.firm.name, certificate.firm.credit_code, year, day)

    def faults(self, actor, *rows):
        before = AnnualReport.objects.count()
        with pytest.raises(RowsRefused) as refusal:
            self.take(actor, *rows)
        assert AnnualReport.objects.count() == before
        return {(error.row, error.column, error.code) for error in refusal.value.errors}

    def test_takes_over_a_list_and_the_same_again_changes_nothing(self, certificate, caseworker):
        rows = [self.line(certificate), self.line(certificate, 2018, dt.date(2019, 6, 3))]
        assert (self.take(caseworker, *rows).created, AnnualReport.objects.count()) == (2, 2)
        again = self.take(caseworker, *rows)
        assert (again.created, again.unchanged, AnnualReport.objects.count()) == (0, 2, 2)

    def test_a_dry_run_writes_nothing(self, certificate, caseworker):
        assert self.take(caseworker, self.line(certificate), dry_run=True).created == 1
        assert not AnnualReport.objects.exists()

    def test_firms_of_others_are_named_and_nothing_else(self, caseworker):
        report = self.take(caseworker, ("外地公司", credit_code(7001), 2017, dt.date(2018, 4, 2)))
        assert report.not_ours[0]["credit_code"] == credit_code(7001)
        assert not AnnualReport.objects.exists()

    def test_another_name_is_an_oddity_and_a_former_one_is_none(self, certificate, caseworker):
        row = ("别的名字", *self.line(certificate)[1:])
        assert [warning.code for warning in self.take(caseworker, row).warnings] == ["name_differs"]

    @pytest.mark.parametrize(
        ("column", "cell", "code"),
        [
            ("统一社会信用代码", "123", "credit_code"),
            ("年度", "去年", "not_a_number"),
            ("年度", 1990, "too_small"),
            ("年度", 2019, "year_not_over"),
            ("年度", 2014, "year_not_due"),
            ("填报日期", dt.date(2019, 7, 1), "future_date"),
            ("填报日期", "四月", "not_a_date"),
            ("填报日期", None, "required"),
            ("企业名称", "=A1", "formula_cell"),
        ],
    )
    def test_a_faulty_cell_refuses_the_whole_list(self, certificate, caseworker, column, cell, code):
        faulty = dict(zip(HEADER, self.line(certificate, day=dt.date(2019, 4, 2)), strict=True))
        good = self.line(held())
        named = "填报日期" if code == "year_not_over" else column
        assert self.faults(caseworker, good, list((faulty | {column: cell}).values())) == {(3, named, code)}

    def test_a_firms_year_stands_once(self, certificate, caseworker):
        row = self.line(certificate)
        assert self.faults(caseworker, row, row) == {(3, "年度", "duplicate_row")}

    def test_what_is_recorded_otherwise_is_never_overwritten(self, certificate, caseworker):
        record(certificate, caseworker, reported_on=dt.date(2018, 4, 3))
        assert self.faults(caseworker, self.line(certificate)) == {(2, "填报日期", "report_differs")}

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASEWORKER])
    def test_is_the_caseworkers(self, role):
        with pytest.raises(NotAllowed):
            self.take(UserFactory(role=role))

    def test_the_queries_do_not_grow_with_the_rows(self, caseworker, django_assert_max_num_queries):
        held_ones = [held() for _number in range(30)]
        for rows in (held_ones[:2], held_ones[2:]):
            with django_assert_max_num_queries(12):
                self.take(caseworker, *(self.line(certificate) for certificate in rows))


class TestCommand:
    def run(self, capsys, *arguments):
        status = 0
        try:
            call_command("import_annual_reports", *map(str, arguments))
        except SystemExit as exit_:
            status = exit_.code
        return status, json.loads(capsys.readouterr().out)

    def test_answers_with_what_was_taken_over(self, certificate, tmp_path, capsys):
        path = tmp_path / "年报.xlsx"
        path.write_bytes(
            workbook(HEADER, (certificate.firm.name, certificate.firm.credit_code, 2017, dt.date(2018, 4, 2)))
        )
        status, answer = self.run(capsys, path)
        assert (status, answer["created"], answer["errors"]) == (0, 1, [])

    def test_refuses_in_its_own_shape_and_marks_the_cells(self, tmp_path, capsys):
        path = tmp_path / "年报.xlsx"
        path.write_bytes(workbook(HEADER, (FirmFactory().name, "123", 2017, clock.today())))
        status, answer = self.run(capsys, path, "--report", tmp_path / "标错.xlsx")
        assert (status, answer["error"]["code"], answer["errors"][0]["code"]) == (
            1,
            "rows_refused",
            "credit_code",
        )
        assert (answer["created"], answer["not_ours"]) == (0, [])
        assert (tmp_path / "标错.xlsx").exists()

    def test_a_file_that_is_not_there_is_wrong_usage(self, tmp_path, capsys):
        assert self.run(capsys, tmp_path / "nowhere.xlsx")[0] == 2
