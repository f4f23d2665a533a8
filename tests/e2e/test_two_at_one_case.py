"""Two people at one case in real browsers: the second is told what changed and has everything typed still there."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cultivation.enums import CaseAction, CaseState
from cultivation.models import CultivationCase, ExpenseYear
from cultivation.services.expenses import record_expense_year
from tests.factories import FIGURES, case_at
from tests.people import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LABEL = str(CaseAction.RECORD_EXPENSES.label)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_second_is_told_what_changed_and_loses_nothing(visit, javascript: bool) -> None:
    cast = make_cast()
    case = case_at(CaseState.POOLED)
    year = {"firm": case.firm, "year": 2018}
    record_expense_year(**year, figures=FIGURES, actor=cast.caseworker2)
    person = visit(java_script_enabled=javascript)
    person.log_in(cast.caseworker)
    page = person.page
    page.goto(person.home + reverse("cultivation:case", args=[case.pk]))
    form = page.locator("#act-record_expenses")
    form.locator("summary").click()
    typed = {
        "sales": "33333333.33",
        "total_income": "33333333.34",
        "high_tech_income": "1.05",
        "net_assets_end": "7",
    }
    for name, value in typed.items():
        form.locator(f"[name=record_expenses-{name}]").fill(value)
    form.locator("[name=record_expenses-year]").fill("2018")

    # Meanwhile a colleague corrects the same year.
    record_expense_year(**year, figures={**FIGURES, "sales": "10000001.00"}, actor=cast.caseworker2)
    form.get_by_role("button", name=LABEL, exact=True).click()

    news = page.locator("section", has=page.locator("#meanwhile"))
    expect(news).to_contain_text(cast.caseworker2.display_name)
    expect(news).to_contain_text("10000000.00 → 10000001.00")
    for name, value in typed.items():
        expect(form.locator(f"[name=record_expenses-{name}]")).to_have_value(value)
    assert str(ExpenseYear.objects.get(**year).sales) == "10000001.00"

    # Having read it, sending it again does it.
    form.get_by_role("button", name=LABEL, exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert str(ExpenseYear.objects.get(**year).sales) == "33333333.33"
    assert CultivationCase.objects.get(pk=case.pk).state == CaseState.POOLED
    assert [fault for fault in person.complaints if "409" not in fault] == []
