"""Exclusions: looked through, recorded by document, ended by a second person, imported all or not at all."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.common.errors import NotAllowed
from config.common.workbooks import RowsRefused
from subsidies.enums import AwardState, ExclusionKind
from subsidies.models import Exclusion
from subsidies.services import claims
from subsidies.services.exclusion_import import import_exclusions, write_exclusion_template
from tests.overtaking import from_page
from tests.subsidies.awarding import CaptureCount, calculate, refused
from tests.subsidies.claiming import exclude
from tests.subsidies.factories import accreditation, award_at, office, scheme_version
from tests.workbooks import workbook

LIST = "/subsidies/exclusions/"
NEW = "/subsidies/exclusions/new/"
HEADERS = ("统一社会信用代码", "情形", "认定机关", "文号", "文件日期", "生效日期", "终止日期", "备注")


def page(exclusion):
    return reverse("subsidies:exclusion", kwargs={"pk": exclusion.pk})


def end(exclusion):
    return reverse("subsidies:exclusion_end", kwargs={"pk": exclusion.pk})


def answers(of, **changes):
    return {
        "firm": of.credit_code,
        "kind": "safety",
        "authority": "演示市应急管理局",
        "document_number": "演示应急罚〔2019〕1号",
        "document_date": "2019-06-01",
        "effective_from": "2019-06-01",
        **changes,
    }


def row(firm, **changes):
    told = {
        "code": firm.credit_code,
        "kind": "严重环境违法",
        "authority": "演示市生态环境局",
        "number": "演示环罚〔2019〕3号",
        "date": "2019-06-01",
        "from": "2019-06-01",
        "until": None,
        "remark": None,
        **changes,
    }
    return tuple(told.values())


def hand_in(*rows, **changes):
    return import_exclusions(**{"content": workbook(HEADERS, *rows), "actor": office().caseworker, **changes})


class TestList:
    def test_shows_what_is_in_force_today_unless_asked_otherwise(self, client, cast):
        standing = exclude(cast.firm.firm)
        over = exclude(accreditation().firm, effective_until=dt.date(2019, 6, 30))
        coming = exclude(accreditation().firm, effective_from=dt.date(2019, 7, 1))
        client.force_login(cast.auditor)

        def shown(**query):
            return set(client.get(LIST, query).context["rows"])

        assert shown() == {standing}
        assert shown(state="over") == {over}
        assert shown(state="coming") == {coming}
        assert shown(state="all") == {standing, over, coming}
        assert shown(state="nonsense") == {standing}
        assert shown(state="all", kind="environment") == {standing, over, coming}
        assert shown(state="all", kind="safety") == set()
        assert shown(q="演示育苗") == {standing}
        assert shown(q=cast.firm.firm.credit_code.lower()) == {standing}
        assert shown(q="生态环境局") == {standing}
        assert shown(q="没有") == set()

    def test_finds_a_firm_by_an_earlier_name(self, client, cast):
        firm = cast.firm.firm
        firm.names.create(
            name="演示旧名有限公司", valid_from=dt.date(2010, 1, 1), recorded_by=cast.caseworker
        )
        found = exclude(firm)
        client.force_login(cast.auditor)
        assert client.get(LIST, {"q": "演示旧名"}).context["rows"] == [found]

    def test_asks_no_more_for_many_than_for_one(self, client, cast):
        exclude(cast.firm.firm)
        client.force_login(cast.finance)
        with CaptureQueriesContext(connection) as one:
            client.get(LIST)
        for _number in range(5):
            exclude(accreditation().firm)
        with CaptureQueriesContext(connection) as many:
            client.get(LIST)
        assert len(many) == len(one) > 0

    def test_comes_as_a_workbook_as_shown(self, client, cast):
        exclude(cast.firm.firm, remark="=HYPERLINK(1)")
        exclude(accreditation().firm, effective_until=dt.date(2019, 6, 2))
        client.force_login(cast.auditor)
        answer = client.get(reverse("documents:export", args=["exclusions"]), {"state": "standing"})
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert len(rows) == 2
        assert rows[1][:2] == (cast.firm.firm.name, cast.firm.firm.credit_code)
        assert rows[1][8] == "=HYPERLINK(1)"

    def test_goes_on_by_key(self, client, cast):
        found = [exclude(accreditation().firm) for _number in range(52)]
        client.force_login(cast.auditor)
        first = client.get(LIST).context
        rest = client.get(LIST, {"after": first["next"]}).context
        assert len(first["rows"]) == 50
        assert {*first["rows"], *rest["rows"]} == set(found)
        assert rest["next"] == ""


class TestRecording:
    @pytest.mark.parametrize("who", ["caseworker", "reviewer"])
    def test_counts_at_once(self, client, cast, who):
        scheme_version(exclusions=["safety"])
        award = award_at(AwardState.CALCULATED)
        client.force_login(getattr(cast, who))
        answer = client.post(NEW, answers(award.firm, firm=f" {award.firm.credit_code.lower()} "))
        exclusion = Exclusion.objects.get()
        assert answer["Location"] == page(exclusion)
        assert (exclusion.firm, exclusion.kind) == (award.firm, ExclusionKind.SAFETY)
        assert exclusion.document_number in client.get(page(exclusion)).content.decode()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"firm": "91990000MA5K00099X"}, "firm"),
            ({"kind": "weather"}, "kind"),
            ({"authority": " "}, "authority"),
            ({"document_number": ""}, "document_number"),
            ({"document_date": "2019-07-01"}, "document_date"),
            ({"effective_from": "2019-02-30"}, "effective_from"),
            ({"effective_until": "2019-06-01"}, "effective_until"),
        ],
    )
    def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(self, client, cast, changes, field):
        client.force_login(cast.caseworker)
        answer = client.post(NEW, answers(cast.firm.firm, remark="已电话核实", **changes))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert "已电话核实" in answer.content.decode()
        assert not Exclusion.objects.exists()

    def test_the_same_finding_twice_is_refused(self, client, cast):
        client.force_login(cast.caseworker)
        client.post(NEW, answers(cast.firm.firm))
        assert client.post(NEW, answers(cast.firm.firm)).status_code == 409
        assert Exclusion.objects.count() == 1

    @pytest.mark.parametrize("who", ["finance", "auditor", "administrator", "county", "firm"])
    def test_nobody_else_records(self, client, cast, who):
        client.force_login(getattr(cast, who))
        assert client.post(NEW, answers(cast.firm.firm)).status_code == 403
        assert not Exclusion.objects.exists()

    def test_begins_with_the_firm_it_came_from(self, client, cast):
        client.force_login(cast.caseworker)
        form = client.get(NEW, {"firm": cast.firm.firm.credit_code}).context["form"]
        assert form.initial["firm"] == cast.firm.firm.credit_code


class TestEnding:
    ANSWERS = {"until": "2019-06-20", "reason": "演示环〔2019〕9号：已整改"}

    def test_a_second_person_ends_it_by_document(self, client, cast):
        exclusion = exclude(cast.firm.firm, actor=cast.caseworker)
        client.force_login(cast.caseworker2)
        assert client.post(end(exclusion), from_page(client, page(exclusion), **self.ANSWERS))[
            "Location"
        ] == page(exclusion)
        exclusion.refresh_from_db()
        assert (exclusion.ended_by, exclusion.effective_until) == (cast.caseworker2, dt.date(2019, 6, 20))
        assert "演示环〔2019〕9号" in client.get(page(exclusion)).content.decode()

    def test_the_person_who_recorded_it_does_not(self, client, cast):
        exclusion = exclude(cast.firm.firm, actor=cast.caseworker)
        client.force_login(cast.caseworker)
        assert end(exclusion) not in client.get(page(exclusion)).content.decode()
        answer = client.post(end(exclusion), from_page(client, page(exclusion), **self.ANSWERS))
        assert answer.status_code == 403
        assert "演示环〔2019〕9号" in answer.content.decode()
        exclusion.refresh_from_db()
        assert exclusion.ended_at is None

    @pytest.mark.parametrize("who", ["finance", "auditor", "administrator", "county", "firm"])
    def test_nor_does_another_role(self, client, cast, who):
        exclusion = exclude(cast.firm.firm, actor=cast.caseworker)
        client.force_login(getattr(cast, who))
        assert (
            client.post(end(exclusion), from_page(client, page(exclusion), **self.ANSWERS)).status_code == 403
        )

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"reason": ""}, "reason"), ({"until": "x"}, "until"), ({"until": "2019-06-01"}, "until")],
    )
    def test_a_fault_stands_at_its_field(self, client, cast, changes, field):
        exclusion = exclude(cast.firm.firm, actor=cast.caseworker)
        client.force_login(cast.reviewer)
        answer = client.post(end(exclusion), from_page(client, page(exclusion), **(self.ANSWERS | changes)))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]

    def test_a_page_that_is_out_of_date_is_told_so(self, client, cast):
        exclusion = exclude(cast.firm.firm, actor=cast.caseworker)
        claims.end_exclusion(
            exclusion=exclusion, until=dt.date(2019, 6, 10), reason="已撤销", actor=cast.reviewer
        )
        client.force_login(cast.caseworker2)
        answer = client.post(end(exclusion), from_page(client, page(exclusion), **self.ANSWERS))
        assert answer.status_code == 409
        assert answer.context["exclusion"].end_reason == "已撤销"


class TestImport:
    def test_takes_over_every_row_and_again_nothing(self, db):
        firms = [accreditation().firm for _number in range(3)]
        rows = [row(firm) for firm in firms]
        assert hand_in(*rows).created == 3
        before = list(Exclusion.objects.order_by("pk").values())
        report = hand_in(*rows)
        assert (report.created, report.unchanged) == (0, 3)
        assert list(Exclusion.objects.order_by("pk").values()) == before

    def test_one_that_was_ended_keeps_its_end(self, db):
        firm = accreditation().firm
        hand_in(row(firm))
        claims.end_exclusion(
            exclusion=Exclusion.objects.get(),
            until=dt.date(2019, 6, 9),
            reason="已撤销",
            actor=office().reviewer,
        )
        assert hand_in(row(firm)).unchanged == 1
        assert Exclusion.objects.get().effective_until == dt.date(2019, 6, 9)

    def test_a_trial_writes_nothing(self, db):
        assert hand_in(row(accreditation().firm), dry_run=True).created == 1
        assert not Exclusion.objects.exists()

    def test_one_faulty_row_refuses_all_and_each_fault_is_named(self, db):
        good, other = accreditation().firm, accreditation().firm
        exclude(other, document_number="演示环罚〔2019〕7号")
        with pytest.raises(RowsRefused) as refusal:
            hand_in(
                row(good),
                row(good),
                row(other, kind="天气"),
                row(other, until="2019-06-01"),
                row(other, number="演示环罚〔2019〕7号", **{"from": "2019-05-01"}),
                row(other, code="91990000MA5K00017Y"),
                row(other, date="2019-07-01"),
            )
        found = [(error.row, error.column, error.code) for error in refusal.value.errors]
        assert found == [
            (3, "文号", "duplicate_row"),
            (4, "情形", "unknown_kind"),
            (5, "终止日期", "span_empty"),
            (6, "文号", "exclusion_differs"),
            (7, "统一社会信用代码", "unknown_firm"),
            (8, "文件日期", "date_in_future"),
        ]
        assert Exclusion.objects.count() == 1

    def test_is_not_finances(self, db):
        with pytest.raises(NotAllowed):
            hand_in(row(accreditation().firm), actor=office().finance)

    def test_the_template_is_the_form_of_the_list(self, db):
        assert hand_in(content=write_exclusion_template()).rows == 0

    def test_asks_no_more_for_many_rows_than_for_few(self, db):
        office()
        few = [row(accreditation().firm) for _number in range(2)]
        many = [row(accreditation().firm) for _number in range(8)]
        with CaptureCount() as first:
            hand_in(*few, dry_run=True)
        with CaptureCount() as second:
            hand_in(*many, dry_run=True)
        assert first.count == second.count


def test_an_imported_finding_stops_the_award_of_the_firm(db):
    scheme_version(exclusions=["environment"])
    award = award_at(AwardState.AWAITING_BASIS)
    hand_in(row(award.firm))
    assert refused(lambda: calculate(award)) == "excluded"
