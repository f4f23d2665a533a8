"""A calculation done again on its page: the same, contradicted by the records, or overtaken by a lawful change."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.urls import reverse

from subsidies.enums import AwardState
from subsidies.services.awards import send_back_award
from subsidies.services.calculation import calculate_award
from subsidies.services.overrides import confirm_override, propose_override
from tests.subsidies.claiming import receive
from tests.subsidies.factories import award_at, grant, office, scheme_version
from tests.subsidies.tampering import tamper


@pytest.fixture
def award(db):
    return award_at(AwardState.CALCULATED)


def look(client, award, calculation=None):
    client.force_login(office().caseworker)
    pk = (calculation or award.calculation).pk
    return client.get(reverse("subsidies:award_calculation", args=[award.pk, pk]))


def changes(answer) -> list[tuple[str, str]]:
    return [(line.stored, line.recorded) for line in answer.context["changes"]]


def test_it_agrees_and_shows_every_input(client, award):
    answer = look(client, award)
    assert answer.status_code == 200
    assert answer.context["comparison"].holds
    assert answer.context["tampered"] == answer.context["changes"] == []
    text = answer.content.decode()
    document = award.regional_award.document
    for told in (award.calculation.sha256, document.sha256, document.policy.document_number, "捌万元整"):
        assert told in text


def test_a_record_changed_under_it_is_named_with_both_values(client, award):
    tamper("UPDATE subsidies_regionalaward SET amount = 7000000 WHERE id = %s", [award.regional_award_id])
    answer = look(client, award)
    comparison = answer.context["comparison"]
    assert (comparison.same_hash, comparison.same_result, comparison.holds) == (True, True, False)
    [line] = answer.context["tampered"]
    assert (line.stored, line.recorded) == ("80000.00", "70000.00")


def test_a_changed_calculation_derives_another_result(client, award):
    tamper("UPDATE subsidies_calculation SET amount = 100 WHERE id = %s", [award.calculation_id])
    comparison = look(client, award).context["comparison"]
    assert (comparison.same_hash, comparison.same_result) == (False, False)
    assert comparison.amount == Decimal("80000.00")


def test_inputs_that_come_to_nothing_are_no_fault_of_the_page(client, award):
    inputs = award.calculation.inputs
    inputs["regional_award"]["amount"] = "0.00"
    tamper(
        "UPDATE subsidies_calculation SET inputs = %s WHERE id = %s",
        [json.dumps(inputs), award.calculation_id],
    )
    answer = look(client, award)
    assert answer.status_code == 200
    assert answer.context["comparison"].amount is None


def test_a_later_document_of_the_region_is_a_lawful_change(client, award):
    grant(award.firm, "60000.00", document_date=dt.date(2019, 6, 1))
    answer = look(client, award)
    assert answer.context["comparison"].holds
    assert ("80000.00", "60000.00") in changes(answer)


def test_money_from_elsewhere_that_was_recorded_since_is_a_lawful_change(client, db):
    scheme_version(stacking="higher")
    award = award_at(AwardState.CALCULATED)
    receive(award)
    answer = look(client, award)
    assert answer.context["comparison"].holds
    assert len(changes(answer)) == 4


def test_an_amount_set_by_hand_agrees(client, award):
    override = propose_override(
        award=award,
        amount=Decimal("70000.00"),
        reason="核减",
        document_number="演示科函〔2019〕8号",
        actor=office().caseworker,
    )
    award = confirm_override(override=override, actor=office().reviewer)
    answer = look(client, award)
    assert answer.context["comparison"].holds
    assert answer.context["in_force"]
    assert "演示科函〔2019〕8号" in answer.content.decode()


def test_an_earlier_calculation_stays_readable(client, award):
    first = award.calculation
    award = send_back_award(award=award, actor=office().reviewer, reason="重算")
    award = calculate_award(award=award, actor=office().caseworker)
    answer = look(client, award, first)
    assert answer.status_code == 200
    assert not answer.context["in_force"]
    assert look(client, award).context["in_force"]


def test_of_another_award_it_does_not_exist(client, award):
    assert look(client, award, award_at(AwardState.CALCULATED).calculation).status_code == 404
