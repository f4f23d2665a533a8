"""Rule sets are dated data: chosen by date, never two on one day, and never changed once they have judged."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cultivation.rules.catalogue import CATALOGUE
from cultivation.rules.dated import NoRuleSet, OverlappingRules, in_force, in_order, named
from tests.cultivation.rules.amended import AMENDED, BEGINS, ENDED

# A changed value or source changes these: then an old assessment could no longer be made again. An amendment is a
# further rule set; only a misprint that never judged anything may be corrected here.
HASHES = {
    "gkfh-2016-32-195": "e61f3138dd26ca650aca24369b4e351d102bff22e2e691ba6c5129d8c2d1eaeb",
    "gkfz-2017-115": "7ae54913abcccf4d84983f89e1bc17ee4c6844a5ba9f55d6ecf0c33a3871997c",
    "cs-2015-119": "84e0736582a1be0ec424ff70a14c149f2853cf8ea99cd574b50d1b045203991a",
    "cs-2018-64": "5759a6c6f2882d1cf4dbf5d6ce80dc6afa02fd49d02728c68e360101e6ce6ba0",
    "sat-2021-28": "d99bcdbed9649f5bce7b1d2a67607ad994d1d818dbc90f62607a74b44ed7cc20",
}


def test_no_rule_set_on_record_has_changed():
    assert {rules.name: rules.sha256 for family in CATALOGUE for rules in family} == HASHES


def test_the_hash_is_over_every_value_and_source_but_not_over_the_end():
    rules = ENDED
    assert replace(rules, valid_until=None).sha256 == rules.sha256
    share = rules.staff_share
    for changed in (
        replace(share, value=share.value + 1),
        replace(share, source=replace(share.source, article="第一条")),
    ):
        assert replace(rules, staff_share=changed).sha256 != rules.sha256


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
