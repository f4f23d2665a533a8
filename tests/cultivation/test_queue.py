"""The work queue: whose clock runs, how many working days are left, and who sees what."""

import datetime as dt

import pytest

from cultivation.enums import CaseState
from cultivation.models import CalendarYear, Parameter
from cultivation.selectors.clocks import standards
from cultivation.selectors.queue import Wanted, queue_counts, work_queue
from cultivation.services.case_flow import assign_handler
from cultivation.services.corrections import resubmit_case, return_case
from cultivation.waiting import WaitingFor
from tests.factories import FirmFactory, case_at, division

BEGAN = dt.date(2019, 4, 1)  # a Monday


@pytest.fixture
def at(clock):
    clock(BEGAN)
    return clock


def rows(user, on, after="", size=50, **wanted):
    return work_queue(user, Wanted(**wanted), standards(on), after=after, size=size).rows


def only(user, on, **wanted):
    (row,) = rows(user, on, **wanted)
    return row


class TestClock:
    def test_the_county_has_ten_working_days_to_recommend(self, cast, at):
        case_at(CaseState.SUBMITTED)
        # Qingming, Friday 5 April, is a holiday: the tenth working day is Tuesday the 16th.
        for day, left, overdue in (
            (BEGAN, 10, False),
            (dt.date(2019, 4, 16), 0, False),
            (dt.date(2019, 4, 17), -1, True),
        ):
            row = only(cast.caseworker, day)
            assert row.clock.waiting_for is WaitingFor.COUNTY
            assert (row.clock.clock.left, row.clock.clock.overdue) == (left, overdue)

    def test_it_stands_still_while_the_firm_corrects(self, cast, at):
        case = case_at(CaseState.SUBMITTED)
        at(dt.date(2019, 4, 8))  # four working days used
        return_case(case=case, actor=cast.county, reason="补齐")
        row = only(cast.caseworker, dt.date(2019, 4, 30))
        assert row.clock.waiting_for is WaitingFor.FIRM
        assert (row.clock.held.used, row.clock.held.limit) == (4, 10)
        at(dt.date(2019, 4, 30))
        resubmit_case(case=case, actor=cast.caseworker)
        row = only(cast.caseworker, dt.date(2019, 4, 30))
        assert (row.clock.waiting_for, row.clock.clock.left) == (WaitingFor.COUNTY, 6)
        at(dt.date(2019, 5, 6))  # 1 to 4 May are free, 5 May is worked: two more used
        return_case(case=case, actor=cast.county, reason="再补")
        assert only(cast.caseworker, dt.date(2019, 6, 28)).clock.held.used == 6

    def test_the_next_stage_has_a_clock_of_its_own(self, cast, at):
        case_at(CaseState.RECOMMENDED)
        row = only(cast.caseworker, dt.date(2019, 4, 2))
        assert (row.clock.waiting_for, row.clock.clock.left) == (WaitingFor.CITY, 9)

    def test_the_region_has_no_limit_of_ours(self, cast, at):
        case_at(CaseState.FILED)
        row = only(cast.caseworker, dt.date(2019, 4, 2))
        assert (row.clock.waiting_for, row.clock.clock.limit) == (WaitingFor.REGION, None)

    def test_a_limit_is_a_row_the_administrator_replaces(self, cast, at):
        case_at(CaseState.SUBMITTED)
        Parameter.objects.create(
            key="days_submitted",
            value=3,
            valid_from=dt.date(2019, 4, 2),
            source="县局来函",
            verification="read",
        )
        assert only(cast.caseworker, dt.date(2019, 4, 2)).clock.clock.left == 2
        assert only(cast.caseworker, BEGAN).clock.clock.left == 10

    def test_a_year_without_calendar_is_counted_by_hand(self, cast, at, browse, clock):
        case_at(CaseState.SUBMITTED)
        CalendarYear.objects.filter(year=2020).delete()
        row = only(cast.caseworker, dt.date(2020, 1, 6))
        assert (row.clock.clock.used, row.clock.clock.overdue) == (None, False)


