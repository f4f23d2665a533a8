"""What a person may see, and how private figures look to the others."""

import pytest
from django.contrib.auth.models import AnonymousUser

from config.common.clock import now
from config.common.errors import NotAllowed
from cultivation.enums import CaseAction, CaseState, Role
from cultivation.masking import mask_account, mask_phone
from cultivation.models import CultivationCase
from cultivation.permissions import (
    CASE_ROLES,
    may_see_private,
    require_role,
    require_second_person,
    visible_cases,
    visible_firms,
)
from tests.factories import FirmFactory, UserFactory, case_at, division, staff


@pytest.mark.django_db
class TestSight:
    @pytest.fixture
    def cases(self) -> tuple[CultivationCase, CultivationCase]:
        here = case_at(CaseState.DRAFT)
        there = case_at(CaseState.DRAFT, firm=FirmFactory(division=division("tiandong")))
        FirmFactory(outside=True)
        return here, there

    @pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER, Role.FINANCE, Role.AUDITOR])
    def test_the_city_sees_everything(self, cases, role: Role) -> None:
        user = UserFactory(role=role)
        assert visible_cases(user).count() == 2
        assert visible_firms(user).count() == 3

    def test_a_county_sees_its_own(self, cases) -> None:
        here, _there = cases
        user = UserFactory(role=Role.COUNTY, division=here.firm.division)
        assert list(visible_cases(user)) == [here]
        assert list(visible_firms(user)) == [here.firm]

    def test_a_firm_sees_its_own(self, cases) -> None:
        _here, there = cases
        user = UserFactory(role=Role.FIRM, firm=there.firm)
        assert list(visible_cases(user)) == [there]
        assert list(visible_firms(user)) == [there.firm]

    @pytest.mark.parametrize(
        "person",
        [
            lambda case: UserFactory(role=Role.ADMINISTRATOR),
            lambda case: UserFactory(is_superuser=True),
            lambda case: UserFactory(role=Role.COUNTY),
            lambda case: UserFactory(role=Role.FIRM),
            lambda case: UserFactory(firm=case.firm, division=case.firm.division),
            lambda case: UserFactory(role=Role.AUDITOR, is_active=False),
            lambda case: AnonymousUser(),
        ],
        ids=["administrator", "superuser", "no division", "no firm", "no role", "left", "anonymous"],
    )
    def test_everybody_else_sees_nothing(self, cases, person) -> None:
        user = person(cases[0])
        assert not visible_cases(user).exists()
        assert not visible_firms(user).exists()

    def test_two_roles_see_what_both_see(self, cases) -> None:
        here, there = cases
        user = UserFactory(role=Role.COUNTY, division=here.firm.division, firm=there.firm)
        user.groups.add(UserFactory(role=Role.FIRM).groups.get())
        assert set(visible_cases(user)) == {here, there}


@pytest.mark.django_db
def test_private_figures_are_for_finance_and_their_owner() -> None:
    firm = FirmFactory()
    allowed = [UserFactory(role=Role.FINANCE), UserFactory(role=Role.FIRM, firm=firm)]
    others = [UserFactory(role=role) for role in Role if role not in (Role.FINANCE, Role.FIRM)]
    others.append(UserFactory(role=Role.FIRM, firm=FirmFactory()))
    assert all(may_see_private(user, firm) for user in allowed)
    assert not any(may_see_private(user, firm) for user in [*others, AnonymousUser()])


@pytest.mark.django_db
def test_a_second_person_is_another_person() -> None:
    one, other = staff().caseworker, staff().reviewer
    require_second_person(one, other, now())
    require_second_person(one, None, None)
    for taken in (one, one.pk):
        with pytest.raises(NotAllowed) as refusal:
            require_second_person(one, taken, now())
        assert refusal.value.code == "second_person"
    with pytest.raises(NotAllowed):
        require_role(one, Role.REVIEWER, Role.FINANCE)


def test_every_act_has_its_roles_and_no_onlooker_has_any() -> None:
    assert set(CASE_ROLES) == set(CaseAction)
    onlookers = {Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR}
    assert not any(roles & onlookers for roles in CASE_ROLES.values())


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800001234", "138****1234"),
        ("+86 138-0000-1234", "861****1234"),
        ("0776-2821234", "077****1234"),
        ("2821234", "****34"),
        ("", ""),
        ("kein", ""),
    ],
)
def test_a_phone_number_is_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("6222000012345678901", "…8901"), ("123456789", "…6789"), ("12345678", "…"), ("", "")],
)
def test_an_account_is_masked(number: str, masked: str) -> None:
    assert mask_account(number) == masked
