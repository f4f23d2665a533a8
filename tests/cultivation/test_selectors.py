"""Lists, pages and counts: what they show, in a number of queries that does not grow."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from config.common import clock
from cultivation.enums import AccountState, CaseAction, CaseState, CheckKind, Role
from cultivation.models import CaseEvent, CultivationCase
from cultivation.selectors.actions import allowed_actions
from cultivation.selectors.cases import case_detail, case_list
from cultivation.selectors.determinations import final_determinations
from cultivation.selectors.events import events_on
from cultivation.selectors.firms import confirmed_account, confirmed_accounts, firm_list, name_on
from cultivation.selectors.pipeline import counts_by_state, overdue_in_pool
from cultivation.selectors.refusals import RefusalFilter, refusal_page
from cultivation.services import assessments, case_flow, checks, corrections, filing
from tests.factories import (
    AccreditationFactory,
    BankAccountFactory,
    FirmFactory,
    UserFactory,
    case_at,
    division,
    give_facts,
    pass_check,
    rename,
    staff,
)

pytestmark = pytest.mark.django_db
S = CaseState


@pytest.fixture
def city():
    user = UserFactory(role=Role.CASEWORKER)
    assert user.roles
    return user


class TestCounts:
    def test_name_every_state_in_one_query(self, city, django_assert_num_queries) -> None:
        for state in (S.DRAFT, S.DRAFT, S.POOLED, S.WITHDRAWN):
            case_at(state)
        with django_assert_num_queries(1):
            counts = counts_by_state(city)
        assert [row.state for row in counts] == list(CaseState)
        assert {row.state: row.count for row in counts if row.count} == {
            S.DRAFT: 2,
            S.POOLED: 1,
            S.WITHDRAWN: 1,
        }

    def test_are_of_what_the_person_sees(self) -> None:
        case_at(S.DRAFT)
        county = UserFactory(role=Role.COUNTY, division=division("tiandong"))
        assert sum(row.count for row in counts_by_state(county)) == 0


class TestCaseList:
    def test_takes_two_queries_whatever_its_size(self, city, django_assert_num_queries) -> None:
        for _number in range(3):
            case_at(S.DRAFT)
        for size in (1, 50):
            with django_assert_num_queries(2):
                for case in case_list(city, size=size).rows:
                    assert case.firm.division is not None
                    assert list(case.firm.division.names.all()) is not None
                    assert (case.handler, case.number) is not None

    def test_goes_on_by_key_and_shows_every_case_once(self, city) -> None:
        """All of them moved at the same instant: the number settles the order."""
        cases = [case_at(S.DRAFT) for _number in range(7)]
        seen, after = [], ""
        while True:
            page = case_list(city, after=after, size=3)
            seen += page.rows
            if not page.next:
                break
            after = page.next
        assert [case.pk for case in seen] == sorted((case.pk for case in cases), reverse=True)

    def test_shows_the_latest_moved_first(self, city) -> None:
        first, second = case_at(S.DRAFT), case_at(S.DRAFT)
        with clock.fixed(dt.date(2019, 7, 1)):
            case_flow.submit_case(case=first, actor=staff().caseworker)
        assert case_list(city).rows == [first, second]
        assert case_list(city, state=S.SUBMITTED).rows == [first]

    @pytest.mark.parametrize("after", ["", "x", "_", "2019-06-30T09:00:00_1", "9_9", f"2019-06-30_{10**30}"])
    def test_a_key_that_cannot_be_read_gives_the_first_page(self, city, after: str) -> None:
        case = case_at(S.DRAFT)
        assert case_list(city, after=after).rows == [case]

    def test_finds_names_old_names_codes_and_numbers(self, city) -> None:
        case, _other = case_at(S.DRAFT), case_at(S.DRAFT)
        old = case.firm.name
        rename(case.firm, old, dt.date(2015, 3, 1))
        rename(case.firm, "演示更名铝业有限公司", dt.date(2019, 6, 1))
        for text in ("更名铝业", old, case.firm.credit_code, case.number, case.number.lower()):
            assert case_list(city, text=text).rows == [case], text
        assert case_list(city, text="PY2018-00001").rows == []
        assert case_list(city, division=division("tiandong")).rows == []


class TestCaseDetail:
    def test_is_one_fixed_number_of_queries(self, city, django_assert_max_num_queries) -> None:
        case = case_at(S.READY)
        for number in range(3):
            checks.reset_check(
                case=case, kind=CheckKind.TRAINING, reason=f"第{number}次", actor=staff().reviewer
            )
            pass_check(case, CheckKind.TRAINING)
        with django_assert_max_num_queries(27):
            detail = case_detail(case.pk, city)
            assert [str(event.actor) for event in detail.events]
            assert [line.document.attachment.state for line in detail.documents] == ["clean"] * 3
            assert detail.case.firm.name_on(clock.today())
        assert [line.done for line in detail.checks] == [True, True, True]
        assert detail.training_minutes == 4 * 480
        assert detail.assessment is not None
        assert [year.year for year in detail.expense_years] == [2016, 2017, 2018]
        assert detail.declared["employees_average"] == "60"
        assert [contact.name for contact in detail.contacts] == ["演示联系人"]

    def test_does_not_exist_for_those_who_may_not_see_it(self) -> None:
        case = case_at(S.DRAFT)
        stranger = UserFactory(role=Role.FIRM, firm=FirmFactory())
        with pytest.raises(CultivationCase.DoesNotExist):
            case_detail(case.pk, stranger)

    def test_of_a_filed_case_shows_the_years_of_its_filing(self, city) -> None:
        case = case_at(S.ACCREDITED)
        with clock.fixed(dt.date(2021, 1, 1)):
            assert [year.year for year in case_detail(case.pk, city).expense_years] == [2016, 2017, 2018]


class TestActions:
    def _named(self, case: CultivationCase, user) -> dict[CaseAction, tuple[str, ...]]:
        return {action.name: action.blocked_by for action in allowed_actions(case, user)}

    def test_say_what_is_missing(self, city) -> None:
        case = case_at(S.EXPENSE_REVIEW)
        assert len(self._named(case, city)[CaseAction.CLEAR]) == 2
        pass_check(case, CheckKind.EXPENSES)
        assert len(self._named(case, city)[CaseAction.CLEAR]) == 1
        pass_check(case, CheckKind.ATTACHMENTS)
        assert self._named(case, city)[CaseAction.CLEAR] == ()

    def test_ask_for_reasons_where_the_services_do(self, city) -> None:
        case = case_at(S.SUBMITTED)
        needs = {action.name: action.needs_reason for action in allowed_actions(case, city)}
        assert needs[CaseAction.RETURN]
        assert needs[CaseAction.WITHDRAW]
        assert not needs[CaseAction.DECLARE]
        assert all(action.explanation and action.label for action in allowed_actions(case, city))

    def test_leave_a_manual_verdict_to_the_reviewer_alone(self, city) -> None:
        case = case_at(S.POOLED)
        reviewer = staff().reviewer
        assert CaseAction.DECIDE_MANUAL not in self._named(case, reviewer)
        give_facts(case, conversions=[1, 1, 0])
        assessments.assess_case(case=case, actor=staff().caseworker)
        assert CaseAction.DECIDE_MANUAL in self._named(case, reviewer)
        assert CaseAction.DECIDE_MANUAL not in self._named(case, city)
        checks.decide_manual_check(case=case, passed=True, reason="经核实", actor=reviewer)
        named = self._named(case, reviewer)
        assert CaseAction.DECIDE_MANUAL not in named
        assert CaseAction.RESET_CHECK in named

    def test_drop_recording_when_all_is_recorded(self, city) -> None:
        case = case_at(S.READY)
        assert CaseAction.RECORD_CHECK not in self._named(case, city)
        assert CaseAction.FILE in self._named(case, city)

    def test_of_onlookers_are_none(self) -> None:
        case = case_at(S.SUBMITTED)
        for role in (Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR):
            assert allowed_actions(case, UserFactory(role=role)) == []


class TestOverdue:
    """Edge case 45: over two years in the pool or in training without accreditation."""

    @pytest.mark.parametrize("state", [S.POOLED, S.TRAINING, S.EXPENSE_REVIEW, S.READY])
    def test_edge_case_45_begins_the_day_after_two_years(self, city, state: CaseState) -> None:
        case = case_at(state)
        assert case.pooled_on == dt.date(2019, 6, 30)
        assert not overdue_in_pool(city, dt.date(2021, 6, 30)).exists()
        assert list(overdue_in_pool(city, dt.date(2021, 7, 1))) == [case]

    @pytest.mark.parametrize("state", [S.FILED, S.DISCLOSED, S.ACCREDITED, S.REMOVED, S.RECOMMENDED])
    def test_edge_case_45_does_not_touch_what_is_filed_accredited_or_gone(
        self, city, state: CaseState
    ) -> None:
        case_at(state)
        assert not overdue_in_pool(city, dt.date(2030, 1, 1)).exists()

    def test_edge_case_45_runs_on_through_a_decline_and_a_correction(self, city) -> None:
        declined = case_at(S.DECLINED)
        returned = case_at(S.RETURNED, returned_from=S.EXPENSE_REVIEW)
        case_at(S.RETURNED)  # never enrolled
        assert set(overdue_in_pool(city, dt.date(2021, 7, 1))) == {declined, returned}
        with clock.fixed(dt.date(2021, 6, 1)):
            filing.return_case_to_pool(case=declined, actor=staff().caseworker)
            corrections.resubmit_case(case=returned, actor=staff().caseworker)
        assert set(overdue_in_pool(city, dt.date(2021, 7, 1))) == {declined, returned}

    def test_on_29_february_counts_from_the_28th(self, city) -> None:
        case_at(S.POOLED)
        assert overdue_in_pool(city, dt.date(2024, 2, 29)).count() == 1


class TestFirms:
    def test_list_is_paged_by_code_and_finds_old_names(self, city, django_assert_num_queries) -> None:
        firms = sorted(FirmFactory.create_batch(5), key=lambda firm: firm.credit_code)
        page = firm_list(city, size=2)
        assert page.rows == firms[:2]
        assert firm_list(city, after=page.next, size=9).rows == firms[2:]
        assert firm_list(city, size=5).next == ""
        old = firms[3].name
        rename(firms[3], old, dt.date(2015, 3, 1))
        rename(firms[3], "演示改名药业有限公司", dt.date(2019, 5, 1))
        with django_assert_num_queries(2):
            assert firm_list(city, text=old).rows == [firms[3]]
        assert firm_list(AnonymousUser()).rows == []

    def test_names_follow_the_date(self) -> None:
        firm = FirmFactory()
        first = firm.name
        rename(firm, first, dt.date(2015, 3, 1))
        rename(firm, "演示新名有限公司", dt.date(2019, 6, 1))
        assert name_on(firm, dt.date(2019, 5, 31)) == first
        assert name_on(firm, dt.date(2019, 6, 1)) == "演示新名有限公司"

    def test_money_goes_to_the_confirmed_account_alone(self, django_assert_num_queries) -> None:
        confirmed, waiting = BankAccountFactory(), BankAccountFactory(waiting=True)
        assert waiting.state == AccountState.PROPOSED
        with django_assert_num_queries(1):
            found = confirmed_accounts([confirmed.firm_id, waiting.firm_id])
        assert found == {confirmed.firm_id: confirmed}
        assert confirmed_account(waiting.firm) is None


def test_final_determinations_leave_opening_data_out(django_assert_num_queries) -> None:
    AccreditationFactory()
    decided = AccreditationFactory(determined=True)
    with django_assert_num_queries(1):
        rows = [(row, row.firm.name, row.determination.document_number) for row in final_determinations()]
    assert [row for row, *_rest in rows] == [decided]


def test_events_of_a_day_are_those_of_the_offices_day() -> None:
    case = case_at(S.DRAFT)
    with clock.fixed(dt.date(2019, 7, 1)):
        case_flow.submit_case(case=case, actor=staff().caseworker)
    events = list(events_on(dt.date(2019, 7, 1)))
    event = CaseEvent.objects.get(case=case, number=2)
    assert events == [
        {
            "kind": "case_event",
            "case": case.pk,
            "number": 2,
            "at": "2019-07-01T01:00:00.000000+00:00",
            "actor": event.actor_id,
            "action": "submit",
            "from": "draft",
            "to": "submitted",
            "reason": "",
        }
    ]
    assert [row["number"] for row in events_on(dt.date(2019, 6, 30))] == [1]
    assert list(events_on(dt.date(2019, 7, 2))) == []


def test_refused_attempts_come_with_their_people(django_assert_num_queries) -> None:
    case = case_at(S.DRAFT)
    for _number in range(2):
        with pytest.raises(Exception, match=r"."):
            case_flow.enrol_case(case=case, actor=staff().county)
    with django_assert_num_queries(1):
        assert [attempt.actor.username for attempt in refusal_page(RefusalFilter()).rows] == [
            "factory-county"
        ] * 2
