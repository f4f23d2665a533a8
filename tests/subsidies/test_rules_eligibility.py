"""Who qualifies: the switches of a scheme, table by table."""

import pytest

from subsidies import enums
from subsidies.rules.eligibility import Once, Reason, Switch, Switches, eligibility

YES, NO, UNDECIDED = Switch.YES, Switch.NO, Switch.UNDECIDED


def switches(of_kind: Switch, once: Once) -> Switches:
    return Switches(kinds={"first": of_kind}, once_per=once)


@pytest.mark.parametrize("once", list(Once))
@pytest.mark.parametrize(
    ("of_kind", "reason"),
    [(YES, Reason.QUALIFIES), (NO, Reason.KIND_EXCLUDED), (UNDECIDED, Reason.KIND_UNDECIDED)],
)
def test_a_firms_first_award_depends_on_the_kind_alone(of_kind: Switch, reason: Reason, once: Once) -> None:
    found = eligibility("first", switches(of_kind, once))
    assert (found.decision, found.reason, found.earlier) == (of_kind, reason, "")


@pytest.mark.parametrize(
    ("of_kind", "once", "decision", "reason"),
    [
        (YES, Once.FIRM, NO, Reason.ALREADY_AWARDED),
        (YES, Once.ACCREDITATION, YES, Reason.QUALIFIES),
        (YES, Once.UNDECIDED, UNDECIDED, Reason.ONCE_UNDECIDED),
        (NO, Once.FIRM, NO, Reason.KIND_EXCLUDED),
        (NO, Once.ACCREDITATION, NO, Reason.KIND_EXCLUDED),
        (NO, Once.UNDECIDED, NO, Reason.KIND_EXCLUDED),
        (UNDECIDED, Once.FIRM, NO, Reason.ALREADY_AWARDED),
        (UNDECIDED, Once.ACCREDITATION, UNDECIDED, Reason.KIND_UNDECIDED),
        (UNDECIDED, Once.UNDECIDED, UNDECIDED, Reason.KIND_UNDECIDED),
    ],
)
def test_a_further_award_also_depends_on_what_once_means(
    of_kind: Switch, once: Once, decision: Switch, reason: Reason
) -> None:
    found = eligibility("first", switches(of_kind, once), ["JL-00001", "JL-00007"])
    assert (found.decision, found.reason) == (decision, reason)


def test_the_first_award_is_named() -> None:
    assert eligibility("first", switches(YES, Once.FIRM), ["JL-00001", "JL-00007"]).earlier == "JL-00001"


def test_the_words_are_those_of_the_tables() -> None:
    assert {switch.value for switch in Switch} == set(enums.Decision.values)
    assert {once.value for once in Once} == set(enums.OncePer.values)
