"""Rule sets are dated data: chosen by date, never two on one day, and never changed once they have judged."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from cultivation.rules import rulesets
from cultivation.rules.assessment import assess
from cultivation.rules.catalogue import CATALOGUE
from cultivation.rules.dated import NoRuleSet, OverlappingRules, in_force, in_order, named
from cultivation.rules.facts import parse_facts
from cultivation.rules.rules_of_2016 import RULES_OF_2016
from cultivation.rules.thresholds import Mark
from tests.cultivation.rules.amended import AMENDED, BEGINS, ENDED
from tests.cultivation.rules.sample import facts

# A changed value or source changes these: then an old assessment could no longer be made again. An amendment is a
# further rule set; only a misprint that never judged anything may be corrected here.
HASHES = {
    "gkfh-2016-32-195": "05132ef384aa3a3336e779d50190176d122fe0652f82fe4cc4be2b9588c3d12b",
    "gkfh-2016-32-duties": "441996c43f8db295539fd088ccb1b4ed50888389859c5bfed7f2ca1aa5095139",
    "gkfz-2017-115": "7ae54913abcccf4d84983f89e1bc17ee4c6844a5ba9f55d6ecf0c33a3871997c",
    "cs-2015-119": "84e0736582a1be0ec424ff70a14c149f2853cf8ea99cd574b50d1b045203991a",
    "cs-2018-64": "5759a6c6f2882d1cf4dbf5d6ce80dc6afa02fd49d02728c68e360101e6ce6ba0",
    "sat-2021-28": "d99bcdbed9649f5bce7b1d2a67607ad994d1d818dbc90f62607a74b44ed7cc20",
}


def test_no_rule_set_on_record_has_changed():
    assert {rules.name: rules.sha256 for family in CATALOGUE for rules in family} == HASHES


def altered(record):
    """The record once for every single value in it, with that value changed."""
    for field in fields(record):
        if not field.metadata.get("hashed", True):
            continue
        for value in changes(getattr(record, field.name)):
            yield f"{type(record).__name__}.{field.name}", replace(record, **{field.name: value})


def changes(value):
    if is_dataclass(value):
        yield from (changed for _name, changed in altered(value))
    elif isinstance(value, tuple):
        yield value[:-1]
        for index, item in enumerate(value):
            yield from ((*value[:index], changed, *value[index + 1 :]) for changed in changes(item))
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Fraction):
        yield value + 1
        yield value - Fraction(1, 10**9)
    elif isinstance(value, str):
        yield value + "。"
    elif isinstance(value, date):
        yield value + timedelta(days=1)


def test_a_change_of_any_value_or_source_is_another_hash():
    seen = {RULES_OF_2016.sha256: "as it is"}
    for name, changed in altered(RULES_OF_2016):
        assert changed.sha256 not in seen, (name, seen[changed.sha256])
        seen[changed.sha256] = name
    assert len(seen) > 300


def test_how_far_a_figure_was_checked_and_when_the_rules_end_is_no_part_of_the_hash():
    ended = replace(RULES_OF_2016, valid_until=date(2030, 1, 1))
    source = replace(RULES_OF_2016.years_source, mark=Mark.UNVERIFIED, remark="待核")
    assert ended.sha256 == replace(RULES_OF_2016, years_source=source).sha256 == RULES_OF_2016.sha256


def test_a_value_without_a_canonical_form_is_refused():
    odd = replace(RULES_OF_2016, accounting_years=3.0)
    with pytest.raises(TypeError, match="float"):
        _hash = odd.sha256


@pytest.mark.parametrize(
    ("filed_on", "rule_set", "status"),
    [("2019-06-30", ENDED.name, "pass"), ("2019-07-01", AMENDED.name, "fail")],
)
def test_a_second_rule_set_is_chosen_by_the_filing_date(monkeypatch, filed_on, rule_set, status):
    monkeypatch.setattr(rulesets, "RULE_SETS", in_order(ENDED, AMENDED))
    answer = assess(parse_facts(facts(filed_on=filed_on))).as_json()
    found = {finding["code"]: finding for finding in answer["findings"]}
    assert answer["rule_set"] == rule_set
    assert found["technical_staff_share"]["status"] == status


def test_the_filing_date_chooses():
    family = in_order(ENDED, AMENDED)
    assert in_force(family, BEGINS - timedelta(days=1)) is ENDED
    assert in_force(family, BEGINS) is AMENDED
    with pytest.raises(NoRuleSet):
        in_force(family, date(2015, 12, 31))
    assert named(family, AMENDED.name) is AMENDED


@pytest.mark.parametrize(
    "family",
    [
        (AMENDED, ENDED),
        (replace(ENDED, valid_until=None), AMENDED),
        (replace(ENDED, valid_until=BEGINS + timedelta(days=1)), AMENDED),
        (ENDED, replace(AMENDED, name=ENDED.name)),
        (ENDED, replace(AMENDED, valid_until=BEGINS)),
    ],
)
def test_two_on_one_day_are_refused(family):
    with pytest.raises(OverlappingRules):
        in_order(*family)
