"""What the correction of a certificate makes necessary for the awards that rest on it (edge case 50)."""

import pytest
from django.urls import reverse

from subsidies.enums import AwardState
from subsidies.views.corrections import consequence_of
from tests.subsidies.factories import award_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(cast):
    return award_at(AwardState.PAID, amount="30000.00")


def reach(client, award, **headers):
    return client.get(reverse("subsidies:correction_reach", args=[award.accreditation_id]), **headers)


@pytest.mark.parametrize("who", ["caseworker", "reviewer", "finance", "auditor"])
def test_the_city_reads_it_as_a_page_or_a_panel(client, cast, award, who):
    client.force_login(getattr(cast, who))
    page = reach(client, award)
    assert page.context["rows"] == [(award, consequence_of(award))]
    panel = reach(client, award, headers={"HX-Request": "true"}).content.decode()
    assert (award.number in panel, "<html" in panel) == (True, False)


@pytest.mark.parametrize("who", ["county", "firm", "administrator"])
def test_nobody_else_does(client, cast, award, who):
    client.force_login(getattr(cast, who))
    assert reach(client, award).status_code == 403


def test_each_state_has_its_own_consequence(award):
    words = {}
    for state in AwardState:
        award.__dict__["state"] = state
        award.calculation_id = 1
        words[state] = consequence_of(award)
    assert words[AwardState.REVIEWED] == words[AwardState.DISCLOSED] != words[AwardState.CALCULATED]
    assert words[AwardState.PAID] == words[AwardState.RECOVERED] != words[AwardState.APPROVED]
    assert words[AwardState.LISTED] not in (words[AwardState.PAID], words[AwardState.APPROVED])
    award.calculation_id = None
    assert consequence_of(award) not in words.values()
