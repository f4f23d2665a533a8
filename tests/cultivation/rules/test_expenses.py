"""Properties that any aggregation must have, whatever the amounts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cultivation.rules.expenses import OtherCap, aggregate_year, missing_categories, required_ratio
from cultivation.rules.facts import EXPENSE_KEYS, RdExpenses
from cultivation.rules.rulesets import NEWEST

amounts = st.integers(0, 10**13).map(lambda fen: Decimal(fen) / 100)
spending = st.builds(RdExpenses, **dict.fromkeys(EXPENSE_KEYS, amounts))
caps = st.sampled_from(OtherCap)


@settings(deadline=None)
@given(spending, caps)
def test_what_counts_never_exceeds_what_was_spent(spent, cap):
    counted = aggregate_year(spent, NEWEST, cap)
    assert 0 <= counted.other_allowed <= Fraction(spent.other)
    assert (
        0 <= counted.domestic <= counted.total <= sum(Fraction(getattr(spent, key)) for key in EXPENSE_KEYS)
    )


@settings(deadline=None)
@given(spending)
def test_other_expenses_are_a_fifth_of_the_whole_at_most(spent):
    internal = aggregate_year(spent, NEWEST, OtherCap.INTERNAL)
    with_outsourced = aggregate_year(spent, NEWEST, OtherCap.WITH_OUTSOURCED)
    assert internal.other_allowed * 5 <= internal.internal
    assert with_outsourced.other_allowed * 5 <= with_outsourced.total
    assert internal.total <= with_outsourced.total


@settings(deadline=None)
@given(spending, st.sampled_from(EXPENSE_KEYS), amounts, caps)
def test_spending_more_never_counts_less(spent, key, more, cap):
    values = {name: getattr(spent, name) for name in EXPENSE_KEYS}
    raised = RdExpenses(**values | {key: values[key] + more})
    assert aggregate_year(raised, NEWEST, cap).total >= aggregate_year(spent, NEWEST, cap).total


def test_a_category_without_an_amount_is_not_taken_for_zero():
    spent = RdExpenses(personnel=Decimal(1))
    assert missing_categories(spent) == EXPENSE_KEYS[1:]
    with pytest.raises(ValueError, match="direct_input"):
        aggregate_year(spent, NEWEST)


@settings(deadline=None)
@given(amounts, amounts)
def test_larger_sales_never_ask_for_a_larger_share(one, two):
    low, high = sorted((one, two))
    assert required_ratio(low, NEWEST) >= required_ratio(high, NEWEST)
