"""The roster: all of it or none of it, and every fault by row, column, value and rule."""

import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import call_command

from config.common.errors import NotAllowed, Refused
from config.common.workbooks import RowsRefused, read_table
from cultivation.enums import AccountState, Role
from cultivation.models import (
    BankAccount,
    Contact,
    Firm,
    FirmDivision,
    FirmName,
    IndustryField,
    RefusedAttempt,
    User,
)
from cultivation.services.intake import import_firms
from cultivation.workbooks import roster_columns, write_roster_template
from tests.factories import FirmFactory, UserFactory, credit_code, division
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db

HEADER = ("企业名称", "统一社会信用代码", "所属县（市、区）", "注册日期")
ONE = ("演示甲（百色）有限公司", credit_code(9001), "右江区", dt.date(2015, 3, 1))
TWO = ("演示乙有限公司", credit_code(9002), "田阳县", "2016年5月4日")

_RIGHT = credit_code(9003)
WRONG_CODE = _RIGHT[:-1] + ("1" if _RIGHT[-1] == "0" else "0")


@pytest.fixture
def caseworker():
    return UserFactory(role=Role.CASEWORKER)


def counts(report):
    return report.rows, report.created, report.updated, report.unchanged


def faults(content, actor, **options):
    with pytest.raises(RowsRefused) as refusal:
        import_firms(content=content, actor=actor, **options)
    return {(error.row, error.column, error.value, error.code) for error in refusal.value.errors}


class TestNewFirms:
    def test_get_their_first_name_and_place_from_the_day_of_registration(self, caseworker):
        assert counts(import_firms(content=workbook(HEADER, ONE, TWO), actor=caseworker)) == (2, 2, 0, 0)
        firm = Firm.objects.get(credit_code=ONE[1])
        assert (firm.name, firm.division.key, firm.registered_on) == (ONE[0], "youjiang", ONE[3])
        (name,) = FirmName.objects.filter(firm=firm)
        (place,) = FirmDivision.objects.filter(firm=firm)
        assert (name.name, name.valid_from, name.recorded_by) == (ONE[0], ONE[3], caseworker)
        assert (place.division.key, place.valid_from) == ("youjiang", ONE[3])
        assert firm.history.get().history_user == caseworker

    def test_take_everything_the_roster_may_hold(self, caseworker):
        header = (*HEADER, "产业领域", "高新区", "注册资本（万元）", "职工人数", "联系人", "联系电话", "邮箱")
        row = (*ONE, "高端铝", "是", "1,200.5", 86, "演示联系人", 13800001234, "a@example.cn")
        account = ("开户行", "联行号", "账号", "地址")
        content = workbook(
            (*header, *account),
            (*row, "中国工商银行百色分行营业厅", "102626160056", "0012345678901234567", "右江区某路"),
        )
        import_firms(content=content, actor=caseworker)
        firm = Firm.objects.get(credit_code=ONE[1])
        assert firm.industry_field == IndustryField.objects.get(name="中高端铝")
        assert firm.zone.name == "百色高新区"
        assert firm.registered_capital == Decimal("12005000.00")
        assert (firm.employees, firm.address) == (86, "右江区某路")
        contact = Contact.objects.get(firm=firm)
        assert (contact.name, contact.phone, contact.email) == ("演示联系人", "13800001234", "a@example.cn")
        account = BankAccount.objects.get(firm=firm)
        assert (account.number, account.clearing_code) == ("0012345678901234567", "102626160056")
        assert (account.holder, account.state, account.proposed_by) == (
            firm.name,
            AccountState.PROPOSED,
            caseworker,
        )

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("田阳县", "tianyang"),
            ("田阳区", "tianyang"),
            ("451021", "tianyang"),
            ("广西壮族自治区百色市靖西县", "jingxi"),
            ("隆林县", "longlin"),
            ("隆林各族自治县", "longlin"),
            (" 平果 市", "pingguo"),
        ],
    )
    def test_edge_case_25_old_and_new_names_of_a_county_are_one(self, caseworker, text, key):
        import_firms(content=workbook(HEADER, (*ONE[:2], text, ONE[3])), actor=caseworker)
        assert Firm.objects.get(credit_code=ONE[1]).division.key == key

    def test_edge_case_26_the_credit_code_never_gives_the_county(self, caseworker):
        code = "91350100M000100Y43"  # registered in Fuzhou
        import_firms(content=workbook(HEADER, (ONE[0], code, "那坡县", ONE[3])), actor=caseworker)
        assert Firm.objects.get(credit_code=code).division.key == "napo"

    def test_edge_case_48_the_high_tech_zone_is_no_county(self, caseworker):
        content = workbook(HEADER, (*ONE[:2], "百色高新区", ONE[3]))
        assert faults(content, caseworker) == {(2, HEADER[2], "百色高新区", "unknown_county")}


