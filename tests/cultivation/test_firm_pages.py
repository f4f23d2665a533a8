"""The page of a firm: what it shows to whom, and what a caseworker records there."""

import datetime as dt

import pytest
from django.urls import reverse

from config.common.overtaking import version_of
from cultivation.enums import CaseKind, CaseState
from cultivation.models import Accreditation, Firm, FirmName, InboundRelocation, MaterialChange
from cultivation.selectors.strands import firm_strands
from cultivation.services.firms import rename_firm
from tests.factories import AccreditationFactory, ContactFactory, FirmFactory, case_at, division
from tests.people import person

pytestmark = pytest.mark.django_db


def page(client, firm):
    return client.get(reverse("cultivation:firm", args=[firm.pk]))


def post(client, firm, act, seen=None, **answers):
    """Send the form of an act, as the page that was opened now would."""
    fields = {f"{act}-{name}": value for name, value in answers.items()}
    fields["seen"] = version_of(firm_strands(firm)) if seen is None else seen
    return client.post(reverse(f"cultivation:firm_{act}", args=[firm.pk]), fields)


RENAME = {
    "name": "演示新名有限公司",
    "valid_from": "2019-01-15",
    "reported_on": "2019-04-16",
    "document": "演示变更〔2019〕1号",
}
MOVE = {"division": "napo", "moved_on": "2019-05-06", "document": "演示迁移〔2019〕1号"}
INBOUND = {
    "from_place": "广西南宁市",
    "division": "pingguo",
    "origin": "guangxi",
    "extent": "part",
    "moved_on": "2019-05-06",
    "document_number": "演示迁入〔2019〕1号",
    "document_date": "2019-05-06",
    "certificate_number": "GR201745000123",
    "certificate_issued_on": "2017-10-31",
}
CHANGE = {
    "kind": "merger",
    "happened_on": "2019-03-15",
    "reported_on": "2019-04-01",
    "document": "演示报告〔2019〕1号",
}


class TestShowing:
    def test_edge_case_22_names_places_certificates_and_late_reports_over_time(self, browse, cast):
        firm = cast.firm.firm
        old = firm.name
        certificate = AccreditationFactory(firm=firm)
        case = case_at(CaseState.DRAFT, firm=firm, kind=CaseKind.RENEWAL)
        client = browse(cast.caseworker)
        post(client, firm, "rename", **RENAME)
        post(client, firm, "move", **MOVE)
        text = page(client, firm).content.decode()
        for shown in (old, RENAME["name"], certificate.certificate_number, case.number, "那坡县"):
            assert shown in text
        assert "第十九条（三）" in text

    def test_a_late_report_without_a_certificate_is_none(self, browse, cast):
        client = browse(cast.caseworker)
        post(client, cast.firm.firm, "rename", **RENAME)
        (line,) = page(client, cast.firm.firm).context["detail"].changes
        assert line.change.is_late
        assert line.flag == ""

    @pytest.mark.parametrize("who", ["firm", "county", "reviewer", "finance", "auditor"])
    def test_readers_see_no_form(self, browse, cast, who):
        answer = page(browse(getattr(cast, who)), cast.firm.firm)
        assert answer.status_code == 200
        assert answer.context["acts"] == []

    def test_the_caseworker_is_asked_what_fits_the_place(self, browse, cast):
        client = browse(cast.caseworker)
        names = [name for name, _act, _form in page(client, cast.firm.firm).context["acts"]]
        assert names == ["rename", "move", "change"]
        outside = FirmFactory(outside=True)
        assert [name for name, _act, _form in page(client, outside).context["acts"]] == [
            "rename",
            "inbound",
            "change",
        ]

    def test_firms_of_others_do_not_exist(self, browse, cast):
        other = FirmFactory(division=division("tianyang"))
        for who in (cast.firm, cast.county):
            assert page(browse(who), other).status_code == 404
            assert post(browse(who), other, "rename", **RENAME).status_code == 404
        assert page(browse(person("nobody")), other).status_code == 403

    def test_the_queries_do_not_grow_with_the_history(self, browse, cast, django_assert_max_num_queries):
        firm = cast.firm.firm

        def one_more(number: int) -> None:
            AccreditationFactory(firm=firm, issued_on=dt.date(2018, 1, 1 + number))
            rename_firm(
                firm=firm,
                name=f"演示第{number}名有限公司",
                valid_from=dt.date(2019, 1, 1 + number),
                document="演示变更〔2019〕1号",
                actor=cast.caseworker,
            )

        one_more(0)
        client = browse(cast.caseworker)
        with django_assert_max_num_queries(26) as first:
            page(client, firm)
        for number in range(1, 6):
            one_more(number)
        with django_assert_max_num_queries(len(first)):
            page(client, firm)


