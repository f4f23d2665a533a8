"""The page of a panel: ranges beside every input, faults at their items, and nothing for firms and counties."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cultivation.enums import CaseState
from cultivation.models import CultivationCase, ExpertSheet, Firm
from tests.cultivation.pages import own_case, page
from tests.cultivation.sheets import FINANCE, TECHNICAL, record_panel
from tests.factories import case_at, give_facts
from tests.overtaking import from_page
from tests.people import Cast


@pytest.fixture
def case(cast: Cast) -> CultivationCase:
    found = own_case(cast, CaseState.POOLED)
    give_facts(found, conversions=[5, 5, 4])
    return found


def url(name: str, case: CultivationCase, *arguments: Any) -> str:
    return reverse(f"cultivation:{name}", args=[case.pk, *arguments])


def look(client: Client, case: CultivationCase) -> str:
    answer = client.get(url("expert_sheets", case))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def send(client: Client, case: CultivationCase, kind: str, **changes: Any) -> Any:
    items = {**(TECHNICAL if kind == "technical" else FINANCE), **changes}
    fields = {
        f"{kind}-score_{key}": value for key, value in items.items() if key not in ("expert", "is_leader")
    }
    fields[f"{kind}-expert"] = changes.get("expert", "专家甲")
    if changes.get("is_leader"):
        fields[f"{kind}-is_leader"] = "on"
    given = from_page(client, url("expert_sheets", case), **fields)
    return client.post(url("expert_sheet_record", case, kind), given)


class TestRanges:
    def test_stand_beside_every_input_with_their_reason(self, browse, cast, case) -> None:
        text = look(browse(cast.caseworker), case)
        assert "年平均 4.67 项" in text
        assert re.search(r'name="technical-score_conversion"[^>]*min="19" max="24"', text)
        assert re.search(r'name="technical-score_ip_quantity"[^>]*min="7" max="8"', text)
        assert re.search(r'name="finance-score_sales"[^>]*min="5" max="6"', text)
        assert 'name="finance-is_leader"' not in text

    def test_are_there_for_readers_without_the_forms(self, browse, cast, case) -> None:
        for reader in (cast.reviewer, cast.auditor, cast.finance):
            text = look(browse(reader), case)
            assert "年平均 4.67 项" in text
            assert 'method="post" action="/cases' not in text


class TestRecording:
    def test_a_sheet_goes_in_and_is_shown(self, browse, cast, case) -> None:
        client = browse(cast.caseworker)
        answer = send(client, case, "technical", conversion=20, expert="专家甲", is_leader=True)
        assert (answer.status_code, answer["Location"]) == (302, url("expert_sheets", case))
        sheet = ExpertSheet.objects.get()
        assert (sheet.expert, sheet.is_leader, sheet.scores["conversion"]) == ("专家甲", True, 20)
        assert "专家甲" in look(client, case)

    def test_points_outside_are_named_at_their_item_and_what_was_typed_stays(
        self, browse, cast, case
    ) -> None:
        answer = send(browse(cast.caseworker), case, "technical", conversion=25, expert="专家甲")
        text = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#technical"' in text
        assert "科技成果转化能力为 25 分，须为 19–24 的整数分（年平均 4.67 项）" in text
        assert (
            re.search(r'name="technical-score_conversion"[^>]*value="25"', " ".join(text.split()))
            or 'value="25"' in text
        )
        assert not ExpertSheet.objects.exists()

    @pytest.mark.parametrize("points", ["", "7.5", "七", "9" * 400])
    def test_what_is_no_whole_number_is_asked_again(self, browse, cast, case, points) -> None:
        answer = send(browse(cast.caseworker), case, "finance", sales=points)
        assert answer.status_code == 422
        assert not ExpertSheet.objects.exists()

    def test_an_unknown_sheet_does_not_exist(self, browse, cast, case) -> None:
        assert send(browse(cast.caseworker), case, "other").status_code == 404

    def test_outside_the_pool_the_page_reads_only(self, browse, cast, case) -> None:
        CultivationCase.objects.filter(pk=case.pk).update(state=CaseState.DRAFT)
        client = browse(cast.caseworker)
        assert 'action="/cases' not in look(client, case)
        answer = send(client, case, "finance")
        assert answer.status_code == 409
        assert answer.context["message"] in answer.content.decode()
        assert not ExpertSheet.objects.exists()

    def test_facts_that_cannot_be_read_are_said_instead_of_ranges(self, browse, cast, case) -> None:
        Firm.objects.filter(pk=case.firm_id).update(registered_on=dt.date(2019, 7, 1))
        client = browse(cast.caseworker)
        assert "registered_on" in look(client, case)
        assert send(client, case, "finance").status_code == 409


class TestPanel:
    def test_shows_average_and_composition(self, browse, cast, case) -> None:
        give_facts(case)
        record_panel(case)
        text = look(browse(cast.reviewer), case)
        assert re.search(r"<dd> 77 </dd>", text)
        assert "state-good" in text

    def test_says_what_is_missing_to_more_than_seventy(self, browse, cast, case) -> None:
        give_facts(case)
        record_panel(case)
        for sheet in ExpertSheet.objects.filter(kind="technical"):
            sheet.scores |= {"ip_level": 0, "ip_support": 5}
            sheet.save()
        assert "专家组平均分恰为 70 分，须高于 70 分（不含）" in look(browse(cast.auditor), case)

    def test_marks_a_sheet_that_no_longer_fits(self, browse, cast, case) -> None:
        give_facts(case)
        record_panel(case)
        give_facts(case, conversions=[4, 4, 4])
        text = look(browse(cast.caseworker), case)
        assert text.count("须为 19–24 的整数分（年平均 4 项）") == 4


class TestWithdrawing:
    def test_needs_a_reason_and_keeps_the_sheet_on_the_page(self, browse, cast, case) -> None:
        give_facts(case)
        sheet = record_panel(case)[0]
        client, address = browse(cast.caseworker), url("expert_sheet_withdraw", case, sheet.pk)
        assert client.post(address, {}).status_code == 422
        reason = {f"withdraw-{sheet.pk}-reason": "专家回避"}
        fields = from_page(client, url("expert_sheets", case), **reason)
        assert client.post(address, fields).status_code == 302
        assert "专家回避" in look(client, case)
        again = client.post(address, from_page(client, url("expert_sheets", case), **reason))
        assert again.status_code == 409
        assert again.context["message"] in again.content.decode()

    def test_a_sheet_of_another_case_does_not_exist_here(self, browse, cast, case) -> None:
        give_facts(case)
        sheet = record_panel(case)[0]
        other = case_at(CaseState.POOLED)
        answer = browse(cast.caseworker).post(url("expert_sheet_withdraw", other, sheet.pk), {"reason": "x"})
        assert answer.status_code == 404


class TestSecrecy:
    def test_neither_firm_nor_county_learns_who_judged(self, browse, cast, case) -> None:
        give_facts(case)
        sheets = record_panel(case)
        ExpertSheet.objects.filter(pk=sheets[0].pk).update(expert="覃秘密")
        client = browse(cast.caseworker)
        address = url("expert_sheet_withdraw", case, sheets[0].pk)
        fields = {f"withdraw-{sheets[0].pk}-reason": "覃秘密回避"}
        client.post(address, from_page(client, url("expert_sheets", case), **fields))
        assert "覃秘密" in page(client, case)
        for reader in (cast.firm, cast.county):
            client = browse(reader)
            assert "覃秘密" not in page(client, case)
            assert client.get(url("expert_sheets", case)).status_code == 403
            assert client.post(address, {}).status_code == 403
