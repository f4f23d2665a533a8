"""An amount set by hand: under its cap, with a reason and a document, by two people who did not calculate."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from config.common.errors import NotAllowed
from cultivation.enums import Role
from cultivation.models import User
from subsidies.enums import AwardState, OverrideState
from subsidies.models import AmountOverride, Calculation
from subsidies.services import awards
from subsidies.services.overrides import confirm_override, propose_override, reject_override
from subsidies.services.recomputing import recompute_and_compare
from subsidies.services.verification import verify_records
from tests.factories import UserFactory
from tests.subsidies.awarding import refused
from tests.subsidies.factories import award_at, grant, office, scheme_version


@pytest.fixture
def award(db):
    scheme_version()
    return award_at(AwardState.CALCULATED)


@pytest.fixture
def proposer(db) -> User:
    return UserFactory(username="proposer", role=Role.CASEWORKER)


@pytest.fixture
def confirmer(db) -> User:
    return UserFactory(username="confirmer", role=Role.REVIEWER)


def propose(award, actor, amount="70000.00", **changes) -> AmountOverride:
    return propose_override(
        **{
            "award": award,
            "amount": Decimal(amount),
            "reason": "企业自愿放弃部分奖励",
            "document_number": "演示会纪〔2019〕5号",
            "actor": actor,
            **changes,
        }
    )


def test_a_confirmed_amount_is_a_calculation_of_its_own(award, proposer, confirmer):
    first = award.calculation
    override = propose(award, proposer)
    award.refresh_from_db()
    assert award.amount == Decimal("80000.00")
    confirmed = confirm_override(override=override, actor=confirmer)
    assert (confirmed.amount, confirmed.state) == (Decimal("70000.00"), AwardState.CALCULATED)
    assert confirmed.calculation != first
    assert "企业自愿放弃部分奖励" in confirmed.calculation.steps[-1]
    assert Calculation.objects.filter(award=award).count() == 2
    assert recompute_and_compare(confirmed.calculation) == recompute_and_compare(first) == []
    assert verify_records().problems == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"document_number": ""}, "document_missing"),
        ({"amount": Decimal("0.00")}, "amount_not_positive"),
        ({"amount": Decimal("-1.00")}, "amount_not_positive"),
        ({"amount": Decimal("0.001")}, "amount_wrong"),
        ({"amount": Decimal("80000.01")}, "above_cap"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(award, proposer, changes, code):
    assert refused(lambda: propose(award, proposer, **changes)) == code


def test_the_schemes_cap_bounds_it_where_there_is_one(db, proposer):
    scheme_version(cap=Decimal("90000.00"))
    award = award_at(AwardState.CALCULATED)
    assert refused(lambda: propose(award, proposer, "90000.01")) == "above_cap"
    assert propose(award, proposer, "90000.00").cap == Decimal("90000.00")


def test_no_one_of_the_two_is_the_other_or_the_calculator(award, proposer, confirmer):
    both = UserFactory(username="both", role=Role.CASEWORKER)
    both.groups.set([*both.groups.all(), *confirmer.groups.all()])
    override = propose(award, both)
    with pytest.raises(NotAllowed):
        confirm_override(override=override, actor=User.objects.get(pk=both.pk))
    calculator = award.calculated_by
    calculator.groups.add(*confirmer.groups.all())
    with pytest.raises(NotAllowed):
        confirm_override(override=override, actor=User.objects.get(pk=calculator.pk))
    with pytest.raises(NotAllowed):
        confirm_override(override=override, actor=proposer)


def test_the_database_refuses_the_proposer(award, proposer):
    override = propose(award, proposer)
    override.state, override.decided_by, override.decided_at = (
        OverrideState.CONFIRMED,
        proposer,
        override.proposed_at,
    )
    override.calculation = award.calculation
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        override.save()


def test_nobody_reviews_while_an_amount_waits(award, proposer):
    propose(award, proposer)
    assert refused(lambda: awards.review_award(award=award, actor=office().reviewer)) == "override_waiting"


def test_the_proposer_neither_reviews_nor_approves(award, proposer, confirmer):
    confirm_override(override=propose(award, proposer), actor=confirmer)
    proposer.groups.set(confirmer.groups.all())
    with pytest.raises(NotAllowed):
        awards.review_award(award=award, actor=User.objects.get(pk=proposer.pk))
    assert awards.review_award(award=award, actor=office().reviewer).amount == Decimal("70000.00")


def test_a_rejected_amount_changes_nothing(award, proposer, confirmer):
    override = reject_override(override=propose(award, proposer), reason="没有依据", actor=confirmer)
    assert override.state == OverrideState.REJECTED
    award.refresh_from_db()
    assert award.amount == Decimal("80000.00")
    assert refused(lambda: confirm_override(override=override, actor=confirmer)) == "override_decided"
    assert propose(award, proposer)


def test_its_proposer_may_take_it_back(award, proposer):
    override = reject_override(override=propose(award, proposer), reason="填错", actor=proposer)
    assert (override.state, override.decided_by) == (OverrideState.REJECTED, proposer)


def test_nothing_is_confirmed_on_a_basis_that_was_corrected_since(award, proposer, confirmer):
    override = propose(award, proposer)
    grant(award.firm, "60000.00")
    assert refused(lambda: confirm_override(override=override, actor=confirmer)) == "basis_changed"


def test_only_an_award_nobody_has_reviewed(db, proposer):
    reviewed = award_at(AwardState.REVIEWED)
    assert refused(lambda: propose(reviewed, proposer)) == "wrong_state"


def test_one_waits_at_a_time(award, proposer):
    propose(award, proposer)
    assert refused(lambda: propose(award, proposer)) == "override_waiting"
