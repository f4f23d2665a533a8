"""The self-check in a real browser: by keyboard from the top of the page to the result, on a desk and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from config.common.clock import today
from cultivation.enums import CaseState
from cultivation.models import SelfCheck
from tests.factories import ContactFactory, case_at, give_facts
from tests.people import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STOPS = 400


class Pooled:
    """A firm whose case is in the pool, with figures on record."""

    def __init__(self) -> None:
        self.cast = make_cast()
        self.firm = self.cast.firm.firm
        assert self.firm is not None
        ContactFactory(firm=self.firm)
        case = case_at(CaseState.POOLED, firm=self.firm)
        give_facts(case)
        self.address = reverse("cultivation:self_check", args=[self.firm.pk])

    @property
    def latest(self) -> int:
        return today().year - 1


def focus(page: Page) -> str:
    """The id or the value of what has the focus."""
    return page.evaluate("document.activeElement.id || document.activeElement.value || ''")


def tab_to(page: Page, target: str) -> None:
    """Press Tab until ``target`` (an id, or the value of a button) has the focus; every stop can be seen."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if focus(page) == target:
            assert page.evaluate("document.activeElement.getClientRects().length") > 0
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def fits(page: Page, width: int) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1440, 360])
def test_a_bookkeeper_gets_from_top_to_result_by_keyboard_alone(visit, width):
    case = Pooled()
    visitor = visit(viewport={"width": width, "height": 900})
    page = visitor.page
    visitor.log_in(case.cast.firm)
    page.goto(visitor.home + case.address)
    tab_to(page, "id_technical_average")
    page.keyboard.press("Control+A")
    page.keyboard.type("３")
    # Enter in a field sends the figures: the first button of the form is the one that checks them.
    page.keyboard.press("Enter")
    verdict = page.locator("#result")
    expect(verdict).to_be_visible()
    expect(page.locator("#finding-technical_staff_share .state-bad")).to_be_visible()
    assert fits(page, width)

    # The gap closed in place, the focus is not lost on the way.
    page.evaluate("document.querySelector('#what-if').scrollIntoView()")
    tab_to(page, "gap-technical_staff_share")
    page.keyboard.press("Enter")
    expect(page.locator("#trial-result")).to_be_visible()
    expect(page.locator("tr.changed")).to_have_count(1)
    expect(page.locator("#id_lever-technical")).to_have_value("6")
    assert fits(page, width)
    assert visitor.complaints == []


def test_a_missing_figure_is_found_by_its_link(visit):
    case = Pooled()
    visitor = visit(viewport={"width": 360, "height": 900})
    page = visitor.page
    visitor.log_in(case.cast.firm)
    page.goto(visitor.home + case.address)
    field = f"#id_y{case.latest}_other"
    page.fill(field, "")
    page.locator("button[value=check]").first.click()
    page.locator(f"#finding-rd_intensity a[href='{field}']").click()
    expect(page.locator(field)).to_be_in_viewport()
    page.keyboard.type("0")
    assert visitor.complaints == []


def test_it_all_works_without_scripts(visit):
    """Faults, another row, the other unit, the trial, saving: forms and links alone."""
    case = Pooled()
    visitor = visit(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = visitor.page
    visitor.log_in(case.cast.firm)
    page.goto(visitor.home + case.address)
    sales = page.locator(f"#id_y{case.latest}_sales")
    sales.fill("一千万")
    page.locator("button[value=check]").first.click()
    expect(page.locator(f"#id_y{case.latest}_sales_error")).to_be_visible()
    expect(sales).to_have_value("一千万")
    sales.fill("14,400,000")
    page.locator("button[value=unit]").click()
    expect(sales).to_have_value("1,440")
    page.locator("button[value=ip]").click()
    expect(page.locator("#id_ip-1-kind")).to_be_visible()
    page.select_option("#id_ip-1-kind", "software_copyright")
    page.locator("button[value=check]").first.click()
    expect(page.locator("#result")).to_be_visible()
    page.fill("#id_lever-technical", "1")
    page.click("#try")
    expect(page.locator("tr.changed")).to_have_count(1)
    page.locator("form[action$='/save/'] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    kept = SelfCheck.objects.get()
    assert kept.facts["years"][-1]["sales"] == "14400000.00"
    assert len(kept.facts["ip"]) == 2
    page.locator("a[href$='report.pdf']").first.wait_for()


def test_a_caseworker_makes_it_the_cases_assessment(visit):
    case = Pooled()
    visitor = visit(viewport={"width": 1440, "height": 900})
    page = visitor.page
    visitor.log_in(case.cast.caseworker)
    page.goto(visitor.home + case.address)
    page.fill("#id_technical_average", "12")
    page.locator("button[value=check]").first.click()
    page.locator("form[action$='/assess/'] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("#assessment")).to_be_visible()
    assert visitor.complaints == []
