"""The page of a firm's accounts and the work list of changes that wait for a second person."""

import io

import openpyxl
import pytest
from django.urls import reverse

from cultivation.enums import AccountState, Role
from cultivation.models import BankAccount, RefusedAttempt
from tests.factories import BankAccountFactory, FirmFactory, UserFactory
from tests.overtaking import from_page

pytestmark = pytest.mark.django_db

ANSWERS = {
    "propose-bank_name": "中国工商银行百色分行营业厅",
    "propose-clearing_code": "102626160056",
    "propose-number": "0012345678901234567",
}
WORK_LIST = "cultivation:accounts"


@pytest.fixture
def firm(cast):
    return cast.firm.firm


def url_of(firm):
    return reverse("cultivation:firm_accounts", args=[firm.pk])


def propose(client, firm, **changes):
    answers = {**ANSWERS, **{f"propose-{name}": value for name, value in changes.items()}}
    return client.post(
        reverse("cultivation:account_propose", args=[firm.pk]), from_page(client, url_of(firm), **answers)
    )


def decide(client, account, action, **answers):
    fields = {f"{action}-{name}": value for name, value in answers.items()}
    given = from_page(client, url_of(account.firm), **fields)
    return client.post(reverse("cultivation:account_act", args=[account.pk, action]), given)


class TestProposing:
    @pytest.mark.parametrize("who", ["firm", "caseworker", "finance"])
    def test_a_change_waits_beside_the_confirmed_account(self, client, cast, firm, who):
        standing = BankAccountFactory(firm=firm)
        client.force_login(getattr(cast, who))
        assert propose(client, firm).status_code == 302
        waiting = BankAccount.objects.get(state=AccountState.PROPOSED)
        assert (waiting.number, waiting.clearing_code, waiting.holder) == (
            "0012345678901234567",
            "102626160056",
            firm.name,
        )
        standing.refresh_from_db()
        assert standing.state == AccountState.CONFIRMED

    @pytest.mark.parametrize("who", ["county", "reviewer", "auditor"])
    def test_others_look_but_do_not_propose(self, client, cast, firm, who):
        client.force_login(getattr(cast, who))
        assert "propose-number" not in client.get(url_of(firm)).content.decode()
        assert propose(client, firm).status_code == 403

    def test_every_fault_stands_at_its_field_and_what_was_typed_stays(self, client, cast, firm):
        client.force_login(cast.caseworker)
        answer = propose(client, firm, clearing_code="102626160057", number="12-3")
        assert answer.status_code == 422
        form = answer.context["forms"]["propose"]
        assert set(form.errors) == {"clearing_code", "number"}
        assert "102626160057" in answer.content.decode()
        assert not BankAccount.objects.exists()

    def test_a_second_change_has_to_wait(self, client, cast, firm):
        client.force_login(cast.caseworker)
        propose(client, firm)
        assert propose(client, firm, number="9876543210").status_code == 409
        assert BankAccount.objects.count() == 1

    def test_a_firm_sees_and_changes_its_own_alone(self, client, cast, firm):
        stranger = UserFactory(role=Role.FIRM, firm=FirmFactory())
        client.force_login(stranger)
        assert client.get(url_of(firm)).status_code == 404
        assert propose(client, firm).status_code == 404


