"""The stock: edge cases 18 to 23, 25 and 48 of the domain, each a test with its number."""

import datetime as dt

import pytest

from cultivation.enums import AccreditationKind, CaseState, Origin, TargetMeasure
from cultivation.models import AnnualTarget, Division, DivisionName, Firm, FirmName, InboundRelocation
from cultivation.selectors.stock import firms_expiring, firms_in_stock, stock_at_year_ends, stock_on
from cultivation.selectors.targets import (
    county_targets,
    division_board,
    division_of_code,
    stock_target,
    stock_targets,
)

from .building import Builder

DAY = dt.timedelta(days=1)
ISSUED = dt.date(2016, 12, 1)
NOW = dt.date(2019, 6, 30)


def total(day: dt.date, division: Division | None = None) -> int:
    return stock_on(day, division).total


def test_edge_case_18_a_certificate_counts_from_issue_until_the_day_three_years_later(build: Builder) -> None:
    build.certificate(build.firm(), ISSUED)
    third = dt.date(2019, 12, 1)
    assert [total(day) for day in (ISSUED - DAY, ISSUED, third - DAY, third)] == [0, 1, 1, 0]
    assert stock_at_year_ends(2015, 2019) == {2015: 0, 2016: 1, 2017: 1, 2018: 1, 2019: 0}


def test_edge_case_18_an_expired_certificate_on_new_years_eve_is_out(build: Builder) -> None:
    build.certificate(build.firm(), dt.date(2016, 12, 31))
    build.certificate(build.firm(), dt.date(2017, 1, 1))
    assert total(dt.date(2019, 12, 31)) == 1


def test_edge_case_19_an_expiring_and_a_renewed_certificate_count_once(build: Builder) -> None:
    firm = build.firm()
    build.certificate(firm, ISSUED)
    before = total(NOW)
    build.certificate(firm, dt.date(2019, 5, 1), kind=AccreditationKind.RENEWAL)
    assert (before, total(NOW), total(dt.date(2019, 12, 31))) == (1, 1, 1)
    assert firms_in_stock(NOW).count() == 1


def test_edge_case_20_targets_are_year_end_stocks(build: Builder) -> None:
    targets = stock_targets()
    assert targets == {2017: 29, 2018: 35, 2019: 42, 2020: 50}
    assert [targets[year] - targets[year - 1] for year in (2018, 2019, 2020)] == [6, 7, 8]
    assert stock_target(2019) == 42
    assert stock_target(2021) is None


class TestEdge21:
    """Moves: across provinces with a foreign certificate, partly, inside Guangxi."""

    def test_edge_case_21_a_whole_move_counts_from_the_day_with_its_foreign_number(
        self, build: Builder
    ) -> None:
        firm = build.firm(None, since=dt.date(2010, 1, 1))
        certificate = build.certificate(
            firm, dt.date(2018, 11, 9), kind=AccreditationKind.INBOUND, number="GR201844001234"
        )
        moved = dt.date(2019, 3, 1)
        InboundRelocation.objects.create(
            firm=firm,
            moved_on=moved,
            from_place="演示省",
            is_whole=True,
            accreditation=certificate,
            document_number="演示〔2019〕2号",
            document_date=moved,
            recorded_by=build.user,
        )
        build.moves(firm, "youjiang", moved)
        assert [total(day) for day in (moved - DAY, moved)] == [0, 1]

    def test_edge_case_21_a_move_without_earlier_place_counts_from_the_day_too(self, build: Builder) -> None:
        """Where only the arrival is recorded, the firm was not here before it."""
        firm = build.firm("youjiang", since=dt.date(2019, 3, 1))
        build.certificate(firm, dt.date(2018, 11, 9))
        assert total(dt.date(2018, 12, 31)) == 1
        InboundRelocation.objects.create(
            firm=firm,
            moved_on=dt.date(2019, 3, 1),
            from_place="演示省",
            is_whole=True,
            document_number="演示〔2019〕2号",
            document_date=dt.date(2019, 3, 1),
            recorded_by=build.user,
        )
        assert [total(dt.date(2018, 12, 31)), total(dt.date(2019, 3, 1))] == [0, 1]

    def test_edge_case_21_a_move_inside_changes_the_county_only(self, build: Builder) -> None:
        firm = build.firm("youjiang")
        build.certificate(firm, ISSUED)
        moved = dt.date(2018, 7, 1)
        build.moves(firm, "pingguo", moved)
        old, new = build.division("youjiang"), build.division("pingguo")
        assert stock_on(moved - DAY).by_division == {old.pk: 1}
        assert stock_on(moved).by_division == {new.pk: 1}
        assert (total(moved, old), total(moved, new), total(moved)) == (0, 1, 1)

    def test_edge_case_21_a_firm_that_left_is_out(self, build: Builder) -> None:
        firm = build.firm("youjiang")
        build.certificate(firm, ISSUED)
        build.moves(firm, None, NOW)
        assert [total(NOW - DAY), total(NOW)] == [1, 0]


