"""Duties while a certificate runs: deadlines, misses, standings; every boundary on both sides."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.enums import CertificateFilter, RevocationCause
from cultivation.rules.after_accreditation import (
    REVOCATION_SOURCES,
    Duty,
    Standing,
    add_months,
    change_deadline,
    change_flag,
    holds_on,
    judge_reports,
    reports_due,
    reports_flag,
    standing_on,
)

ISSUED, LAST = dt.date(2016, 11, 30), dt.date(2019, 11, 29)
DUE = reports_due(ISSUED, LAST)
DAY = dt.timedelta(days=1)


def duties(filed, on=LAST):
    return [line.duty for line in judge_reports(DUE, filed, on)]


class TestDeadlines:
    def test_every_end_of_may_inside_the_term_is_due_for_the_year_before(self):
        assert [(due.year, due.due_on) for due in DUE] == [
            (2016, dt.date(2017, 5, 31)),
            (2017, dt.date(2018, 5, 31)),
            (2018, dt.date(2019, 5, 31)),
        ]

    @pytest.mark.parametrize(
        ("issued_on", "last_day", "years"),
        [
            (dt.date(2016, 5, 31), dt.date(2019, 5, 30), [2015, 2016, 2017]),
            (dt.date(2016, 6, 1), dt.date(2019, 5, 31), [2016, 2017, 2018]),
            (dt.date(2019, 6, 1), dt.date(2019, 6, 2), []),
        ],
    )
    def test_the_first_and_the_last_day_of_the_term_count(self, issued_on, last_day, years):
        assert [due.year for due in reports_due(issued_on, last_day)] == years

    @pytest.mark.parametrize(("revoked_on", "years"), [((2018, 5, 31), [2016]), ((2018, 6, 1), [2016, 2017])])
    def test_nothing_is_due_from_a_revocation_on(self, revoked_on, years):
        assert [due.year for due in reports_due(ISSUED, LAST, dt.date(*revoked_on))] == years

    @given(st.dates(dt.date(2008, 1, 1), dt.date(2090, 1, 1)))
    def test_a_term_of_three_years_has_three(self, issued_on):
        last_day = add_months(issued_on, 36) - DAY
        assert len(reports_due(issued_on, last_day)) == 3


class TestReports:
    def test_filed_on_the_last_day_is_in_time_and_a_day_later_is_late(self):
        filed = {2016: dt.date(2017, 5, 31), 2017: dt.date(2018, 6, 1)}
        assert duties(filed) == [Duty.ON_TIME, Duty.LATE, Duty.MISSING]

    def test_on_the_deadline_it_is_not_yet_missed(self):
        assert duties({}, on=dt.date(2018, 5, 31)) == [Duty.MISSING, Duty.PENDING, Duty.PENDING]
        assert duties({}, on=dt.date(2018, 6, 1)) == [Duty.MISSING, Duty.MISSING, Duty.PENDING]

    def test_what_is_filed_later_is_not_known_before(self):
        assert duties({2017: dt.date(2018, 6, 5)}, on=dt.date(2018, 6, 4))[1] is Duty.MISSING

    def test_a_late_one_says_why_it_counts_as_missed_and_by_which_article(self):
        late = judge_reports(DUE, {2017: dt.date(2018, 6, 1)}, LAST)[1]
        assert late.missed
        assert "2018-05-31" in late.note
        assert "第十三条" in late.note

    @pytest.mark.parametrize(
        ("missed", "flagged"),
        [
            ((), False),
            ((2016,), False),
            ((2016, 2017), True),
            ((2016, 2018), True),
            ((2017, 2018), True),
            ((2016, 2017, 2018), True),
        ],
    )
    def test_edge_case_24_two_missed_years_of_one_term_flag_it_consecutive_or_not(self, missed, flagged):
        filed = {year: dt.date(year + 1, 4, 1) for year in (2016, 2017, 2018) if year not in missed}
        flag = reports_flag(judge_reports(DUE, filed, LAST))
        assert bool(flag) is flagged
        if flagged:
            assert all(str(year) in flag for year in missed)
            assert "第十九条" in flag

    def test_edge_case_24_a_late_year_counts_with_a_missing_one(self):
        filed = {2017: dt.date(2018, 6, 1), 2018: dt.date(2019, 5, 31)}
        assert reports_flag(judge_reports(DUE, filed, LAST))


class TestChanges:
    @pytest.mark.parametrize(
        ("happened_on", "due_on"),
        [
            ((2019, 1, 15), (2019, 4, 15)),
            ((2018, 11, 30), (2019, 2, 28)),
            ((2019, 11, 30), (2020, 2, 29)),
            ((2018, 12, 31), (2019, 3, 31)),
        ],
    )
    def test_are_reported_within_three_months(self, happened_on, due_on):
        assert change_deadline(dt.date(*happened_on)) == dt.date(*due_on)

    def test_a_day_late_is_flagged_with_both_articles(self):
        happened, due = dt.date(2019, 1, 15), dt.date(2019, 4, 15)
        assert change_flag(happened, due, due) == ""
        flag = change_flag(happened, due + DAY, due)
        assert "第十七条" in flag
        assert "第十九条（三）" in flag

    @given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), st.integers(-60, 60))
    def test_months_never_skip_one(self, day, months):
        moved = add_months(day, months)
        assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
        assert moved.day <= day.day


class TestStanding:
    def standing(self, on, **changes):
        certificate = {
            "issued_on": ISSUED,
            "last_day": LAST,
            "revoked_on": None,
            "renewed_on": None,
            "window_months": 12,
        }
        return standing_on(on, **(certificate | changes))

    @pytest.mark.parametrize(
        ("on", "standing"),
        [
            (ISSUED - DAY, Standing.NOT_YET),
            (ISSUED, Standing.VALID),
            (dt.date(2018, 11, 28), Standing.VALID),
            (dt.date(2018, 11, 29), Standing.WINDOW_OPEN),
            (dt.date(2018, 12, 31), Standing.WINDOW_OPEN),
            (dt.date(2019, 1, 1), Standing.EXPIRING),
            (LAST, Standing.EXPIRING),
            (LAST + DAY, Standing.EXPIRED),
        ],
    )
    def test_runs_from_valid_through_the_window_to_its_end(self, on, standing):
        assert self.standing(on) is standing

    def test_a_renewal_and_a_revocation_count_from_their_days(self):
        renewed, revoked = dt.date(2019, 10, 8), dt.date(2019, 10, 20)
        days = (renewed - DAY, renewed, revoked)
        found = [self.standing(day, renewed_on=renewed, revoked_on=revoked) for day in days]
        assert found == [Standing.EXPIRING, Standing.RENEWED, Standing.REVOKED]

    def test_is_held_until_the_day_before_a_revocation(self):
        revoked = dt.date(2019, 4, 1)
        assert holds_on(revoked - DAY, ISSUED, LAST, revoked)
        assert not holds_on(revoked, ISSUED, LAST, revoked)

    def test_every_standing_can_be_named_and_every_cause_has_its_article(self):
        assert {standing.value for standing in Standing} <= set(CertificateFilter.values)
        assert set(REVOCATION_SOURCES) == set(RevocationCause.values) - {RevocationCause.RECORDED_WRONGLY}

    def test_what_was_recorded_wrongly_stands_nowhere_else(self):
        for day in (ISSUED - DAY, ISSUED, LAST + DAY):
            assert self.standing(day, is_recorded_wrongly=True) is Standing.RECORDED_WRONGLY
