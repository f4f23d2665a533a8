"""A firm's yearly figures."""

from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseState, Role
from cultivation.models import CaseEvent, ExpenseYear
from cultivation.services.expenses import record_expense_year
from tests.factories import FIGURES, FirmFactory, UserFactory, case_at, staff

pytestmark = pytest.mark.django_db


def _refusal(**changes: object) -> Refused:
    year = changes.pop("year", 2018)
    figures = {name: value for name, value in {**FIGURES, **changes}.items() if value is not None}
    with pytest.raises(Refused) as refusal:
        record_expense_year(firm=FirmFactory(), year=year, figures=figures, actor=staff().caseworker)
    assert not ExpenseYear.objects.exists()
    return refusal.value


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"sales": None}, "figure_missing", "sales"),
        ({"net_assets_end": None}, "figure_missing", "net_assets_end"),
        ({"turnover": Decimal(1)}, "figure_unknown", "turnover"),
        ({"sales": Decimal("-0.01")}, "figure_wrong", "sales"),
        ({"other": Decimal("-1")}, "figure_wrong", "other"),
        ({"sales": Decimal("0.001")}, "figure_wrong", "sales"),
        ({"sales": 1.5}, "figure_wrong", "sales"),
        ({"sales": True}, "figure_wrong", "sales"),
        ({"sales": "viel"}, "figure_wrong", "sales"),
        ({"sales": Decimal("NaN")}, "figure_wrong", "sales"),
        ({"sales": Decimal("1e15")}, "figure_wrong", "sales"),
        ({"high_tech_income": FIGURES["total_income"] + Decimal("0.01")}, "income_parts", "high_tech_income"),
    ],
)
def test_a_wrong_figure_is_named(changes: dict[str, object], code: str, key: str) -> None:
    refusal = _refusal(**changes)
    assert (refusal.code, refusal.details["key"]) == (code, key)


@pytest.mark.parametrize(("year", "code"), [(2019, "year_not_over"), (2014, "year_before_registration")])
def test_a_year_is_over_and_the_firm_existed(year: int, code: str) -> None:
    assert _refusal(year=year).code == code


@pytest.mark.parametrize("year", [2015, 2018])
def test_the_years_between_are_taken(year: int) -> None:
    row = record_expense_year(firm=FirmFactory(), year=year, figures=FIGURES, actor=staff().caseworker)
    assert row.other == Decimal("0.00")


def test_high_tech_income_may_be_all_of_it_and_net_assets_negative() -> None:
    figures = {
        **FIGURES,
        "high_tech_income": FIGURES["total_income"],
        "net_assets_end": Decimal("-999999999999.99"),
    }
    record_expense_year(firm=FirmFactory(), year=2018, figures=figures, actor=staff().caseworker)
    assert ExpenseYear.objects.get().net_assets_end == Decimal("-999999999999.99")


def test_a_correction_replaces_the_year_and_is_told_on_the_open_case() -> None:
    case = case_at(CaseState.TRAINING)
    for sales in (FIGURES["sales"], FIGURES["sales"], FIGURES["sales"] + 1):
        figures = {**FIGURES, "sales": sales}
        record_expense_year(firm=case.firm, year=2018, figures=figures, actor=staff().caseworker)
    assert ExpenseYear.objects.get().sales == FIGURES["sales"] + 1
    told = CaseEvent.objects.filter(case=case, action="record_expenses").values_list("reason", flat=True)
    assert told.count() == 2  # the second time nothing had changed
    assert told.last() == "2018: sales 10000000.00→10000001.00"


@pytest.mark.parametrize("state", [CaseState.FILED, CaseState.DISCLOSED, CaseState.DECLINED])
def test_the_years_of_a_filed_case_stay_as_they_are(state: CaseState) -> None:
    case = case_at(state)
    with pytest.raises(Refused) as refusal:
        record_expense_year(firm=case.firm, year=2018, figures=FIGURES, actor=staff().caseworker)
    assert refusal.value.code == "wrong_state"


def test_a_firm_states_its_own_years_alone() -> None:
    firm, stranger = FirmFactory(), UserFactory(role=Role.FIRM, firm=FirmFactory())
    owner = UserFactory(role=Role.FIRM, firm=firm)
    with pytest.raises(NotAllowed):
        record_expense_year(firm=firm, year=2018, figures=FIGURES, actor=stranger)
    assert record_expense_year(firm=firm, year=2018, figures=FIGURES, actor=owner).recorded_by == owner
