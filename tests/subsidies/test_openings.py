"""Edge case 49: balances from before this system come in by document, by two people, and are never matched or paid."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from config.common.errors import NotAllowed, Refused
from subsidies.enums import AwardState, EntryKind, OpeningState
from subsidies.models import FundingLine, LedgerEntry, OpeningBalance
from subsidies.selectors.balances import figures_on, guard_problems
from subsidies.selectors.openings import check_openings
from subsidies.services.funding import appropriate
from subsidies.services.ledger import post_entry
from subsidies.services.openings import confirm_opening, propose_opening, reject_opening
from subsidies.services.verification import verify_records
from tests.overtaking import from_page
from tests.subsidies.factories import award_at, funding_line

pytestmark = pytest.mark.django_db

YUAN = Decimal
DOCUMENT = "演示财指〔2019〕3号"


@pytest.fixture
def line(cast) -> FundingLine:
    return funding_line("0", name="期初")


def propose(line, cast, **options) -> OpeningBalance:
    return propose_opening(
        **{
            "line": line,
            "appropriated": YUAN("500000.00"),
            "committed": YUAN("80000.00"),
            "paid": YUAN("120000.00"),
            "document_number": DOCUMENT,
            "document_date": dt.date(2019, 1, 20),
            "actor": cast.finance,
            **options,
        }
    )


def figures(line):
    line.refresh_from_db()
    return line.appropriated, line.committed, line.paid


def code_of(service, **arguments):
    with pytest.raises(Refused) as refusal:
        service(**arguments)
    return refusal.value.code


def test_edge_case_49_two_people_book_what_a_document_says(line, cast):
    opening = propose(line, cast)
    assert figures(line) == (0, 0, 0)
    confirm_opening(opening=opening, actor=cast.finance2)
    assert figures(line) == (YUAN("500000.00"), YUAN("80000.00"), YUAN("120000.00"))
    assert figures_on(line).available == YUAN("300000.00")
    assert set(LedgerEntry.objects.values_list("kind", "document_number", "award_id")) == {
        (EntryKind.APPROPRIATED, DOCUMENT, None),
        (EntryKind.OPENING_COMMITTED, DOCUMENT, None),
        (EntryKind.OPENING_PAID, DOCUMENT, None),
    }
    assert not guard_problems()
    report = verify_records()
    assert (report.problems, report.checked["opening_balances"]) == ([], 1)


def test_awards_stay_apart_from_what_was_before(line, cast):
    confirm_opening(opening=propose(line, cast), actor=cast.finance2)
    award_at(AwardState.APPROVED, amount="30000.00", line=line)
    assert figures(line) == (YUAN("500000.00"), YUAN("110000.00"), YUAN("120000.00"))
    assert not verify_records().problems


def test_a_commitment_of_old_that_is_paid_becomes_a_payment_of_old(line, cast):
    confirm_opening(opening=propose(line, cast, committed=YUAN("380000.00")), actor=cast.finance2)
    later = propose(
        line,
        cast,
        appropriated=YUAN(0),
        committed=YUAN("-380000.00"),
        paid=YUAN("380000.00"),
        document_number="演示支付凭证1",
    )
    confirm_opening(opening=later, actor=cast.finance2)
    assert figures(line) == (YUAN("500000.00"), YUAN(0), YUAN("500000.00"))
    assert not verify_records().problems


def test_taking_away_never_reaches_what_awards_have_committed(line, cast):
    confirm_opening(opening=propose(line, cast), actor=cast.finance2)
    award_at(AwardState.APPROVED, amount="50000.00", line=line)
    wrong = {"appropriated": YUAN(0), "paid": YUAN(0), "document_number": "更正1"}
    assert code_of(propose, line=line, cast=cast, committed=YUAN("-80000.01"), **wrong) == "opening_negative"
    one = propose(line, cast, committed=YUAN("-80000.00"), **wrong)
    other = propose(line, cast, committed=YUAN("-80000.00"), **{**wrong, "document_number": "更正2"})
    confirm_opening(opening=one, actor=cast.finance2)
    assert code_of(confirm_opening, opening=other, actor=cast.finance2) == "opening_negative"
    assert figures(line)[1] == YUAN("50000.00")


def test_more_than_the_appropriation_is_refused_whole(line, cast):
    opening = propose(line, cast, paid=YUAN("420000.01"))
    assert code_of(confirm_opening, opening=opening, actor=cast.finance2) == "overdrawn"
    assert not LedgerEntry.objects.exists()
    opening.refresh_from_db()
    assert opening.state == OpeningState.PROPOSED


def test_a_document_is_appropriated_once_whoever_books_it(line, cast):
    appropriate(line=line, amount=YUAN("500000.00"), document_number=DOCUMENT, actor=cast.finance)
    confirm_opening(opening=propose(line, cast), actor=cast.finance2)
    assert figures(line)[0] == YUAN("500000.00")
    other = funding_line("0", name="另一")
    appropriate(line=other, amount=YUAN("1.00"), document_number=DOCUMENT, actor=cast.finance)
    assert code_of(confirm_opening, opening=propose(other, cast), actor=cast.finance2) == "key_reused"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"document_number": " "}, "document_missing"),
        ({"document_date": dt.date(2030, 1, 1)}, "document_in_future"),
        ({"appropriated": YUAN(0), "committed": YUAN(0), "paid": YUAN(0)}, "amount_missing"),
        ({"appropriated": YUAN("-1.00")}, "appropriated_negative"),
        ({"paid": YUAN("-0.01")}, "opening_negative"),
    ],
)
def test_a_faulty_proposal_is_refused(line, cast, options, code):
    assert code_of(propose, line=line, cast=cast, **options) == code
    assert not OpeningBalance.objects.exists()


def test_the_same_document_opens_a_line_once(line, cast):
    opening = propose(line, cast)
    assert code_of(propose, line=line, cast=cast) == "opening_exists"
    reject_opening(opening=opening, reason="金额与文件不符", actor=cast.reviewer)
    assert propose(line, cast).pk


def test_nobody_decides_about_their_own_proposal(line, cast):
    opening = propose(line, cast)
    for service, answers in ((confirm_opening, {}), (reject_opening, {"reason": "不符"})):
        with pytest.raises(NotAllowed):
            service(opening=opening, actor=cast.finance, **answers)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningBalance.objects.update(
            state=OpeningState.CONFIRMED, decided_by=cast.finance, decided_at=opening.proposed_at
        )


@pytest.mark.parametrize("who", ["caseworker", "auditor", "administrator", "county", "firm"])
def test_the_wrong_role_neither_proposes_nor_decides(line, cast, who):
    opening = propose(line, cast)
    actor = getattr(cast, who)
    with pytest.raises(NotAllowed):
        propose(line, cast, actor=actor, document_number="另一文件")
    with pytest.raises(NotAllowed):
        confirm_opening(opening=opening, actor=actor)


def test_a_decided_one_is_not_decided_again(line, cast):
    opening = propose(line, cast)
    confirm_opening(opening=opening, actor=cast.reviewer)
    assert code_of(confirm_opening, opening=opening, actor=cast.finance2) == "opening_decided"
    assert LedgerEntry.objects.count() == 3


def test_the_database_wants_a_document_and_no_award_behind_an_opening_entry(line, cast):
    award = award_at(AwardState.APPROVED, amount="1.00", line=funding_line("10.00"))
    for wrong in ({"document_number": ""}, {"document_number": DOCUMENT, "award": award}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerEntry.objects.create(
                line=line,
                kind=EntryKind.OPENING_PAID,
                amount=YUAN(1),
                idempotency_key="x",
                on=dt.date(2019, 1, 1),
                actor=cast.finance,
                **wrong,
            )


class TestVerifying:
    def test_an_entry_nobody_confirmed_is_found(self, line, cast):
        confirm_opening(opening=propose(line, cast), actor=cast.finance2)
        post_entry(
            line=line,
            kind=EntryKind.OPENING_PAID,
            amount=YUAN("1.00"),
            actor=cast.finance,
            key="opening:99:paid",
            document_number=DOCUMENT,
        )
        assert [problem.code for problem in check_openings()[1]] == ["entry_without_opening"]

    def test_a_balance_changed_by_sql_is_found(self, line, cast):
        confirm_opening(opening=propose(line, cast), actor=cast.finance2)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE subsidies_openingbalance SET paid = 1")
        assert [problem.code for problem in check_openings()[1]] == ["opening_differs_from_ledger"]

    def test_more_taken_away_than_there_was_is_found(self, line, cast):
        opening = propose(line, cast)
        confirm_opening(opening=opening, actor=cast.finance2)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE subsidies_openingbalance SET committed = -1")
        codes = {problem.code for problem in check_openings()[1]}
        assert codes == {"opening_differs_from_ledger", "opening_negative"}


class TestPage:
    def url(self, line):
        return reverse("subsidies:openings", args=[line.pk])

    def post(self, client, line, **changes):
        answers = {
            "document_number": DOCUMENT,
            "document_date": "2019-01-20",
            "appropriated": "500000",
            "committed": "",
            "paid": "120000.50",
        }
        fields = {f"propose-{name}": value for name, value in {**answers, **changes}.items()}
        return client.post(self.url(line), from_page(client, self.url(line), **fields))

    def decide(self, client, opening, action, **fields):
        url = reverse("subsidies:opening_act", args=[opening.pk, action])
        given = {f"{action}-{opening.pk}-{name}": value for name, value in fields.items()}
        return client.post(url, from_page(client, self.url(opening.line), **given))

    def test_proposed_by_one_and_booked_by_another(self, client, cast, line):
        client.force_login(cast.finance)
        assert self.post(client, line).status_code == 302
        opening = OpeningBalance.objects.get()
        assert (opening.committed, opening.paid) == (YUAN(0), YUAN("120000.50"))
        assert client.get(self.url(line)).context["waiting"][0].forms == {}
        assert self.decide(client, opening, "confirm").status_code == 403
        client.force_login(cast.reviewer)
        assert set(client.get(self.url(line)).context["waiting"][0].forms) == {"confirm", "reject"}
        assert self.decide(client, opening, "confirm").status_code == 302
        assert figures(line) == (YUAN("500000.00"), YUAN(0), YUAN("120000.50"))
        stale = self.decide(client, opening, "reject", reason="不符")
        assert (stale.status_code, bool(stale.context["stray"].non_field_errors())) == (409, True)

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"paid": "12.345"}, 422),
            ({"document_date": "soon"}, 422),
            ({"appropriated": "-1"}, 422),
            ({"appropriated": "", "paid": ""}, 409),
        ],
    )
    def test_a_faulty_form_keeps_what_was_typed(self, client, cast, line, changes, status):
        client.force_login(cast.finance)
        answer = self.post(client, line, note="期初说明", **changes)
        assert (answer.status_code, "期初说明" in answer.content.decode()) == (status, True)
        assert not OpeningBalance.objects.exists()

    def test_others_read(self, client, cast, line):
        opening = propose(line, cast)
        for user in (cast.caseworker, cast.auditor):
            client.force_login(user)
            assert client.get(self.url(line)).context["form"] is None
            assert self.post(client, line).status_code == 403
            assert self.decide(client, opening, "confirm").status_code == 403

    def test_a_rejection_needs_a_reason(self, client, cast, line):
        opening = propose(line, cast)
        client.force_login(cast.reviewer)
        assert self.decide(client, opening, "reject", reason="").status_code == 422
        assert self.decide(client, opening, "reject", reason="不符").status_code == 302
        assert not LedgerEntry.objects.exists()
        assert self.decide(client, opening, "undo").status_code == 404
