"""Edge case 49: certificates from before this system come in by document and are never matched."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from config.common.errors import NotAllowed
from config.common.workbooks import RowsRefused
from cultivation.models import Accreditation
from cultivation.selectors.determinations import final_determinations
from cultivation.selectors.stock import stock_on
from cultivation.services.opening_certificates import import_opening_certificates
from documents.api import Attachment
from tests.factories import AccreditationFactory, FirmFactory
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db

HEADERS = ("企业名称", "统一社会信用代码", "证书编号", "发证日期", "类型", "文号", "文件日期")


def row(firm, **changes):
    values = {
        "name": firm.name,
        "code": firm.credit_code,
        "number": "GR201745000001",
        "issued_on": dt.date(2017, 11, 30),
        "kind": "首次",
        "document": "桂科高字〔2017〕9号",
        "date": dt.date(2017, 12, 20),
    }
    return tuple((values | changes).values())


def take_over(cast, *rows, **options):
    content = workbook(HEADERS, *rows)
    return import_opening_certificates(
        content=content, actor=options.pop("actor", cast.caseworker), **options
    )


def faults(cast, *rows):
    with pytest.raises(RowsRefused) as refusal:
        take_over(cast, *rows)
    return [(error.row, error.column, error.code) for error in refusal.value.errors]


def test_edge_case_49_they_count_in_the_stock_and_are_never_matched(cast):
    firm = cast.firm.firm
    report = take_over(cast, row(firm), original_name="期初证书.xlsx")
    assert (report.rows, report.created, report.unchanged) == (1, 1, 0)
    certificate = Accreditation.objects.get()
    assert (certificate.is_opening, certificate.last_day) == (True, dt.date(2020, 11, 29))
    assert certificate.document_number == "桂科高字〔2017〕9号"
    assert certificate.source_file.original_name == "期初证书.xlsx"
    assert stock_on(dt.date(2018, 12, 31)).total == 1
    assert not final_determinations().exists()


def test_the_same_list_again_changes_nothing(cast):
    firm = cast.firm.firm
    take_over(cast, row(firm))
    report = take_over(cast, row(firm))
    assert (report.created, report.unchanged) == (0, 1)
    assert (Accreditation.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_dry_run_writes_nothing(cast):
    assert take_over(cast, row(cast.firm.firm), dry_run=True).created == 1
    assert not Accreditation.objects.exists()
    assert not Attachment.objects.exists()


def test_every_fault_is_named_and_nothing_is_taken_over(cast):
    firm, other = cast.firm.firm, FirmFactory()
    AccreditationFactory(firm=other, certificate_number="GR201745000003")
    AccreditationFactory(firm=firm, certificate_number="GR201745000004", determined=True)
    AccreditationFactory(firm=firm, certificate_number="GR201745000005", issued_on=dt.date(2016, 1, 1))
    before = Accreditation.objects.count()
    assert faults(
        cast,
        row(firm),
        row(firm, code=FirmFactory.build().credit_code, number="GR201745000002"),
        row(firm, number="GR201745000003"),
        row(firm, number="GR201745000004"),
        row(firm, number="GR201745000005"),
        row(firm, number="GR201745000006", document=""),
        row(firm, number="GR201745000007", issued_on=dt.date(2030, 1, 1)),
        row(firm),
    ) == [
        (3, "统一社会信用代码", "unknown_firm"),
        (4, "证书编号", "certificate_taken"),
        (5, "证书编号", "not_opening"),
        (6, "发证日期", "certificate_differs"),
        (7, "文号", "required"),
        (8, "发证日期", "future_date"),
        (9, "证书编号", "duplicate_certificate"),
    ]
    assert Accreditation.objects.count() == before


def test_oddities_are_warnings(cast):
    report = take_over(cast, row(cast.firm.firm, name="别的名字", number="无号"))
    assert [warning.code for warning in report.warnings] == ["certificate_form", "name_differs"]


def test_only_a_caseworker_takes_over(cast):
    with pytest.raises(NotAllowed):
        take_over(cast, row(cast.firm.firm), actor=cast.reviewer)


def test_queries_do_not_grow_with_the_rows(cast, django_assert_max_num_queries):
    for count in (2, 40):
        firms = FirmFactory.create_batch(count)
        rows = [row(firm, number=f"GR2017{firm.pk:08d}") for firm in firms]
        with django_assert_max_num_queries(18):
            take_over(cast, *rows)


def test_the_command_answers_with_counts(cast, tmp_path, capsys):
    file = tmp_path / "list.xlsx"
    file.write_bytes(workbook(HEADERS, row(cast.firm.firm)))
    call_command("import_opening_certificates", str(file), username=cast.caseworker.username)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["rows"], answer["created"], answer["errors"]) == (1, 1, [])


def test_the_command_exits_1_naming_the_rows(cast, tmp_path, capsys):
    file = tmp_path / "list.xlsx"
    file.write_bytes(workbook(HEADERS, row(cast.firm.firm, number="")))
    with pytest.raises(SystemExit) as exit_:
        call_command("import_opening_certificates", str(file), username=cast.caseworker.username)
    assert exit_.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"]["code"] == "rows_refused"
    assert answer["errors"][0]["row"] == 2
