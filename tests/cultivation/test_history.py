"""What the auditor reads of how records changed: of any kind, field by field, and the links that lead there."""

import datetime as dt

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from cultivation.enums import CaseState, TargetMeasure
from cultivation.models import AnnualTarget, User
from cultivation.selectors.field_history import RecordChange, changes_of, changes_of_record, history_kinds
from cultivation.services.targets import enter_target, withdraw_target
from documents.models import Organ, PolicyDocument
from tests.factories import ContactFactory, case_at, division
from tests.people import Cast

pytestmark = pytest.mark.django_db


def url(kind: str = "", pk: int | None = None) -> str:
    if not kind:
        return reverse("cultivation:history")
    if pk is None:
        return reverse("cultivation:history_of_kind", args=[kind])
    return reverse("cultivation:history_of_record", args=[kind, pk])


def log(actor: User, record: User, message: str) -> None:
    """What the administration writes down when somebody is changed there."""
    LogEntry.objects.create(
        user=actor,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(record.pk),
        object_repr=str(record),
        action_flag=CHANGE,
        change_message=message,
    )


def changes(kind: str, pk: int | None = None) -> list[RecordChange]:
    found = changes_of(kind, pk)
    assert found is not None
    return list(found.every())


class TestVersions:
    def test_each_change_names_field_and_both_values(self, cast: Cast) -> None:
        firm = cast.firm.firm
        firm.address, firm.division = "中山路1号", division("tianyang")
        firm.save()
        latest, first = list(changes_of_record(firm).every())
        found = {change.field: (change.before, change.after) for change in latest.changes}
        assert found == {"县（市、区）": ("右江区", "田阳区"), "地址": ("", "中山路1号")}
        assert (first.act, first.changes) == ("登记", [])

    def test_it_takes_the_same_queries_for_many_changes(self, cast: Cast, django_assert_num_queries) -> None:
        firm = cast.firm.firm
        for number in range(4):
            firm.address = f"中山路{number}号"
            firm.save()
        with django_assert_num_queries(4):
            assert len(list(changes_of_record(firm).every())) == 5

    def test_a_record_that_was_taken_away_keeps_its_history(self, cast: Cast) -> None:
        target = enter_target(
            measure=TargetMeasure.STOCK,
            division=division("tianyang"),
            year=2021,
            value=9,
            source="演示",
            actor=cast.caseworker,
        )
        pk = target.pk
        withdraw_target(target=target, reason="县区选错", actor=cast.caseworker)
        assert [(row.act, row.by, row.reason) for row in changes("annualtarget", pk)] == [
            ("取消", cast.caseworker, "县区选错"),
            ("登记", cast.caseworker, ""),
        ]
        assert not AnnualTarget.objects.filter(pk=pk).exists()

    def test_a_change_across_pages_is_told_against_the_version_before_it(self, cast: Cast) -> None:
        organ = Organ.objects.create(key="one")
        for key in ("two", "three"):
            organ.key = key
            organ.save()
        other = Organ.objects.create(key="other")
        seen, after = [], ""
        for _turn in range(9):
            found = changes_of("organ")
            assert found is not None
            (row,), after = found.page(after=after, size=1)
            seen.append((int(row.key), [(change.before, change.after) for change in row.changes]))
            if not after:
                break
        assert seen == [
            (other.pk, []),
            (organ.pk, [("two", "three")]),
            (organ.pk, [("one", "two")]),
            (organ.pk, []),
        ]


class TestLog:
    def test_what_the_administration_did_with_people(self, cast: Cast) -> None:
        assert changes_of("user") is None
        log(cast.administrator, cast.finance, "修改了 角色。")
        log(cast.administrator, cast.auditor, "修改了 姓名。")
        assert [(row.by, row.act, row.reason) for row in changes("user", cast.finance.pk)] == [
            (cast.administrator, "变化", "修改了 角色。")
        ]

    def test_it_is_a_kind_beside_those_kept_in_versions(self, cast: Cast) -> None:
        log(cast.administrator, cast.finance, "修改了 角色。")
        kinds = {kind.key: kind.count for kind in history_kinds()}
        assert kinds["user"] == 1
        assert kinds["firm"] == 1
        assert {"annualtarget", "tiercriterion", "organ", "organname", "policydocument"} <= set(kinds)


class TestPages:
    def test_the_index_leads_to_every_kind_and_to_what_is_told_step_by_step(
        self, client: Client, cast: Cast
    ) -> None:
        client.force_login(cast.auditor)
        page = client.get(url()).content.decode()
        for kind in history_kinds():
            assert url(kind.key) in page
        for route in (
            "cultivation:cases",
            "subsidies:awards",
            "subsidies:payment_lists",
            "documents:notices",
        ):
            assert reverse(route) in page

    def test_from_the_kind_to_the_record_and_back_to_its_page(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.auditor)
        firm = cast.firm.firm
        firm.name = "演示新名科技有限公司"
        firm.save()
        assert url("firm", firm.pk) in client.get(url("firm")).content.decode()
        page = client.get(url("firm", firm.pk)).content.decode()
        for word in (
            "演示育苗科技有限公司",
            "演示新名科技有限公司",
            reverse("cultivation:firm", args=[firm.pk]),
        ):
            assert word in page

    def test_a_document_that_acts_rest_on(self, client: Client, cast: Cast) -> None:
        basis = PolicyDocument.objects.create(title="演示办法", issuer="演示市", source="演示")
        basis.document_number, basis.issued_on = "演示〔2019〕1号", dt.date(2019, 1, 2)
        basis.save()
        client.force_login(cast.auditor)
        page = client.get(url("policydocument", basis.pk)).content.decode()
        assert "演示〔2019〕1号" in page
        assert "2019-01-02" in page

    @pytest.mark.parametrize(("kind", "pk"), [("case", None), ("firm", 999_999), ("nothing", 1), ("user", 1)])
    def test_what_is_unknown_does_not_exist(
        self, client: Client, cast: Cast, kind: str, pk: int | None
    ) -> None:
        client.force_login(cast.auditor)
        assert client.get(url(kind, pk)).status_code == 404

    @pytest.mark.parametrize(("name", "shown"), [("auditor", True), ("caseworker", False), ("firm", False)])
    def test_the_links_are_for_the_auditor_alone(
        self, client: Client, cast: Cast, name: str, shown: bool
    ) -> None:
        ContactFactory(firm=cast.firm.firm)
        case = case_at(CaseState.POOLED, firm=cast.firm.firm)
        client.force_login(getattr(cast, name))
        refusals = f"{reverse('cultivation:refusals')}?about=case:{case.pk}"
        assert (refusals in client.get(reverse("cultivation:case", args=[case.pk])).content.decode()) is shown
        page = client.get(reverse("cultivation:firm", args=[case.firm_id])).content.decode()
        assert (url("firm", case.firm_id) in page) is shown