def test_edge_case_22_a_renamed_firm_counts_once(build: Builder) -> None:
    firm = build.firm()
    build.certificate(firm, ISSUED)
    FirmName.objects.create(firm=firm, name="演示新名", valid_from=NOW, recorded_by=build.user)
    Firm.objects.filter(pk=firm.pk).update(name="演示新名")
    assert total(NOW) == 1


def test_edge_case_23_a_revoked_certificate_is_out_from_the_decision(build: Builder) -> None:
    build.revoke(build.certificate(build.firm(), ISSUED), on=dt.date(2019, 4, 15))
    assert [total(dt.date(2019, 4, 14)), total(dt.date(2019, 4, 15))] == [1, 0]


def test_edge_case_25_renamed_counties_are_one_unit(build: Builder) -> None:
    build.certificate(build.firm("tianyang"), ISSUED)
    county, district = division_of_code("451021"), division_of_code("451003")
    assert county == district
    assert [total(dt.date(year, 12, 31), county) for year in (2017, 2018)] == [1, 1]
    codes = {
        row.code: row.name for day in (dt.date(2019, 1, 1), NOW) for row in division_board(day) if row.stock
    }
    assert codes == {"451021": "田阳县", "451003": "田阳区"}


@pytest.mark.parametrize("code", sorted({"451025", "451081", "451023", "451082"}))
def test_edge_case_25_every_code_that_was_valid_finds_its_unit(build: Builder, code: str) -> None:
    division = division_of_code(code)
    assert DivisionName.objects.filter(division=division, code=code).exists()


def test_edge_case_25_the_citys_code_is_the_whole_city(build: Builder) -> None:
    for key in ("youjiang", "tianyang"):
        build.certificate(build.firm(key), ISSUED)
    city = division_of_code("451000")
    assert total(NOW, city) == total(NOW) == 2
    assert stock_targets(city) == stock_targets()


def test_an_unknown_code_is_no_division(build: Builder) -> None:
    with pytest.raises(LookupError):
        division_of_code("450000")


def test_edge_case_48_county_targets_are_empty_until_entered(build: Builder) -> None:
    assert county_targets(2019).by_division == {}
    assert county_targets(2019).difference == 42
    assert stock_targets(build.division()) == {}
    for key, value in (("youjiang", 10), ("pingguo", 6)):
        AnnualTarget.objects.create(
            measure=TargetMeasure.STOCK,
            division=build.division(key),
            year=2019,
            value=value,
            origin=Origin.ENTERED,
            source="演示",
        )
    made = county_targets(2019)
    assert (made.city, made.entered, made.difference) == (42, 16, 26)
    assert {row.target for row in division_board(NOW)} == {10, 6, None}


def test_without_a_place_the_first_record_of_the_firm_tells(build: Builder) -> None:
    firm = build.firm("pingguo", since=None)
    build.certificate(firm, ISSUED)
    firm.division = build.division("youjiang")
    firm.save()
    assert stock_on(NOW).by_division == {build.division("pingguo").pk: 1}


def test_firms_without_a_certificate_do_not_count(build: Builder) -> None:
    build.case(build.firm(), (CaseState.DRAFT, dt.date(2019, 1, 1)))
    assert total(NOW) == 0


def test_expiring_firms_are_those_whose_certificates_do_not_last(build: Builder) -> None:
    end = dt.date(2019, 12, 31)
    going, lasting, renewed = build.firm(), build.firm(), build.firm()
    build.certificate(going, ISSUED)
    build.certificate(lasting, dt.date(2018, 1, 1))
    build.certificate(renewed, ISSUED)
    build.certificate(renewed, dt.date(2019, 6, 1))
    later = build.certificate(going, dt.date(2019, 7, 1))
    assert list(firms_expiring(NOW, end)) == [going]
    build.revoke(later, on=dt.date(2019, 8, 1))
    assert firms_expiring(NOW, end, build.division("pingguo")).count() == 0


def test_the_stock_takes_one_query_whatever_its_size(build: Builder, django_assert_num_queries) -> None:
    for key in ("youjiang", "tianyang", "pingguo"):
        for _number in range(5):
            build.certificate(build.firm(key), ISSUED)
    with django_assert_num_queries(1):
        assert stock_on(NOW).total == 15
    with django_assert_num_queries(4):
        assert sum(row.stock for row in division_board(NOW)) == 15
