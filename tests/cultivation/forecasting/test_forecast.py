"""The forecast from the history: what it counts, what it cannot know, and what it says about itself."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from config.common.errors import Refused
from cultivation.enums import AccreditationKind, CaseKind, CaseState, Verdict
from cultivation.models import CaseEvent, CultivationCase, ForecastPrior, InboundRelocation
from cultivation.selectors.forecasts import estimation_on, forecast, picture_of, stock_picture
from cultivation.selectors.targets import division_of_code

from .building import Builder, at_nine

AS_OF = dt.date(2019, 6, 30)
OLD = (CaseState.DRAFT, dt.date(2018, 1, 10))


def day(month: int, number: int = 1, year: int = 2018) -> dt.date:
    return dt.date(year, month, number)


@pytest.fixture
def history(build: Builder) -> Builder:
    """2018: three cases ready at midyear, two accredited by its end; of two certificates running out one renewed."""
    for decided in (day(11), day(12)):
        build.case(
            build.firm(),
            OLD,
            (CaseState.READY, day(5)),
            (CaseState.FILED, day(8)),
            (CaseState.ACCREDITED, decided),
        )
    build.case(
        build.firm(), OLD, (CaseState.READY, day(5)), (CaseState.FILED, day(8)), (CaseState.DECLINED, day(12))
    )
    lapsed, renewed = build.firm(), build.firm()
    for firm in (lapsed, renewed):
        build.certificate(firm, dt.date(2015, 9, 1))
    build.certificate(renewed, day(9), kind=AccreditationKind.RENEWAL)
    return build


def open_case(build: Builder, state: CaseState, **options: object) -> None:
    """A case opened in February 2019 that came to its state in April."""
    build.case(build.firm(), (CaseState.DRAFT, day(2, year=2019)), (state, day(4, year=2019)), **options)


def seen(as_of: dt.date = AS_OF) -> dict[tuple[str, str], tuple[int, int]]:
    """Firms seen and come through by stage and group, over all counties."""
    return {cell[:2]: row for cell, row in estimation_on(as_of).seen.items()}


def passed(as_of: dt.date = AS_OF) -> tuple[int, int]:
    passing = estimation_on(as_of).passing
    return passing.seen, passing.came


class TestEvidence:
    def test_of_cases_ready_at_midyear_two_in_three_were_accredited(self, history: Builder) -> None:
        assert seen()["ready", "recent/none"] == (3, 2)

    def test_an_accreditation_after_the_years_end_is_none_of_that_year(self, build: Builder) -> None:
        build.case(
            build.firm(),
            OLD,
            (CaseState.READY, day(5)),
            (CaseState.FILED, day(8)),
            (CaseState.ACCREDITED, day(1, 5, 2019)),
        )
        assert seen()["ready", "recent/none"] == (1, 0)

    def test_a_year_that_is_not_over_shows_nothing_yet(self, history: Builder) -> None:
        assert seen(dt.date(2018, 11, 15)) == {}

    def test_one_of_two_certificates_was_renewed(self, history: Builder) -> None:
        assert seen()["renewal", "not_begun/early"] == (2, 1)

    def test_decisions_on_filings(self, history: Builder) -> None:
        assert passed() == (3, 2)
        assert passed(dt.date(2018, 11, 30)) == (1, 1)

    def test_time_in_the_stage_and_finding_make_the_group(self, build: Builder) -> None:
        case = build.case(
            build.firm(), (CaseState.DRAFT, day(12, 2, 2017)), (CaseState.READY, day(12, 3, 2017))
        )
        found = {
            "rule_set": "演示",
            "other_cap": "internal",
            "facts": {},
            "result": {},
            "inputs_sha256": "0" * 64,
        }
        for at, verdict in ((day(3), Verdict.MANUAL), (day(5), Verdict.PASS), (day(9), Verdict.FAIL)):
            case.assessments.create(verdict=verdict, assessed_by=build.user, assessed_at=at_nine(at), **found)
        assert seen() == {("ready", "long/pass"): (1, 0)}


def pipeline(as_of: dt.date = AS_OF, division: str | None = None) -> dict[str, int]:
    """Open cases by stage."""
    place = division_of_code(division).pk if division else None
    cells = estimation_on(as_of).cells_open(place)
    return {stage: count for (stage, _group, _division), count in cells.items()}


class TestPipeline:
    def test_open_cases_by_state(self, build: Builder) -> None:
        open_case(build, CaseState.READY)
        open_case(build, CaseState.READY, kind=CaseKind.RENEWAL)
        open_case(build, CaseState.WITHDRAWN)
        assert pipeline() == {"ready": 2}

    def test_the_state_is_that_of_the_day(self, build: Builder) -> None:
        open_case(build, CaseState.READY)
        assert pipeline(dt.date(2019, 3, 31)) == {"draft": 1}
        assert pipeline(dt.date(2019, 1, 31)) == {}

    def test_a_firm_in_the_stock_is_no_addition(self, build: Builder) -> None:
        firm = build.firm()
        build.certificate(firm, dt.date(2017, 1, 1))
        build.case(firm, (CaseState.POOLED, day(2, year=2019)), kind=CaseKind.RENEWAL)
        assert pipeline() == {}

    def test_only_firms_of_the_place(self, build: Builder) -> None:
        build.case(build.firm("pingguo"), (CaseState.DRAFT, day(2, year=2019)))
        build.case(build.firm(None), (CaseState.DRAFT, day(2, year=2019)))
        assert pipeline() == {"draft": 1}
        assert pipeline(division="451082") == {"draft": 1}
        assert pipeline(division="451002") == {}


def test_the_estimate_draws_history_toward_the_prior(history: Builder) -> None:
    for _number in range(4):
        open_case(history, CaseState.READY)
    history.certificate(history.firm(), dt.date(2016, 9, 1))
    made = forecast(year=2019, as_of=AS_OF)
    # Two of three ready ones came through before and one of two was renewed: between the prior and that.
    rows = {row["stage"]: row for row in made.assumptions["pipeline"]}
    assert Decimal("0.6") < Decimal(rows["ready"]["by_year_end"]) < Decimal("0.666")
    assert (rows["ready"]["observed"], rows["ready"]["came_through"]) == (3, 2)
    # Nobody is known to have come through from "declined": the prior of 5 %, less for the 184 days left of 210.
    assert Decimal(rows["declined"]["by_year_end"]) == pytest.approx(Decimal("0.0438"), abs=Decimal("1e-3"))
    (renewal,) = made.assumptions["expiring"]
    assert Decimal("0.5") < Decimal(renewal["renewal"]) < Decimal("0.75")
    # Two accredited and one renewed in 2018, one expiring.
    assert (made.stock, made.scenario.expiring_count, made.target) == (4, 1, 42)
    answer = made.as_json()
    assert answer["assumptions"]["compared_with"][-1] == {"from": "2018-06-30", "to": "2018-12-31"}
    assert {row["key"] for row in answer["assumptions"]["priors"]} >= {"ready", "renewal"}
    assert {row["key"] for row in answer["rules"]} >= {"term_years", "expiry_day_counts"}
    assert sum(map(Decimal, answer["pmf"].values())) == pytest.approx(1)
    assert made.mean == pytest.approx(sum(row.expected for row in made.contributions))
    assert (answer["last_year_end"], float(answer["net_additions"])) == (
        4,
        pytest.approx(float(made.mean) - 4),
    )


@pytest.mark.parametrize("year", [2019, 2020, 2022])
def test_nothing_later_changes_a_forecast(history: Builder, year: int) -> None:
    """Leakage: events, certificates, revocations, moves and findings after the day leave every figure as it was."""
    open_case(history, CaseState.READY)
    going, staying = history.firm(), history.firm()
    history.certificate(going, dt.date(2016, 9, 1))
    kept = history.certificate(staying, dt.date(2018, 9, 1))
    before = forecast(year=year, as_of=AS_OF).as_json()
    later = AS_OF + dt.timedelta(days=1)
    for case in CultivationCase.objects.filter(state=CaseState.READY):
        CaseEvent.objects.create(
            case=case,
            number=3,
            at=at_nine(later),
            actor=history.user,
            action="file",
            from_state=CaseState.READY,
            to_state=CaseState.FILED,
        )
    history.case(
        history.firm(),
        (CaseState.DRAFT, later),
        (CaseState.FILED, day(8, year=2019)),
        (CaseState.ACCREDITED, day(9, year=2019)),
    )
    history.certificate(going, day(8, year=2019))
    history.revoke(kept, later)
    history.moves(staying, None, later)
    history.moves(going, "pingguo", later)
    assert forecast(year=year, as_of=AS_OF).as_json() == before


def test_a_year_that_is_over_is_refused(build: Builder) -> None:
    with pytest.raises(Refused) as caught:
        forecast(year=2018, as_of=AS_OF)
    assert caught.value.code == "year_before_as_of"


def test_without_a_prior_in_force_nothing_is_estimated(build: Builder) -> None:
    ForecastPrior.objects.filter(key="renewal").update(valid_to=AS_OF)
    with pytest.raises(Refused) as caught:
        forecast(year=2019, as_of=AS_OF)
    assert (caught.value.code, "renewal" in caught.value.message) == ("prior_missing", True)


def test_on_the_last_day_nothing_is_left_to_happen(history: Builder) -> None:
    open_case(history, CaseState.READY)
    made = forecast(year=2019, as_of=dt.date(2019, 12, 31))
    assert made.mean == pytest.approx(made.stock)
    assert made.p10 == made.p90 == made.stock


def test_edge_48_a_county_without_a_target_has_no_probability(build: Builder) -> None:
    answer = forecast(year=2019, as_of=AS_OF, division=division_of_code("451021")).as_json()
    assert (answer["division"], answer["division_name"]) == ("451003", "田阳区")
    assert answer["target_stock"] is answer["probability_met"] is None
    assert answer["needed_for_80_percent"]["new_filings"] is None
    assert answer["notes"]["target_stock"]
    assert answer["award_exposure"] is None
    assert answer["notes"]["award_exposure"]


def test_an_announced_arrival_counts_and_a_later_announcement_does_not(build: Builder) -> None:
    for announced in (dt.date(2019, 6, 1), dt.date(2019, 7, 1)):
        firm = build.firm(None)
        InboundRelocation.objects.create(
            firm=firm,
            moved_on=dt.date(2019, 9, 1),
            from_place="演示省",
            is_whole=True,
            accreditation=build.certificate(firm, dt.date(2018, 11, 1)),
            document_number="演示〔2019〕3号",
            document_date=announced,
            recorded_by=build.user,
        )
    made = forecast(year=2019, as_of=AS_OF)
    newcomers = next(row.expected for row in made.contributions if row.key == "newcomers")
    assert (made.scenario.inbound, made.mean) == (1, pytest.approx(1 + newcomers))


def test_the_queries_do_not_grow_with_the_cases(
    history: Builder, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _number in range(12):
        open_case(history, CaseState.TRAINING)
    with django_assert_max_num_queries(24):
        forecast(year=2019, as_of=AS_OF).as_json()


def test_the_picture_shows_year_ends_targets_and_bands(history: Builder) -> None:
    made = forecast(year=2019, as_of=AS_OF)
    picture = stock_picture(as_of=AS_OF, forecasts=[made])
    assert picture.year_ends == {2017: 2, 2018: 3}
    assert picture.targets == {2017: 29, 2018: 35, 2019: 42, 2020: 50}
    assert [(band.year, band.p50) for band in picture.bands] == [(2019, made.p50)]
    assert picture_of(made).targets == {2019: 42}