class TestParts:
    def test_mine_overdue_stalled_waiting_and_state(self, cast, at):
        late = case_at(CaseState.SUBMITTED)
        at(dt.date(2019, 6, 20))
        mine = case_at(CaseState.POOLED)
        assign_handler(case=mine, handler=cast.caseworker, actor=cast.caseworker)
        draft = case_at(CaseState.DRAFT)
        day = dt.date(2019, 6, 21)

        def found(**wanted):
            return {row.case for row in rows(cast.caseworker, day, **wanted)}

        assert found() == {late, mine, draft}
        assert found(mine=True) == {mine}
        assert found(overdue=True) == {late}
        assert found(stalled=True) == {late}
        assert found(waiting_for=WaitingFor.FIRM) == {draft}
        assert found(waiting_for=WaitingFor.FIRM, overdue=True) == set()
        assert found(state=CaseState.POOLED) == {mine}
        assert found(state=CaseState.ACCREDITED) == set()
        assert found(text=late.number) == {late}
        assert found(division=division("tianyang")) == set()
        counts = queue_counts(cast.caseworker, standards(day))
        assert (counts.everything, counts.overdue, counts.mine) == (3, 1, 1)
        assert counts.waiting == {
            WaitingFor.FIRM: 1,
            WaitingFor.COUNTY: 1,
            WaitingFor.CITY: 1,
            WaitingFor.REGION: 0,
        }

    def test_any_event_wakes_a_stalled_case(self, cast, at):
        case = case_at(CaseState.POOLED)
        at(dt.date(2019, 6, 20))
        assert rows(cast.caseworker, dt.date(2019, 6, 20), stalled=True)
        assign_handler(case=case, handler=cast.caseworker, actor=cast.caseworker)
        assert not rows(cast.caseworker, dt.date(2019, 6, 20), stalled=True)

    def test_a_county_has_its_own_division_and_a_closed_case_waits_for_nobody(self, cast, at):
        own = case_at(CaseState.SUBMITTED)
        case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        case_at(CaseState.WITHDRAWN)
        assert [row.case for row in rows(cast.county, BEGAN)] == [own]
        assert queue_counts(cast.county, standards(BEGAN)).everything == 1


class TestOrder:
    def test_it_pages_by_what_is_most_urgent_without_gap_or_repeat(self, cast, at):
        states = (CaseState.SUBMITTED, CaseState.POOLED, CaseState.DRAFT, CaseState.RECOMMENDED)
        for days in (0, 1, 4, 9, 30, 31):
            at(BEGAN + dt.timedelta(days=days))
            for state in states:
                case_at(state)
                case_at(state)
        day = dt.date(2019, 6, 3)
        whole = rows(cast.caseworker, day, size=100)
        assert len(whole) == 48
        lefts = [row.clock.clock.left for row in whole if row.clock.clock.left is not None]
        assert lefts == sorted(lefts)
        assert [row.clock.clock.left is None for row in whole[-12:]] == [True] * 12
        for size in (1, 5, 7):
            found, after = [], ""
            while True:
                page = work_queue(cast.caseworker, Wanted(), standards(day), after=after, size=size)
                found += [row.case for row in page.rows]
                after = page.next
                if not after:
                    break
            assert found == [row.case for row in whole]

    def test_what_cannot_be_counted_comes_first_and_pages_too(self, cast, at):
        CalendarYear.objects.filter(year__lt=2019).delete()
        at(dt.date(2018, 12, 3))
        old = [case_at(CaseState.POOLED), case_at(CaseState.SUBMITTED)]
        at(dt.date(2019, 5, 6))
        new = case_at(CaseState.POOLED)
        day, found, after = dt.date(2019, 5, 7), [], ""
        for _page in range(3):
            page = work_queue(cast.caseworker, Wanted(), standards(day), after=after, size=1)
            found += [row.case for row in page.rows]
            after = page.next
        assert (found, after) == ([*old, new], "")

    @pytest.mark.parametrize("after", ["", "x", "1_2_3", "5_2019-01-01_x", f"{10**9}_2019-01-01_1"])
    def test_a_key_that_cannot_be_read_gives_the_first_page(self, cast, at, after):
        case_at(CaseState.DRAFT)
        assert len(rows(cast.caseworker, BEGAN, after=after)) == 1


class TestPage:
    url = "/queue/"

    def test_it_says_who_is_waited_for_and_how_long(self, browse, cast, at):
        case = case_at(CaseState.SUBMITTED)
        at(dt.date(2019, 4, 2))
        answer = browse(cast.caseworker).get(self.url)
        text = answer.content.decode()
        assert "剩余 9 个工作日（限 10 个）" in text
        assert "本局服务标准" in text
        assert case.firm.name in text

    def test_the_address_carries_the_filter(self, browse, cast):
        case_at(CaseState.SUBMITTED)
        pooled = case_at(CaseState.POOLED)
        answer = browse(cast.caseworker).get(
            self.url, {"waiting": "city", "division": "youjiang", "q": "演示"}
        )
        assert [row.case for row, _name in answer.context["rows"]] == [pooled]

    def test_nonsense_in_the_address_shows_all(self, browse, cast):
        case_at(CaseState.SUBMITTED)
        answer = browse(cast.caseworker).get(
            self.url, {"waiting": "x", "division": "y", "state": "z", "after": "?"}
        )
        assert len(answer.context["rows"]) == 1

    def test_a_county_is_not_asked_for_a_division(self, browse, cast):
        assert "division" not in browse(cast.county).get(self.url).context["form"].fields

    def test_the_queries_do_not_grow_with_the_rows(self, browse, cast, django_assert_num_queries):
        case_at(CaseState.DRAFT)
        client = browse(cast.caseworker)
        for more in (0, 12):
            for n in range(more):
                case_at(CaseState.DRAFT, firm=FirmFactory(division=division(("tianyang", "debao")[n % 2])))
            # Session, person, roles; divisions and names; calendar days, years, limits; the page; the counts.
            with django_assert_num_queries(10):
                client.get(self.url)