class TestFaults:
    def test_all_six_of_one_file_are_reported_in_one_run_and_nothing_is_written(self, caseworker):
        content = workbook(
            (*HEADER, "职工人数", "联系人"),
            (*ONE, 12, None),
            ("演示丙有限公司", WRONG_CODE, "右江区", dt.date(2015, 1, 1), 3, None),
            ("演示丁有限公司", ONE[1], "右江区", dt.date(2015, 1, 1), 3, None),
            ("演示戊有限公司", credit_code(9005), "右江区", dt.date(2015, 1, 1), "许多", None),
            ("演示己有限公司", credit_code(9006), "桂林市", dt.date(2015, 1, 1), 3, None),
            ("演示庚有限公司", credit_code(9007), "右江区", dt.date(2015, 1, 1), "=1+1", None),
            merged=["E1:F1"],
        )
        before = Firm.objects.count()
        assert faults(content, caseworker) == {
            (1, "职工人数", "职工人数", "merged_header"),
            (3, HEADER[1], WRONG_CODE, "credit_code"),
            (4, HEADER[1], ONE[1], "duplicate_row"),
            (5, "职工人数", "许多", "not_a_number"),
            (6, HEADER[2], "桂林市", "unknown_county"),
            (7, "职工人数", "=1+1", "formula_cell"),
        }
        assert Firm.objects.count() == before
        assert RefusedAttempt.objects.get().code == "rows_refused"

    def test_a_merged_header_over_the_credit_code_hides_none_of_them(self, caseworker):
        content = workbook(
            HEADER,
            ONE,
            TWO,
            ("演示丙有限公司", WRONG_CODE, "右江区", dt.date(2015, 1, 1)),
            ("演示丁有限公司", ONE[1], "右江区", dt.date(2015, 1, 1)),
            merged=["A1:B1"],
        )
        found = {(row, code) for row, _column, _value, code in faults(content, caseworker)}
        assert found == {
            (1, "merged_header"),
            (1, "missing_column"),
            (4, "credit_code"),
            (5, "duplicate_row"),
        }

    @pytest.mark.parametrize(
        ("column", "cell", "code"),
        [
            ("注册日期", dt.date(2019, 7, 1), "future_date"),
            ("注册日期", "待定", "not_a_date"),
            ("产业领域", "房地产", "unknown_field"),
            ("高新区", "大概", "not_yes_or_no"),
            ("邮箱", "不是邮箱", "email"),
            ("联行号", "102626160057", "clearing_code"),
            ("银行账号", 622202100001, "numeric_account"),
            ("注册资本（万元）", -1, "too_small"),
            ("企业名称", "长" * 121, "too_long"),
        ],
    )
    def test_are_told_by_the_rule_they_break(self, caseworker, column, cell, code):
        row = dict(zip(HEADER, ONE, strict=True)) | {"开户银行": "演示银行", "联行号": "102626160056"}
        row |= {"银行账号": "0012345678", "联系人": "某", column: cell}
        found = faults(workbook(list(row), list(row.values())), caseworker)
        assert {(row, column, code) for row, column, _value, code in found} == {(2, column, code)}

    def test_an_account_is_given_whole_or_not_at_all(self, caseworker):
        content = workbook((*HEADER, "开户银行", "银行账号"), (*ONE, "演示银行", "0012345678"))
        assert faults(content, caseworker) == {(2, "联行号", "", "account_incomplete")}

    def test_a_phone_number_needs_a_name(self, caseworker):
        content = workbook((*HEADER, "联系电话"), (*ONE, "13800001234"))
        assert faults(content, caseworker) == {(2, "联系人", "", "contact_incomplete")}


