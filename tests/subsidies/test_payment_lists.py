"""Payment lists: numbered, checked by a second person, released by a third, and right or not at all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import BankAccount, RefusedAttempt
from subsidies.enums import AwardState, ExportFormat, LineState, ListState
from subsidies.models import ListEvent, PaymentLine, PaymentList, ReleasedFile
from subsidies.selectors.payment_lists import find_list, listable_awards, payment_lists
from subsidies.services.exports import export_payment_list
from subsidies.services.payment_lists import (
    cancel_payment_list,
    check_payment_list,
    draft_payment_list,
    release_payment_list,
)
from tests.factories import rename
from tests.people import person
from tests.subsidies.paying import PURPOSE, desk, payee
from tests.subsidies.test_exports import content, line


@pytest.fixture
def paying(cast):
    return desk(cast)


class TestDraft:
    def test_takes_the_awards_in_the_order_given_and_freezes_payee_and_account(self, paying):
        payment_list = paying.draft(list(reversed(paying.awards)))
        lines = list(payment_list.lines.order_by("number"))
        assert [line.award for line in lines] == list(reversed(paying.awards))
        line, firm = lines[0], paying.awards[-1].firm
        account = BankAccount.objects.get(firm=firm)
        assert (line.payee_name, line.credit_code) == (firm.name, firm.credit_code)
        assert (line.bank_name, line.clearing_code, line.account_number) == (
            account.bank_name,
            account.clearing_code,
            account.number,
        )
        assert (line.amount, line.award_year, line.purpose) == (Decimal("30000.55"), 2018, PURPOSE)
        assert line.subjects == {"functional": "2060404"}
        assert paying.states() == [AwardState.LISTED] * 3

    def test_numbers_run_a_year_without_gap(self, paying, clock):
        first = paying.draft(paying.awards[:1])
        with pytest.raises(Refused):
            paying.draft(paying.awards[:1])
        second = paying.draft(paying.awards[1:2])
        clock(dt.date(2020, 1, 6))
        third = paying.draft(paying.awards[2:])
        assert [first.number, second.number, third.number] == ["ZF2019-001", "ZF2019-002", "ZF2020-001"]

    def test_leaves_the_money_committed(self, paying):
        before = paying.figures()
        paying.released()
        assert paying.figures() == before == (Decimal("160000.55"), Decimal("0.00"))

    def test_an_empty_list_and_one_without_purpose_are_refused(self, paying):
        with pytest.raises(Refused) as empty:
            paying.draft([])
        with pytest.raises(Refused) as silent:
            draft_payment_list(
                awards=paying.awards, funding_line=paying.line, purpose=" ", actor=paying.first
            )
        assert (empty.value.code, silent.value.code) == ("list_empty", "purpose_missing")

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE])
    def test_is_for_finance_alone(self, paying, role):
        with pytest.raises(NotAllowed):
            paying.draft(actor=paying.cast.of_role(role))
        assert not PaymentList.objects.exists()

    def test_one_award_that_cannot_be_paid_stops_all_and_says_why_for_each(self, paying):
        BankAccount.objects.filter(firm=paying.awards[1].firm).delete()
        with pytest.raises(Refused) as caught:
            paying.draft()
        assert caught.value.code == "preflight_failed"
        assert [line["ok"] for line in caught.value.details["lines"]] == [True, False, True]
        assert not PaymentList.objects.exists()
        assert paying.states() == [AwardState.APPROVED] * 3
        assert RefusedAttempt.objects.get().code == "preflight_failed"

    def test_has_its_event(self, paying):
        event = ListEvent.objects.get(payment_list=paying.draft())
        assert (event.number, event.from_state, event.to_state) == (1, "", ListState.DRAFT)


class TestFourEyes:
    def test_the_drafter_does_not_check(self, paying):
        payment_list = paying.draft()
        with pytest.raises(NotAllowed):
            check_payment_list(payment_list=payment_list, actor=paying.first)

    @pytest.mark.parametrize("who", ["first", "second"])
    def test_drafter_and_checker_do_not_release(self, paying, who):
        payment_list = paying.checked()
        with pytest.raises(NotAllowed):
            release_payment_list(payment_list=payment_list, actor=getattr(paying, who))

    @pytest.mark.parametrize("part", ["caseworker", "reviewer"])
    def test_calculator_and_approver_of_any_award_do_not_release(self, paying, part):
        """Even where the person has become a finance officer since."""
        payment_list = paying.checked()
        who = getattr(paying.cast, part)
        who.groups.set(paying.third.groups.all())
        who.__dict__.pop("roles", None)
        with pytest.raises(NotAllowed) as caught:
            release_payment_list(payment_list=payment_list, actor=who)
        assert caught.value.code == "second_person"
        assert PaymentList.objects.get().state == ListState.CHECKED

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE])
    def test_checking_releasing_and_cancelling_are_for_finance_alone(self, paying, role):
        actor = person(f"only-{role.value}", role)
        draft, checked = paying.draft(paying.awards[:1]), paying.checked(paying.awards[1:])
        with pytest.raises(NotAllowed):
            check_payment_list(payment_list=draft, actor=actor)
        with pytest.raises(NotAllowed):
            release_payment_list(payment_list=checked, actor=actor)
        with pytest.raises(NotAllowed):
            cancel_payment_list(payment_list=draft, actor=actor, reason="不")

    @pytest.mark.parametrize(
        ("first", "second"),
        [("drafted_by", "checked_by"), ("drafted_by", "released_by"), ("checked_by", "released_by")],
    )
    def test_the_database_refuses_one_person_in_two_parts(self, paying, first, second):
        payment_list = paying.released()
        person_of_first = getattr(payment_list, first)
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentList.objects.filter(pk=payment_list.pk).update(**{second: person_of_first})

    @pytest.mark.parametrize("part", ["calculated_by", "approved_by"])
    def test_the_database_refuses_who_calculated_or_approved_as_releaser(self, paying, part):
        line = paying.released().lines.first()
        assert (line.calculated_by, line.approved_by, line.released_by) == (
            paying.cast.caseworker,
            paying.cast.reviewer,
            paying.third,
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.filter(pk=line.pk).update(released_by=getattr(line, part))

    def test_the_database_refuses_an_answer_to_what_nobody_released(self, paying):
        line = paying.checked().lines.first()
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.filter(pk=line.pk).update(
                state=LineState.PAID, answered_at=line.payment_list.checked_at
            )


class TestRelease:
    def test_stores_the_files_with_their_hashes(self, paying):
        payment_list = paying.released()
        assert payment_list.state == ListState.RELEASED
        assert set(payment_list.files.values_list("format", flat=True)) == set(ExportFormat.values)
        event = ListEvent.objects.get(payment_list=payment_list, action="release")
        for file in payment_list.files.all():
            assert f"{file.format}:{file.sha256}" in event.reason

    def test_twice_by_the_same_person_is_once(self, paying):
        payment_list = paying.released()
        before = [(file.pk, file.sha256) for file in ReleasedFile.objects.order_by("pk")]
        again = release_payment_list(payment_list=payment_list, actor=paying.third)
        assert again == payment_list
        assert [(file.pk, file.sha256) for file in ReleasedFile.objects.order_by("pk")] == before
        assert ListEvent.objects.filter(action="release").count() == 1

    def test_by_somebody_else_it_is_refused(self, paying):
        payment_list = paying.released()
        with pytest.raises(Refused) as caught:
            release_payment_list(payment_list=payment_list, actor=person("finance4", Role.FINANCE))
        assert caught.value.code == "wrong_state"

    def test_a_list_nobody_checked_is_refused(self, paying):
        with pytest.raises(Refused) as caught:
            release_payment_list(payment_list=paying.draft(), actor=paying.third)
        assert caught.value.code == "wrong_state"

    def test_a_name_the_bank_file_cannot_hold_stops_it(self, cast):
        paying = desk(cast, certificates=[payee(name="演示甲|乙公司")], amounts=[Decimal("1.00")])
        with pytest.raises(Refused) as caught:
            paying.released()
        assert caught.value.code == "unfit_for_bank"
        assert not ReleasedFile.objects.exists()

    def test_edge_case_38_a_firm_named_like_a_formula_is_paid_as_text(self, paying):
        rename(paying.awards[0].firm, '=HYPERLINK("x")', dt.date(2019, 4, 1))
        payment_list = paying.released()
        stored = export_payment_list(payment_list=payment_list, format=ExportFormat.CSV)
        assert "'=HYPERLINK" in bytes(stored.content).decode("utf-8-sig")

    def test_exports_do_not_follow_later_changes(self, paying):
        payment_list = paying.released()
        before = bytes(export_payment_list(payment_list=payment_list, format=ExportFormat.XLSX).content)
        rename(paying.awards[0].firm, "演示另名公司", dt.date(2019, 6, 1))
        after = bytes(export_payment_list(payment_list=payment_list, format=ExportFormat.XLSX).content)
        assert before == after

    def test_a_draft_has_nothing_to_export(self, paying):
        with pytest.raises(Refused) as caught:
            export_payment_list(payment_list=paying.draft(), format=ExportFormat.CSV)
        assert caught.value.code == "not_released"


class TestCancel:
    @pytest.mark.parametrize("stage", ["draft", "checked"])
    def test_before_release_the_awards_are_payable_again(self, paying, stage):
        payment_list = getattr(paying, stage)()
        cancelled = cancel_payment_list(payment_list=payment_list, actor=paying.second, reason="金额有误")
        assert cancelled.state == ListState.CANCELLED
        assert not cancelled.lines.filter(is_active=True).exists()
        assert paying.states() == [AwardState.APPROVED] * 3
        assert paying.draft().number == "ZF2019-002"

    def test_after_release_it_is_too_late(self, paying):
        with pytest.raises(Refused) as caught:
            cancel_payment_list(payment_list=paying.released(), actor=paying.second, reason="晚了")
        assert caught.value.code == "wrong_state"
        assert paying.states() == [AwardState.LISTED] * 3

    def test_needs_a_reason(self, paying):
        with pytest.raises(Refused) as caught:
            cancel_payment_list(payment_list=paying.draft(), actor=paying.second, reason=" ")
        assert caught.value.code == "reason_missing"


class TestConstraints:
    def test_an_award_counts_on_one_line_only(self, paying):
        line = paying.draft(paying.awards[:1]).lines.get()
        other = paying.draft(paying.awards[1:])
        line.pk, line.payment_list, line.number = None, other, 9
        with pytest.raises(IntegrityError), transaction.atomic():
            line.save(force_insert=True)

    @pytest.mark.parametrize(
        "change",
        [
            {"state": LineState.PAID},
            {"state": LineState.FAILED, "answered_at": dt.datetime(2019, 5, 1, tzinfo=dt.UTC)},
        ],
    )
    def test_an_answered_line_has_its_time_and_a_failed_one_no_longer_counts(self, paying, change):
        payment_list = paying.draft()
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.filter(payment_list=payment_list).update(**change)

    @pytest.mark.parametrize("state", [ListState.CHECKED, ListState.RELEASED, ListState.SETTLED])
    def test_a_state_without_its_person_is_refused(self, paying, state):
        payment_list = paying.draft()
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentList.objects.filter(pk=payment_list.pk).update(state=state)

    def test_stored_files_cannot_be_changed(self, paying):
        payment_list = paying.released()
        with pytest.raises(IntegrityError), transaction.atomic():
            ReleasedFile.objects.filter(payment_list=payment_list).update(content=b"")
        with pytest.raises(IntegrityError), transaction.atomic():
            ReleasedFile.objects.filter(payment_list=payment_list).delete()


class TestSelectors:
    def test_lists_come_with_their_figures_in_one_query(self, paying, django_assert_num_queries):
        paying.settled(paying.awards[:2])
        paying.draft(paying.awards[2:])
        with django_assert_num_queries(1):
            found = [(row.number, row.line_count, row.total, row.paid_total) for row in payment_lists()]
        assert found == [
            ("ZF2019-002", 1, Decimal("30000.55"), None),
            ("ZF2019-001", 2, Decimal("130000.00"), Decimal("130000.00")),
        ]

    def test_candidates_are_the_approved_awards(self, paying):
        paying.draft(paying.awards[:1])
        assert list(listable_awards(funding_line=paying.line)) == paying.awards[1:]

    def test_an_unknown_number_is_refused(self, db):
        with pytest.raises(Refused) as caught:
            find_list("ZF1999-001")
        assert caught.value.code == "unknown_list"


@given(st.lists(st.integers(min_value=1, max_value=10**12), min_size=1, max_size=20))
def test_the_total_is_the_exact_sum_of_the_lines(fen):
    lines = [line(number, amount=Decimal(amount).scaleb(-2)) for number, amount in enumerate(fen, start=1)]
    assert content(*lines).total == Decimal(sum(fen)).scaleb(-2)
