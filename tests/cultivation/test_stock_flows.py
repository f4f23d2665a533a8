"""What moved the stock between two days: every firm in one place, and the sums come out (edge cases 18 to 21, 25)."""

import datetime as dt
import random

import pytest

from cultivation.enums import AccreditationKind, StockChange
from cultivation.models import Firm, FirmDivision
from cultivation.selectors.stock import stock_on
from cultivation.selectors.stock_flows import stock_flows
from tests.factories import AccreditationFactory, FirmFactory, division, staff

OPENED, CLOSED = dt.date(2018, 12, 31), dt.date(2019, 12, 31)
EARLY, MIDDLE = dt.date(2018, 11, 28), dt.date(2019, 6, 1)


def place(firm: Firm, key: str | None, since: dt.date) -> None:
    FirmDivision.objects.create(
        firm=firm, division=division(key) if key else None, valid_from=since, recorded_by=staff().caseworker
    )


def certificate(firm: Firm, issued: dt.date, kind=AccreditationKind.FIRST, **more):
    last_day = more.pop("last_day", issued.replace(year=issued.year + 3) - dt.timedelta(days=1))
    return AccreditationFactory(firm=firm, issued_on=issued, last_day=last_day, kind=kind, **more)


def changes(flow) -> dict[StockChange, int]:
    return {change: n for change, n in flow.changes.items() if n}


@pytest.fixture
def firm(db):
    firm = FirmFactory()
    place(firm, "youjiang", dt.date(2015, 1, 1))
    return firm


def test_edge_case_18_a_certificate_that_ends_on_the_last_day_still_counts_and_is_gone_the_day_after(firm):
    certificate(firm, dt.date(2017, 1, 1), last_day=CLOSED)
    assert changes(stock_flows(OPENED, CLOSED).city) == {}
    assert changes(stock_flows(OPENED, CLOSED + dt.timedelta(days=1)).city) == {StockChange.EXPIRED: 1}


def test_edge_case_19_a_renewal_adds_nothing_net(firm):
    certificate(firm, dt.date(2016, 11, 30))
    certificate(firm, MIDDLE, AccreditationKind.RENEWAL)
    flow = stock_flows(OPENED, CLOSED).city
    assert (flow.opening, flow.closing, flow.renewed, changes(flow)) == (1, 1, 1, {})


def test_edge_case_19_a_renewal_after_a_gap_comes_back(firm):
    certificate(firm, dt.date(2015, 11, 30))
    certificate(firm, MIDDLE, AccreditationKind.RENEWAL)
    assert changes(stock_flows(OPENED, CLOSED).city) == {StockChange.BACK: 1}


def test_edge_case_20_net_additions_are_the_difference_of_two_year_ends(db):
    for n in range(9):
        certificate(FirmFactory(), EARLY if n < 2 else MIDDLE)
    flow = stock_flows(OPENED, CLOSED).city
    assert (flow.opening, flow.gains, flow.losses, flow.closing, flow.net) == (2, 7, 0, 9, 7)


def test_edge_case_21_a_move_inside_changes_the_counties_only(firm):
    certificate(firm, EARLY)
    place(firm, "tianyang", MIDDLE)
    flows = stock_flows(OPENED, CLOSED)
    assert changes(flows.city) == {}
    assert changes(flows.of(division("youjiang").pk)) == {StockChange.TO_COUNTY: 1}
    assert changes(flows.of(division("tianyang").pk)) == {StockChange.FROM_COUNTY: 1}


def test_edge_case_21_a_whole_move_comes_in_and_one_goes_out(firm):
    certificate(firm, EARLY)
    place(firm, None, MIDDLE)
    other = FirmFactory(outside=True)
    place(other, None, dt.date(2015, 1, 1))
    place(other, "tianyang", MIDDLE)
    certificate(other, EARLY, AccreditationKind.INBOUND, certificate_number="GR201844001234")
    flows = stock_flows(OPENED, CLOSED)
    assert changes(flows.city) == {StockChange.OUTBOUND: 1, StockChange.INBOUND: 1}
    assert changes(flows.of(division("tianyang").pk)) == {StockChange.INBOUND: 1}


def test_edge_case_23_a_revoked_firm_is_out_from_the_decision_on(firm):
    certificate(firm, EARLY, revoked=True)
    assert changes(stock_flows(OPENED, CLOSED).city) == {StockChange.REVOKED: 1}


def test_edge_case_25_a_county_that_is_upgraded_moves_nobody(db):
    """田阳县 became 田阳区 and 平果县 became 平果市 in 2019."""
    for key in ("tianyang", "pingguo"):
        certificate(FirmFactory(division=division(key)), EARLY)
    flows = stock_flows(OPENED, CLOSED)
    for key in ("tianyang", "pingguo"):
        unit = division(key)
        assert unit.name_on(OPENED) != unit.name_on(CLOSED)
        flow = flows.of(unit.pk)
        assert (flow.opening, flow.closing, changes(flow)) == (1, 1, {})


def test_an_unmoved_county_has_an_empty_flow(db):
    assert stock_flows(OPENED, CLOSED).of(division("napo").pk).as_json() == {
        "opening": 0,
        "closing": 0,
        "renewed": 0,
        **{change.value: 0 for change in StockChange},
    }


def _life(rng: random.Random) -> None:
    """A firm with a random life: places inside and outside, certificates with gaps, revocations."""
    firm = FirmFactory()
    keys = ["youjiang", "tianyang", "pingguo", None]
    for year in sorted(rng.sample(range(2014, 2020), rng.randint(1, 3))):
        place(firm, rng.choice(keys), dt.date(year, rng.randint(1, 12), 15))
    day = dt.date(rng.randint(2014, 2017), rng.randint(1, 12), 10)
    kind = AccreditationKind.FIRST
    while day < CLOSED and rng.random() < 0.8:
        ended = rng.random() < 0.2
        revoked = (
            {"revoked": True, "revoked_on": day + dt.timedelta(days=rng.randint(0, 1000))} if ended else {}
        )
        certificate(firm, day, kind, **revoked)
        day = day.replace(year=day.year + 3) + dt.timedelta(days=rng.randint(-90, 300))
        kind = AccreditationKind.RENEWAL


@pytest.mark.parametrize("seed", range(3))
def test_opening_gains_losses_and_closing_agree_with_the_stock_of_both_days(db, seed):
    rng = random.Random(seed)
    for _n in range(40):
        _life(rng)
    for opened in (dt.date(2016, 12, 31), dt.date(2018, 3, 31)):
        before, after = stock_on(opened), stock_on(CLOSED)
        flows = stock_flows(opened, CLOSED)
        assert (flows.city.opening, flows.city.closing) == (before.total, after.total)
        for flow in (flows.city, *flows.by_division.values()):
            assert flow.opening + flow.gains - flow.losses == flow.closing
        for key in before.by_division | after.by_division:
            flow = flows.of(key)
            assert (flow.opening, flow.closing) == (
                before.by_division.get(key, 0),
                after.by_division.get(key, 0),
            )