class TestKnownFirms:
    def test_the_same_roster_again_changes_nothing(self, caseworker):
        content = workbook((*HEADER, "联系人", "联系电话"), (*ONE, "某", "1"), (*TWO, "某", "2"))
        import_firms(content=content, actor=caseworker)
        before = Firm.history.count()
        report = import_firms(content=content, actor=caseworker)
        assert counts(report) == (2, 0, 0, 2)
        assert report.warnings == []
        assert Firm.history.count() == before

    def test_new_figures_update_and_empty_cells_leave_what_is_there(self, caseworker):
        import_firms(
            content=workbook((*HEADER, "职工人数", "地址", "高新区"), (*ONE, 10, "某路", "是")),
            actor=caseworker,
        )
        report = import_firms(
            content=workbook((*HEADER, "职工人数", "地址", "高新区"), (*ONE, 11, None, "否")),
            actor=caseworker,
        )
        firm = Firm.objects.get(credit_code=ONE[1])
        assert counts(report) == (1, 0, 1, 0)
        assert (firm.employees, firm.address, firm.zone) == (11, "某路", None)
        assert firm.history.count() == 2

    def test_a_contact_is_corrected(self, caseworker):
        import_firms(content=workbook((*HEADER, "联系人", "电话"), (*ONE, "某", "1")), actor=caseworker)
        report = import_firms(
            content=workbook((*HEADER, "联系人", "电话"), (*ONE, "某", "2")), actor=caseworker
        )
        assert counts(report) == (1, 0, 1, 0)
        assert Contact.objects.get(firm__credit_code=ONE[1]).phone == "2"

    def test_edge_case_22_a_new_name_is_pointed_out_and_not_taken_over(self, caseworker):
        import_firms(content=workbook(HEADER, ONE), actor=caseworker)
        report = import_firms(content=workbook(HEADER, ("演示新名有限公司", *ONE[1:])), actor=caseworker)
        assert counts(report) == (1, 0, 0, 1)
        assert [warning.code for warning in report.warnings] == ["name_differs"]
        assert Firm.objects.get(credit_code=ONE[1]).name == ONE[0]

    def test_brackets_of_another_width_are_the_same_name(self, caseworker):
        import_firms(content=workbook(HEADER, ONE), actor=caseworker)
        content = workbook(HEADER, (ONE[0].replace("（", "(").replace("）", ")"), *ONE[1:]))
        assert import_firms(content=content, actor=caseworker).warnings == []

    def test_another_county_is_pointed_out_and_not_taken_over(self, caseworker):
        import_firms(content=workbook(HEADER, ONE), actor=caseworker)
        report = import_firms(content=workbook(HEADER, (*ONE[:2], "西林县", ONE[3])), actor=caseworker)
        assert [warning.code for warning in report.warnings] == ["county_differs"]
        assert Firm.objects.get(credit_code=ONE[1]).division.key == "youjiang"

    def test_another_account_is_proposed_once(self, caseworker):
        header = (*HEADER, "开户银行", "联行号", "银行账号")
        first = workbook(header, (*ONE, "演示银行", "102626160056", "0012345678"))
        import_firms(content=first, actor=caseworker)
        assert counts(import_firms(content=first, actor=caseworker)) == (1, 0, 0, 1)
        other = workbook(header, (*ONE, "演示银行", "102626160056", "0099999999"))
        report = import_firms(content=other, actor=caseworker)
        assert [warning.code for warning in report.warnings] == ["account_waiting"]
        assert BankAccount.objects.count() == 1

    def test_two_firms_of_one_name_are_pointed_out(self, caseworker):
        content = workbook(HEADER, ONE, (ONE[0], *TWO[1:]))
        report = import_firms(content=content, actor=caseworker)
        assert [warning.code for warning in report.warnings] == ["same_name"]


class TestWho:
    @pytest.mark.parametrize(
        "role", [Role.FIRM, Role.REVIEWER, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR]
    )
    def test_only_caseworkers_import(self, role):
        with pytest.raises(NotAllowed):
            import_firms(content=workbook(HEADER, ONE), actor=UserFactory(role=role))

    def test_a_county_brings_in_its_own_firms_alone(self):
        county = UserFactory(role=Role.COUNTY, division=division("youjiang"))
        assert import_firms(content=workbook(HEADER, ONE), actor=county).created == 1
        assert faults(workbook(HEADER, TWO), county) == {(2, HEADER[2], "田阳县", "other_division")}

    def test_nor_does_it_take_a_firm_of_another_county(self):
        county = UserFactory(role=Role.COUNTY, division=division("youjiang"))
        FirmFactory(credit_code=ONE[1], division=division("napo"))
        assert faults(workbook(HEADER, ONE), county) == {(2, HEADER[2], "右江区", "other_division")}


