"""One spelling for a number, each item once, and when a filing keeps an item from the next."""

from datetime import date

import pytest

from cultivation.rules.facts import parse_facts
from cultivation.rules.intellectual_property import count_property
from cultivation.rules.property_numbers import registration_number
from cultivation.rules.property_use import Outcome, Use, note_on, standing
from tests.cultivation.rules.judged import finding
from tests.cultivation.rules.sample import facts, own_patent, utility_model

ON = date(2019, 6, 30)


def counted(*items):
    return count_property(parse_facts({"ip": list(items)}).ip)


def use(outcome, *, own=False, holds_until=None, filed_on=date(2018, 8, 10)):
    return Use(filed_on=filed_on, own=own, outcome=outcome, holds_until=holds_until)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ZL201510123456.7", "ZL201510123456.7"),
        ("zl 2015 1 0123456.7", "ZL201510123456.7"),
        ("ＺＬ２０１５１０１２３４５６．７", "ZL201510123456.7"),
        ("201510123456.7", "ZL201510123456.7"),
        ("ZL2015101234567", "ZL201510123456.7"),
        ("ZL201520123456.x", "ZL201520123456.X"),
        ("99123456.7", "ZL99123456.7"),
        ("2018SR 123456", "2018SR123456"),
        ("软著登字第\u200b1234567号", "软著登字第1234567号"),
        ("BS.155001234", "BS.155001234"),
        ("2015101234567", "2015101234567"),
        ("  ", ""),
    ],
)
def test_a_number_has_one_spelling(typed, kept):
    assert registration_number(typed) == kept
    assert registration_number(kept) == kept


def test_the_same_item_twice_counts_once():
    one = utility_model(number="ZL201520123456.7")
    twin = utility_model(number="201520123456.7", title="一种演示装置")
    found = counted(one, twin, utility_model(number="ZL201520123457.1"))
    assert found.class_two == 2
    assert found.excluded == ("ip[1]（201520123456.7，一种演示装置） 与 ip[0] 为同一项，不重复计",)


def test_items_without_a_number_are_not_taken_for_one_another():
    assert counted(utility_model(), utility_model(number=""), utility_model(number=None)).class_two == 3


def test_edge_case_16_what_is_left_out_is_named_by_number_title_and_ledger():
    item = utility_model(
        used_before=True,
        number="ZL201520123456.7",
        title="一种演示装置",
        ledger="台账：本企业 2018-08-10 申报已使用",
    )
    note = finding(facts(ip=[own_patent(), item]), "core_ip").note
    assert (
        "ip[1]（ZL201520123456.7，一种演示装置） 为Ⅱ类且以前申报已使用，不计（台账：本企业 2018-08-10 申报已使用）"
        in note
    )


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("own", [True, False])
def test_edge_case_16_class_two_is_spent_by_one_filing_of_anybody(outcome, own):
    found = standing([use(outcome, own=own)], ip_class=2, on=ON, unsuccessful_counts=True)
    assert found.spent_by == 0


@pytest.mark.parametrize("outcome", list(Outcome))
def test_whether_a_filing_that_failed_spends_it_is_a_parameter(outcome):
    found = standing([use(outcome, own=True)], ip_class=2, on=ON, unsuccessful_counts=False)
    assert (found.spent_by is None) == (outcome in (Outcome.DECLINED, Outcome.WITHDRAWN))


def test_class_one_is_never_spent():
    uses = [use(outcome, own=True) for outcome in Outcome]
    assert standing(uses, ip_class=1, on=ON, unsuccessful_counts=True).is_free


@pytest.mark.parametrize("ip_class", [1, 2, None])
@pytest.mark.parametrize(
    ("other", "held"),
    [
        (use(Outcome.UNDER_WAY), True),
        (use(Outcome.ACCREDITED, holds_until=ON), True),
        (use(Outcome.ACCREDITED, holds_until=date(2019, 6, 29)), False),
        (use(Outcome.EARLIER, holds_until=ON), True),
        (use(Outcome.EARLIER), False),
        (use(Outcome.DECLINED), False),
        (use(Outcome.WITHDRAWN), False),
        (use(Outcome.UNDER_WAY, own=True), False),
        (use(Outcome.ACCREDITED, own=True, holds_until=ON), False),
    ],
)
def test_edge_case_16_co_owned_property_serves_one_firm_while_its_filing_or_certificate_runs(
    other, held, ip_class
):
    found = standing([other], ip_class=ip_class, on=ON, unsuccessful_counts=True)
    assert (found.held_by == 0) == held


def test_the_first_filing_that_stands_against_it_is_the_one_named():
    uses = [use(Outcome.DECLINED, own=True), use(Outcome.ACCREDITED, holds_until=ON), use(Outcome.UNDER_WAY)]
    found = standing(uses, ip_class=2, on=ON, unsuccessful_counts=False)
    assert (found.spent_by, found.held_by) == (1, 1)


def test_a_note_names_no_other_firm():
    assert note_on(use(Outcome.DECLINED, own=True)) == "台账：本企业 2018-08-10 申报已使用"
    assert (
        note_on(use(Outcome.ACCREDITED, holds_until=ON))
        == "台账：其他企业 2018-08-10 申报已使用，资格存续至 2019-06-30"
    )
