"""The category of a row of the region's document, by what is known here."""

from decimal import Decimal

import pytest

from subsidies import enums
from subsidies.rules.provenance import derive, fingerprint
from subsidies.rules.reconciliation import Known, Outcome, Standing, reconcile

NAMES = frozenset({"甲公司", "甲旧公司"})
A, B = Decimal("80000.00"), Decimal("80000.01")


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        (None, Outcome.UNKNOWN_FIRM),
        (Known(frozenset({"乙公司"}), has_certificate=True), Outcome.NAME_DIFFERS),
        (Known(NAMES), Outcome.NO_ACCREDITATION),
        (Known(NAMES, has_certificate=True, is_revoked=True), Outcome.REVOKED),
        (Known(NAMES, has_certificate=True), Outcome.MATCHED),
        (Known(NAMES, has_certificate=True, standing=Standing(A, is_later=False)), Outcome.ALREADY_MATCHED),
        (Known(NAMES, has_certificate=True, standing=Standing(B, is_later=False)), Outcome.AMOUNT_CHANGED),
        (Known(NAMES, has_certificate=True, standing=Standing(B, is_later=True)), Outcome.ALREADY_MATCHED),
    ],
)
def test_edge_case_33_category_of_a_row(known: Known | None, outcome: Outcome) -> None:
    assert reconcile("甲公司", A, known) is outcome


def test_the_categories_are_those_of_the_table() -> None:
    assert {outcome.value for outcome in Outcome} == set(enums.Reconciliation.values)


INPUTS = {
    "certificate": {
        "number": "GR201845000001",
        "issued_on": "2018-11-28",
        "document_number": "演示高企〔2018〕1号",
        "document_date": "2018-11-28",
    },
    "regional_award": {
        "document_number": "演示桂科〔2019〕1号",
        "document_date": "2019-05-20",
        "row": 2,
        "firm_name": "甲公司",
        "credit_code": "91990000MA5K00017Y",
        "amount": "80000.00",
    },
    "scheme": {"ratio_numerator": 1, "ratio_denominator": 1, "cap": None},
}


def test_a_calculation_follows_from_its_inputs_and_names_both_documents() -> None:
    matching = derive(INPUTS)
    assert matching.amount == A
    assert matching.steps[0].startswith("高新技术企业证书GR201845000001，发证日期2018-11-28")
    assert (
        matching.steps[1]
        == "自治区文件演示桂科〔2019〕1号（2019-05-20）第2行：甲公司（91990000MA5K00017Y）。"
    )


def test_the_hash_covers_every_part_and_not_the_order_of_keys() -> None:
    whole = {"rule_set": "r", "inputs": {"a": 1, "b": 2}, "steps": ["一"], "amount": A}
    first = fingerprint(**whole)
    assert first == fingerprint(**{**whole, "inputs": {"b": 2, "a": 1}})
    changes = [{"rule_set": "s"}, {"inputs": {"a": 1}}, {"steps": ["二"]}, {"amount": B}]
    assert len({first, *(fingerprint(**{**whole, **change}) for change in changes)}) == 5