class TestManyFirms:
    def test_queries_do_not_grow_with_the_rows_of_a_batch(self, caseworker, django_assert_max_num_queries):
        def rows(first, count):
            return [
                (f"演示{n}", credit_code(n), "右江区", dt.date(2015, 1, 1))
                for n in range(first, first + count)
            ]

        with django_assert_max_num_queries(26):
            import_firms(content=workbook(HEADER, *rows(20_000, 3)), actor=caseworker)
        with django_assert_max_num_queries(26):
            import_firms(content=workbook(HEADER, *rows(30_000, 300)), actor=caseworker)


class TestCommand:
    def run(self, capsys, *arguments):
        status = 0
        try:
            call_command("import_firms", *map(str, arguments))
        except SystemExit as exit_:
            status = exit_.code
        return status, json.loads(capsys.readouterr().out)

    def test_answers_with_counts(self, tmp_path, capsys):
        path = tmp_path / "名册.xlsx"
        path.write_bytes(workbook(HEADER, ONE))
        assert self.run(capsys, path, "--dry-run") == (
            0,
            {"rows": 1, "created": 1, "updated": 0, "unchanged": 0, "warnings": [], "errors": []},
        )
        assert not Firm.objects.exists()
        assert self.run(capsys, path)[1]["created"] == 1
        assert FirmName.objects.get().recorded_by == User.objects.get(username="system")

    def test_refuses_with_the_marked_file_beside_it(self, tmp_path, capsys):
        path, report = tmp_path / "名册.xlsx", tmp_path / "报告.xlsx"
        path.write_bytes(content := workbook(HEADER, ("甲", "123", "右江区", "2015-01-01")))
        status, answer = self.run(capsys, path, "--report", report)
        assert status == 1
        assert (answer["rows"], answer["created"], answer["error"]["code"]) == (1, 0, "rows_refused")
        (error,) = answer["errors"]
        assert set(error) == {"row", "column", "value", "code", "message"}
        assert (error["row"], error["column"], error["value"], error["code"]) == (
            2,
            HEADER[1],
            "123",
            "credit_code",
        )
        sheet = openpyxl.load_workbook(io.BytesIO(report.read_bytes())).active
        assert error["message"] in sheet["B2"].comment.text
        assert path.read_bytes() == content
        assert not Firm.objects.exists()

    def test_a_dry_run_that_is_refused_leaves_no_trace(self, tmp_path, capsys):
        path = tmp_path / "名册.xlsx"
        path.write_bytes(workbook(HEADER, ("甲", "123", "右江区", "2015-01-01")))
        for options, traces in ((("--dry-run",), 0), ((), 1)):
            assert self.run(capsys, path, *options)[0] == 1
            assert RefusedAttempt.objects.count() == traces

    def test_never_writes_the_report_over_the_input(self, tmp_path, capsys):
        path = tmp_path / "名册.xlsx"
        path.write_bytes(content := workbook(HEADER, ("甲", "123", "右江区", "2015-01-01")))
        assert self.run(capsys, path, "--report", path)[0] == 2
        assert path.read_bytes() == content

    def test_a_file_that_is_no_workbook_keeps_the_shape_of_the_answer(self, tmp_path, capsys):
        path = tmp_path / "名册.xlsx"
        path.write_text("企业名称")
        status, answer = self.run(capsys, path)
        assert (status, answer["error"]["code"], answer["rows"]) == (1, "unreadable_workbook", 0)

    @pytest.mark.parametrize("arguments", [[], ["nowhere.xlsx"], ["名册.xlsx", "--as", "nobody"]])
    def test_wrong_usage_is_status_2(self, arguments, tmp_path, capsys, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "名册.xlsx").write_bytes(workbook(HEADER, ONE))
        with pytest.raises(SystemExit) as exit_:
            call_command("import_firms", *arguments)
        assert exit_.value.code == 2
        assert json.loads(capsys.readouterr().out)["error"]["code"]


def test_the_template_is_an_empty_roster(caseworker):
    table = read_table(write_roster_template(), roster_columns())
    assert (table.rows, table.errors, table.warnings) == ([], [], [])
    assert len(table.headers) == len(roster_columns())


def test_a_roster_without_rows_is_read_as_such(caseworker):
    assert counts(import_firms(content=workbook(HEADER), actor=caseworker)) == (0, 0, 0, 0)


def test_a_hostile_file_is_refused(caseworker):
    with pytest.raises(Refused):
        import_firms(content=b"PK\x03\x04", actor=caseworker)
