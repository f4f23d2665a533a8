"""The forecast from the history: what it counts, what it cannot know, and what it says about itself."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction as F

import pytest

from config.common.errors import Refused
from cultivation.enums import AccreditationKind, CaseKind, CaseState
from cultivation.models import CaseEvent, CultivationCase, InboundRelocation
from cultivation.selectors.case_history import pass_evidence, pipeline_on, renewal_evidence, stage_evidence
from cultivation.selectors.forecasts import forecast, picture_of, stock_picture
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


class TestEvidence:
    def test_of_cases_ready_at_midyear_two_in_three_were_accredited(self, history: Builder) -> None:
        found = stage_evidence(dt.date(2018, 6, 30), dt.date(2018, 12, 31), AS_OF)
        assert {stage: (row.trials, row.successes) for stage, row in found.items()} == {"ready": (3, 2)}

    def test_an_accreditation_after_the_years_end_is_none_of_that_year(self, history: Builder) -> None:
        found = stage_evidence(dt.date(2018, 6, 30), dt.date(2018, 11, 30), AS_OF)
        assert found["ready"].successes == 1

    def test_what_was_recorded_later_is_not_known_yet(self, history: Builder) -> None:
        found = stage_evidence(dt.date(2018, 6, 30), dt.date(2018, 12, 31), dt.date(2018, 11, 15))
        assert found["ready"].successes == 1

    def test_one_of_two_certificates_was_renewed(self, history: Builder) -> None:
        found = renewal_evidence(dt.date(2018, 6, 30), dt.date(2018, 12, 31))
        assert (found.trials, found.successes) == (2, 1)

    def test_decisions_on_filings(self, history: Builder) -> None:
        assert (pass_evidence(AS_OF).trials, pass_evidence(AS_OF).successes) == (3, 2)
        assert pass_evidence(dt.date(2018, 11, 30)).trials == 1


class TestPipeline:
    def test_open_cases_by_state_and_kind(self, build: Builder) -> None:
        open_case(build, CaseState.READY)
        open_case(build, CaseState.READY, kind=CaseKind.RENEWAL)
        open_case(build, CaseState.WITHDRAWN)
        assert pipeline_on(AS_OF) == {("ready", True): 1, ("ready", False): 1}

    def test_the_state_is_that_of_the_day(self, build: Builder) -> None:
        open_case(build, CaseState.READY)
        assert pipeline_on(dt.date(2019, 3, 31)) == {("draft", True): 1}
        assert pipeline_on(dt.date(2019, 1, 31)) == {}

    def test_a_firm_in_the_stock_is_no_addition(self, build: Builder) -> None:
        firm = build.firm()
        build.certificate(firm, dt.date(2017, 1, 1))
        build.case(firm, (CaseState.POOLED, day(2, year=2019)), kind=CaseKind.RENEWAL)
        assert pipeline_on(AS_OF) == {}

    def test_only_firms_of_the_place(self, build: Builder) -> None:
        build.case(build.firm("pingguo"), (CaseState.DRAFT, day(2, year=2019)))
        build.case(build.firm(None), (CaseState.DRAFT, day(2, year=2019)))
        assert pipeline_on(AS_OF) == {("draft", True): 1}
        assert pipeline_on(AS_OF, division_of_code("451082")) == {("draft", True): 1}
        assert pipeline_on(AS_OF, division_of_code("451002")) == {}


def test_the_estimate_draws_history_toward_the_prior(history: Builder) -> None:
    for _number in range(4):
        open_case(history, CaseState.READY)
    history.certificate(history.firm(), dt.date(2016, 9, 1))
    made = forecast(year=2019, as_of=AS_OF)
    # Four cases' worth of the prior of 60 % and two of three observed; 75 % and one of two for the renewal.
    ready = F("0.6") * 4 / 7 + F(2, 7)
    # The declined firm of 2018 is back in the pool; nobody is known to have come through from there: 5 %, less for
    # the 184 days left of 210.
    declined = F("0.05") * 184 / 210
    assert [(row.stage, row.trials.count, row.trials.probability) for row in made.scenario.pipeline] == [
        ("ready", 4, ready),
        ("declined", 1, declined),
    ]
    assert [row.trials.probability for row in made.scenario.expiring] == [F(3 + 1, 6)]
    assert made.scenario.pass_rate == (F("0.6") * 4 + 2) / 7
    # Two accredited and one renewed in 2018, one expiring.
    assert (made.stock, made.scenario.expiring_count, made.target) == (4, 1, 42)
    answer = made.as_json()
    assert answer["assumptions"]["pipeline"][0]["observed"] == 3
    assert answer["assumptions"]["compared_with"][-1] == {"from": "2018-06-30", "to": "2018-12-31"}
    assert {row["key"] for row in answer["rules"]} >= {"term_years", "expiry_day_counts"}
    assert sum(map(Decimal, answer["pmf"].values())) == pytest.approx(1)
    assert made.mean == 3 + F(4, 6) + 4 * ready + declined


@pytest.mark.parametrize("year", [2019, 2020])
def test_nothing_later_changes_a_forecast(history: Builder, year: int) -> None:
    """Leakage: events, certificates, revocations and moves after the day leave every figure as it was."""
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


def test_on_the_last_day_nothing_is_left_to_happen(history: Builder) -> None:
    open_case(history, CaseState.READY)
    made = forecast(year=2019, as_of=dt.date(2019, 12, 31))
    assert made.mean == made.stock
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
    assert (made.scenario.inbound, made.mean) == (1, 1)


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