class TestRecording:
    def test_a_new_name_keeps_the_certificate(self, browse, cast):
        certificate = AccreditationFactory(firm=cast.firm.firm)
        assert post(browse(cast.caseworker), cast.firm.firm, "rename", **RENAME).status_code == 302
        assert Firm.objects.get(pk=cast.firm.firm_id).name == RENAME["name"]
        after = Accreditation.objects.get(pk=certificate.pk)
        assert (after.certificate_number, after.last_day) == (
            certificate.certificate_number,
            certificate.last_day,
        )

    def test_edge_case_21_a_move_to_another_county_and_out_of_baise(self, browse, cast):
        client = browse(cast.caseworker)
        assert post(client, cast.firm.firm, "move", **MOVE).status_code == 302
        assert Firm.objects.get(pk=cast.firm.firm_id).division.key == "napo"
        away = {**MOVE, "division": "outside", "moved_on": "2019-06-03"}
        assert post(client, cast.firm.firm, "move", **away).status_code == 302
        assert Firm.objects.get(pk=cast.firm.firm_id).division is None

    def test_edge_case_21_a_move_from_elsewhere_in_guangxi(self, browse, cast):
        firm = FirmFactory(outside=True)
        assert post(browse(cast.caseworker), firm, "inbound", **INBOUND).status_code == 302
        moved = InboundRelocation.objects.get(firm=firm)
        assert (moved.is_inside_guangxi, moved.is_whole) == (True, False)
        assert moved.accreditation.certificate_number == "GR201745000123"

    def test_edge_case_21_a_partial_move_from_another_area_is_told_what_it_needs(self, browse, cast):
        firm = FirmFactory(outside=True)
        answer = post(browse(cast.caseworker), firm, "inbound", **{**INBOUND, "origin": "other"})
        assert answer.status_code == 409
        assert 'role="alert"' in answer.content.decode()
        assert not InboundRelocation.objects.exists()

    def test_a_material_change(self, browse, cast):
        client = browse(cast.caseworker)
        assert post(client, cast.firm.firm, "change", **CHANGE).status_code == 302
        assert MaterialChange.objects.get().kind == "merger"
        assert "第十七条" in page(client, cast.firm.firm).content.decode()

    @pytest.mark.parametrize(
        ("act", "answers", "field"),
        [
            ("rename", {**RENAME, "name": ""}, "name"),
            ("rename", {**RENAME, "reported_on": "gestern"}, "reported_on"),
            ("move", {**MOVE, "division": "nowhere"}, "division"),
            ("change", {**CHANGE, "kind": "rename"}, "kind"),
        ],
    )
    def test_what_is_not_filled_in_is_told_beside_its_field(self, browse, cast, act, answers, field):
        answer = post(browse(cast.caseworker), cast.firm.firm, act, **answers)
        assert answer.status_code == 422
        assert f'id="id_{act}-{field}_error"' in answer.content.decode()

    def test_what_a_rule_refuses_leaves_the_firm_as_it_was(self, browse, cast):
        answer = post(browse(cast.caseworker), cast.firm.firm, "move", **{**MOVE, "division": "youjiang"})
        assert answer.status_code == 409
        assert Firm.objects.get(pk=cast.firm.firm_id).division.key == "youjiang"
        assert not FirmName.objects.exists()

    @pytest.mark.parametrize(
        ("act", "answers"), [("rename", RENAME), ("move", MOVE), ("inbound", INBOUND), ("change", CHANGE)]
    )
    def test_nobody_else_records(self, browse, cast, act, answers):
        for who in (cast.firm, cast.county, cast.reviewer, cast.finance, cast.auditor):
            assert post(browse(who), cast.firm.firm, act, **answers).status_code == 403
        stranger = person("superuser")
        stranger.is_superuser = True
        stranger.save()
        assert post(browse(stranger), cast.firm.firm, act, **answers).status_code == 403
        assert Firm.objects.get(pk=cast.firm.firm_id).name == "演示育苗科技有限公司"


