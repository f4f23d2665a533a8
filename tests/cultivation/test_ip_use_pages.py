"""The property page of a firm: usable or not and why; other firms' names for the bureau alone."""

import datetime as dt

import pytest
from django.urls import reverse

from cultivation.enums import CaseState
from cultivation.models import Firm, IpUse
from tests.cultivation.pages import own_case
from tests.cultivation.property import MODEL, PATENT, filed_with
from tests.factories import FirmFactory, give_facts
from tests.people import Cast

ANSWERS = {
    "number": "zl201520123456.1",
    "kind": "utility_model",
    "filed_on": "2016-08-01",
    "document": "演申报〔2016〕7号",
}


def address(firm: Firm, name: str = "ip_uses") -> str:
    return reverse(f"cultivation:{name}", args=[firm.pk])


@pytest.fixture
def firm(cast: Cast) -> Firm:
    """The cast's firm declares two items that another firm has filed."""
    filed_with(PATENT, MODEL, firm=FirmFactory(name="演示抢先科技有限公司"))
    give_facts(own_case(cast, CaseState.POOLED), ip=[PATENT, MODEL])
    return cast.firm.firm


def test_everybody_learns_that_an_item_is_taken_and_the_bureau_by_whom(browse, cast, firm) -> None:
    for reader, told in (
        (cast.firm, False),
        (cast.county, False),
        (cast.caseworker, True),
        (cast.auditor, True),
    ):
        text = browse(reader).get(address(firm)).content.decode()
        assert text.count("state-bad") == 2
        assert "其他企业 2019-06-30" in text
        assert ("演示抢先科技有限公司" in text) == told
        assert ("PY2019-" in text.split("<table")[1]) == told


def test_an_earlier_use_is_entered_by_the_caseworker(browse, cast, firm) -> None:
    client = browse(cast.caseworker)
    answer = client.post(address(firm, "ip_use_record"), ANSWERS)
    assert (answer.status_code, answer["Location"]) == (302, address(firm))
    use = IpUse.objects.get(firm=firm)
    assert (use.number, use.filed_on, use.document) == (
        "ZL201520123456.1",
        dt.date(2016, 8, 1),
        "演申报〔2016〕7号",
    )
    assert "演申报〔2016〕7号" in client.get(address(firm)).content.decode()
    assert client.post(address(firm, "ip_use_record"), ANSWERS).status_code == 409


def test_a_form_that_is_not_filled_in_is_asked_again(browse, cast, firm) -> None:
    for name in ANSWERS:
        answer = browse(cast.caseworker).post(address(firm, "ip_use_record"), {**ANSWERS, name: ""})
        assert answer.status_code == 422
    answer = browse(cast.caseworker).post(address(firm, "ip_use_record"), {**ANSWERS, "kind": "trademark"})
    assert answer.status_code == 422
    assert not IpUse.objects.filter(firm=firm).exists()


def test_others_read_only(browse, cast, firm) -> None:
    for reader in (cast.firm, cast.county, cast.reviewer, cast.auditor):
        client = browse(reader)
        assert address(firm, "ip_use_record") not in client.get(address(firm)).content.decode()
        assert client.post(address(firm, "ip_use_record"), ANSWERS).status_code == 403


def test_an_empty_page_says_so(browse, cast) -> None:
    answer = browse(cast.caseworker).get(address(FirmFactory()))
    assert answer.context["rows"] == []
