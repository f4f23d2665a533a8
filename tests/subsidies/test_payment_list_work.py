"""The finance office's work on lists in the browser: three people, every outcome before anything happens."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from subsidies.enums import AwardState, ListState
from subsidies.models import BankReturn, PaymentList
from tests.overtaking import from_page
from tests.subsidies.paying import Desk, answer, desk, return_file


@pytest.fixture
def paying(cast) -> Desk:
    return desk(cast)


def new(paying) -> str:
    return reverse("subsidies:payment_list_new", kwargs={"pk": paying.line.pk})


def act(payment_list, action) -> str:
    return reverse("subsidies:payment_list_act", kwargs={"number": payment_list.number, "action": action})


def page(payment_list) -> str:
    return reverse("subsidies:payment_list", kwargs={"number": payment_list.number})


def chosen(paying, *awards) -> dict[str, object]:
    return {
        "awards": [award.pk for award in awards or paying.awards],
        "purpose": "奖励性补助",
        "bank_format": "general",
    }


def upload(*rows) -> dict[str, object]:
    return {"file": SimpleUploadedFile("return.xlsx", return_file(*rows))}


class TestDrafting:
    def test_shows_what_a_list_would_make_of_each_award(self, client, paying):
        paying.awards[0].firm.accounts.all().delete()
        client.force_login(paying.first)
        outcomes = [outcome for outcome, _checked in client.get(new(paying)).context["outcomes"]]
        assert [outcome.ok for outcome in outcomes] == [False, True, True]
        assert not PaymentList.objects.exists()

    def test_makes_a_list_of_what_was_ticked(self, client, paying):
        client.force_login(paying.first)
        answered = client.post(
            new(paying), from_page(client, new(paying), **chosen(paying, *paying.awards[:2]))
        )
        drafted = PaymentList.objects.get()
        assert answered["Location"] == reverse("subsidies:payment_list", kwargs={"number": drafted.number})
        assert [line.award for line in drafted.lines.order_by("number")] == paying.awards[:2]

    def test_stops_whole_where_one_cannot_be_paid(self, client, paying):
        paying.awards[0].firm.accounts.all().delete()
        client.force_login(paying.first)
        assert client.post(new(paying), from_page(client, new(paying), **chosen(paying))).status_code == 409
        assert not PaymentList.objects.exists()

    def test_faults_of_the_form_keep_the_ticks(self, client, paying):
        client.force_login(paying.first)
        data = {**chosen(paying, paying.awards[1]), "purpose": ""}
        answered = client.post(new(paying), from_page(client, new(paying), **data))
        assert answered.status_code == 422
        assert [checked for _outcome, checked in answered.context["outcomes"]] == [False, True, False]
        assert (
            client.post(
                new(paying), from_page(client, new(paying), purpose="x", bank_format="general")
            ).status_code
            == 422
        )


class TestSteps:
    def test_three_people_bring_a_list_to_the_bank(self, client, paying):
        payment_list = paying.draft()
        for person, action, state in (
            (paying.second, "check", ListState.CHECKED),
            (paying.third, "release", ListState.RELEASED),
        ):
            client.force_login(person)
            assert (
                client.post(act(payment_list, action), from_page(client, page(payment_list))).status_code
                == 302
            )
            payment_list = PaymentList.objects.get()
            assert payment_list.state == state

    def test_nobody_acts_twice(self, client, paying):
        payment_list = paying.draft()
        client.force_login(paying.first)
        assert (
            client.post(act(payment_list, "check"), from_page(client, page(payment_list))).status_code == 403
        )
        client.force_login(paying.second)
        client.post(act(payment_list, "check"), from_page(client, page(payment_list)))
        assert (
            client.post(act(payment_list, "release"), from_page(client, page(payment_list))).status_code
            == 403
        )
        assert PaymentList.objects.get().state == ListState.CHECKED

    def test_a_change_behind_the_list_is_named_line_by_line(self, client, paying):
        payment_list = paying.checked()
        firm = paying.awards[1].firm
        type(firm).objects.filter(pk=firm.pk).update(name="演示改名有限公司")
        client.force_login(paying.third)
        answered = client.post(act(payment_list, "release"), from_page(client, page(payment_list)))
        assert answered.status_code == 409
        assert [line["line"] for line in answered.context["stopped"]] == [2]

    def test_a_cancelled_list_wants_a_reason(self, client, paying):
        payment_list = paying.draft()
        client.force_login(paying.first)
        assert (
            client.post(
                act(payment_list, "cancel"), from_page(client, page(payment_list), reason="")
            ).status_code
            == 422
        )
        assert (
            client.post(
                act(payment_list, "cancel"), from_page(client, page(payment_list), reason="重做")
            ).status_code
            == 302
        )
        assert paying.states() == [AwardState.APPROVED] * 3

    def test_what_the_state_does_not_open_is_refused(self, client, paying):
        payment_list = paying.draft()
        client.force_login(paying.third)
        assert client.post(
            act(payment_list, "release"), from_page(client, page(payment_list))
        ).status_code in (403, 409)
        assert client.post(
            act(payment_list, "return"), from_page(client, page(payment_list), **upload())
        ).status_code in (409, 422)
        assert (
            client.post(act(payment_list, "burn"), from_page(client, page(payment_list))).status_code == 404
        )

    def test_only_finance_works_on_lists(self, client, cast, paying):
        payment_list = paying.draft()
        for person in (cast.reviewer, cast.auditor, cast.caseworker):
            client.force_login(person)
            assert client.get(new(paying)).status_code == 403
            assert (
                client.post(act(payment_list, "check"), from_page(client, page(payment_list))).status_code
                == 403
            )


class TestReturns:
    def test_are_applied_and_shown_row_by_row(self, client, paying):
        payment_list = paying.released()
        first, *rest = payment_list.lines.order_by("number")
        rows = (answer(first, "失败"), *(answer(line) for line in rest))
        client.force_login(paying.first)
        assert (
            client.post(
                act(payment_list, "return"), from_page(client, page(payment_list), **upload(*rows))
            ).status_code
            == 302
        )
        assert paying.states() == [AwardState.APPROVED, AwardState.PAID, AwardState.PAID]
        address = reverse("subsidies:payment_list", kwargs={"number": payment_list.number})
        shown = client.get(address).context["returns"]
        assert [row.outcome for row in shown[0].rows.all()] == ["failed", "paid", "paid"]

    def test_the_same_file_again_changes_nothing(self, client, paying):
        payment_list = paying.released()
        rows = [answer(line) for line in payment_list.lines.order_by("number")]
        client.force_login(paying.first)
        for _time in range(2):
            assert (
                client.post(
                    act(payment_list, "return"), from_page(client, page(payment_list), **upload(*rows))
                ).status_code
                == 302
            )
        assert BankReturn.objects.count() == 1

    def test_faulty_cells_are_named(self, client, paying):
        payment_list = paying.released()
        line = payment_list.lines.order_by("number").first()
        client.force_login(paying.first)
        answered = client.post(
            act(payment_list, "return"),
            from_page(client, page(payment_list), **upload((line.number, "", "=1+1", "成功", ""))),
        )
        assert answered.status_code == 422
        assert answered.context["faults"]
        assert paying.states() == [AwardState.LISTED] * 3
        bad = {"file": SimpleUploadedFile("return.xlsx", b"PK\x03\x04nothing")}
        assert (
            client.post(act(payment_list, "return"), from_page(client, page(payment_list), **bad)).status_code
            == 409
        )