class TestPoolReview:
    """Edge case 45 on the list and on the page of a case."""

    def test_edge_case_45_over_two_years_in_the_pool_is_a_filter_and_a_flag(self, browse, cast, clock):
        ContactFactory(firm=cast.firm.firm)
        case = case_at(CaseState.POOLED, firm=cast.firm.firm)
        clock(dt.date(2021, 6, 30))
        assert browse(cast.caseworker).get("/cases/").context["overdue"] == set()
        clock(dt.date(2021, 7, 1))
        fresh = case_at(CaseState.POOLED)
        client = browse(cast.caseworker)
        answer = client.get("/cases/")
        assert (answer.context["overdue"], answer.context["overdue_cases"]) == ({case.pk}, 1)
        rows = client.get("/cases/", {"review": "1"}).context["rows"]
        assert [found for found, _name in rows] == [case]
        assert client.get(reverse("cultivation:case", args=[case.pk])).context["overdue"]
        assert not client.get(reverse("cultivation:case", args=[fresh.pk])).context["overdue"]

    def test_edge_case_45_is_the_office_s_own_matter(self, browse, cast, clock):
        ContactFactory(firm=cast.firm.firm)
        case = case_at(CaseState.POOLED, firm=cast.firm.firm)
        clock(dt.date(2021, 7, 1))
        client = browse(cast.firm)
        assert client.get("/cases/", {"review": "1"}).context["overdue"] == set()
        text = client.get(reverse("cultivation:case", args=[case.pk])).content.decode()
        assert case.number in text
        assert "应复核" not in text


def test_the_pages_of_a_firm_are_linked(browse, cast):
    text = page(browse(cast.caseworker), cast.firm.firm).content.decode()
    for name in ("self_check", "ledger", "ip_uses", "tiers", "benefits"):
        assert f'"{reverse(f"cultivation:{name}", args=[cast.firm.firm_id])}"' in text


class TestTwoPeople:
    def test_the_second_is_told_from_what_to_what_and_loses_nothing(self, browse, cast):
        firm = cast.firm.firm
        old, seen = firm.name, version_of(firm_strands(firm))
        post(browse(cast.caseworker2), firm, "rename", **RENAME)
        post(browse(cast.caseworker2), firm, "move", **MOVE)
        typed = {**CHANGE, "document": "演示报告〔2019〕77号"}
        client = browse(cast.caseworker)
        answer = post(client, firm, "change", seen=seen, **typed)
        assert answer.status_code == 409
        assert typed["document"] in answer.content.decode()
        told = {(line.what, line.was, line.becomes, line.actor) for line in answer.context["meanwhile"]}
        assert told >= {
            ("名称", old, RENAME["name"], "caseworker2"),
            ("县（市、区）", "右江区", "那坡县", "caseworker2"),
        }
        assert any(RENAME["document"] in line.what for line in answer.context["meanwhile"])
        assert not MaterialChange.objects.filter(document=typed["document"]).exists()
        assert post(client, firm, "change", seen=answer.context["seen"], **typed).status_code == 302

    @pytest.mark.parametrize("seen", ["", "x", "0.0", "-1.2", "9" * 30])
    def test_a_page_that_does_not_say_what_it_showed_does_nothing(self, browse, cast, seen):
        answer = post(browse(cast.caseworker), cast.firm.firm, "rename", seen=seen, **RENAME)
        assert answer.status_code == 409
        assert not FirmName.objects.filter(name=RENAME["name"]).exists()