class TestDeciding:
    @pytest.fixture
    def waiting(self, firm, cast):
        return BankAccountFactory(
            firm=firm,
            waiting=True,
            clearing_code="102626160056",
            number="0012345678901234567",
            proposed_by=cast.finance,
        )

    @pytest.mark.parametrize("who", ["finance2", "reviewer"])
    def test_a_second_person_types_the_number_and_confirms(self, client, cast, waiting, who):
        client.force_login(getattr(cast, who))
        assert decide(client, waiting, "confirm", number="00 1234 5678 9012 34567").status_code == 302
        waiting.refresh_from_db()
        assert (waiting.state, waiting.decided_by) == (AccountState.CONFIRMED, getattr(cast, who))

    def test_another_number_confirms_nothing(self, client, cast, waiting):
        client.force_login(cast.reviewer)
        answer = decide(client, waiting, "confirm", number="12345678901234567")
        assert answer.status_code == 422
        assert set(answer.context["forms"]["confirm"].errors) == {"number"}
        waiting.refresh_from_db()
        assert waiting.state == AccountState.PROPOSED

    def test_the_proposer_is_refused_and_the_attempt_is_kept(self, client, cast, waiting):
        client.force_login(cast.finance)
        page = client.get(url_of(waiting.firm)).content.decode()
        assert "confirm-number" not in page
        assert decide(client, waiting, "confirm", number=waiting.number).status_code == 403
        assert RefusedAttempt.objects.get().code == "second_person"

    @pytest.mark.parametrize("who", ["firm", "county", "caseworker", "auditor"])
    def test_the_wrong_role_is_refused(self, client, cast, waiting, who):
        client.force_login(getattr(cast, who))
        assert decide(client, waiting, "confirm", number=waiting.number).status_code == 403
        assert decide(client, waiting, "reject", reason="不符").status_code == 403

    def test_a_rejection_has_a_reason_that_the_firm_reads(self, client, cast, waiting):
        client.force_login(cast.reviewer)
        assert decide(client, waiting, "reject", reason=" ").status_code == 422
        assert decide(client, waiting, "reject", reason="开户许可证不清晰").status_code == 302
        client.force_login(cast.firm)
        page = client.get(url_of(waiting.firm)).content.decode()
        assert "开户许可证不清晰" in page
        assert cast.reviewer.display_name not in page.split("<main")[-1]

    def test_a_stale_page_is_told_so(self, client, cast, waiting):
        client.force_login(cast.finance2)
        decide(client, waiting, "reject", reason="不符")
        client.force_login(cast.reviewer)
        answer = decide(client, waiting, "confirm", number=waiting.number)
        assert answer.status_code == 409
        assert answer.context["stray"].non_field_errors()

    def test_an_unknown_act_or_account_is_not_found(self, client, cast, waiting):
        client.force_login(cast.reviewer)
        assert decide(client, waiting, "replace").status_code == 404
        assert client.post(reverse("cultivation:account_act", args=[9999, "confirm"])).status_code == 404


class TestNumbers:
    @pytest.mark.parametrize(
        ("who", "clear"),
        [("firm", True), ("finance", True), ("caseworker", False), ("reviewer", False), ("county", False)],
    )
    def test_are_full_only_to_finance_and_the_firm(self, client, cast, firm, who, clear):
        BankAccountFactory(firm=firm, number="0012345678901234567")
        client.force_login(getattr(cast, who))
        page = client.get(url_of(firm)).content.decode()
        assert ("0012345678901234567" in page) == clear
        assert "4567" in page


class TestWorkList:
    def test_names_what_waits_and_who_may_decide(self, client, cast, firm):
        BankAccountFactory(firm=firm, number="6222000000000098765")
        BankAccountFactory(firm=firm, waiting=True, number="0000000000000000019", proposed_by=cast.finance)
        for user, may_decide in ((cast.finance, False), (cast.finance2, True), (cast.auditor, False)):
            client.force_login(user)
            (line,) = client.get(reverse(WORK_LIST)).context["lines"]
            assert (line.account.firm, line.may_decide) == (firm, may_decide)

    def test_goes_out_as_text_with_leading_zeros(self, client, cast):
        firm = FirmFactory(name='=HYPERLINK("x")')
        BankAccountFactory(firm=firm, waiting=True, number="0000000000000000019", proposed_by=cast.finance)
        for user, number in ((cast.finance, "0000000000000000019"), (cast.reviewer, "…0019")):
            client.force_login(user)
            content = client.get(reverse("documents:export", args=["accounts"])).content
            row = next(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2))
            assert (row[0].data_type, row[0].value) == ("s", '=HYPERLINK("x")')
            assert (row[5].data_type, row[5].value) == ("s", number)

    def test_is_paged_with_queries_that_do_not_grow(self, client, cast, django_assert_max_num_queries):
        for _n in range(3):
            BankAccountFactory(waiting=True)
        client.force_login(cast.reviewer)
        with django_assert_max_num_queries(9) as few:
            client.get(reverse(WORK_LIST))
        for _n in range(60):
            account = BankAccountFactory(waiting=True)
            BankAccountFactory(firm=account.firm)
        with django_assert_max_num_queries(9) as many:
            first = client.get(reverse(WORK_LIST))
        assert len(few) == len(many)
        second = client.get(reverse(WORK_LIST), {"after": first.context["next"]})
        assert len(first.context["lines"]) + len(second.context["lines"]) == 63
