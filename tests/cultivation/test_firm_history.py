"""What the auditor reads of how a firm's record changed, and the links that lead there."""

import pytest
from django.test import Client
from django.urls import reverse

from cultivation.enums import CaseState
from cultivation.selectors.field_history import field_history
from tests.factories import ContactFactory, case_at, division
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_each_change_names_field_and_both_values(cast: Cast) -> None:
    firm = cast.firm.firm
    firm.address, firm.division = "中山路1号", division("tianyang")
    firm.save()
    latest, first = field_history(firm)
    found = {change.field: (change.before, change.after) for change in latest.changes}
    assert len(found) == 2
    assert ("", "中山路1号") in found.values()
    assert first.changes == []


def test_it_takes_the_same_queries_for_many_changes(cast: Cast, django_assert_num_queries) -> None:
    firm = cast.firm.firm
    for number in range(4):
        firm.address = f"中山路{number}号"
        firm.save()
    with django_assert_num_queries(2):
        assert len(field_history(firm)) == 5


def test_the_page_shows_who_changed_what(client: Client, cast: Cast) -> None:
    firm = cast.firm.firm
    firm.name = "演示新名科技有限公司"
    firm.save()
    client.force_login(cast.auditor)
    page = client.get(reverse("cultivation:firm_history", args=[firm.pk])).content.decode()
    assert "演示育苗科技有限公司" in page
    assert "演示新名科技有限公司" in page


@pytest.mark.parametrize(("name", "shown"), [("auditor", True), ("caseworker", False), ("firm", False)])
def test_the_links_are_for_the_auditor_alone(client: Client, cast: Cast, name: str, shown: bool) -> None:
    ContactFactory(firm=cast.firm.firm)
    case = case_at(CaseState.POOLED, firm=cast.firm.firm)
    client.force_login(getattr(cast, name))
    refusals = f"{reverse('cultivation:refusals')}?about=case:{case.pk}"
    assert (refusals in client.get(reverse("cultivation:case", args=[case.pk])).content.decode()) is shown
    history = reverse("cultivation:firm_history", args=[case.firm_id])
    page = client.get(reverse("cultivation:firm", args=[case.firm_id])).content.decode()
    assert (history in page) is shown
