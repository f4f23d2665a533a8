"""The scores the figures leave to the experts."""

import pytest

from cultivation.rules.self_check import judge

from .sample import PASSING, year


def ranges(**changes):
    facts = {key: value for key, value in {**PASSING, **changes}.items() if value is not None}
    found = judge(facts).as_json()["innovation_range"]
    return {name: (part["low"], part["high"], part["known"]) for name, part in found.items()}


def test_every_part_and_their_sum():
    found = ranges()
    assert found["ip"] == (8, 30, True)
    assert found["organisation"] == (0, 20, True)
    assert found["growth_sales"] == (5, 6, True)
    parts = [found[name] for name in found if name != "total"]
    assert found["total"] == (sum(p[0] for p in parts), sum(p[1] for p in parts), True)


def test_experts_have_no_part_in_it():
    assert ranges() == ranges(expert_scores=None, experts=None)


@pytest.mark.parametrize(
    ("changes", "part", "expected"),
    [
        ({"ip": None}, "ip", (0, 30, False)),
        ({"conversions": None}, "conversion", (0, 30, False)),
        ({"conversions": [1, 1, 0]}, "conversion", (0, 30, False)),
        ({"conversions": [0, 0, 0]}, "conversion", (0, 0, True)),
        ({"years": [year(2017), year(2018)], "conversions": [5, 5]}, "growth_sales", (0, 10, False)),
    ],
)
def test_what_is_not_settled_is_as_wide_as_it_can_be(changes, part, expected):
    found = ranges(**changes)
    assert found[part] == expected
    assert found["total"][2] is expected[2]
