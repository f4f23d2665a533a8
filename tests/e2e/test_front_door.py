"""The front door in a real browser: log in, look at a case, act on it, look at the board."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cultivation.enums import CaseAction, CaseState
from cultivation.models import CultivationCase
from tests.factories import ContactFactory, case_at
from tests.people import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def recommend(visit, case):
    """Log in as the county, find the case and recommend it."""
    page = visit.page
    visit.log_in(case.county)
    page.click(f"text={case.row.number}")
    button = page.get_by_role("button", name=str(CaseAction.RECOMMEND.label), exact=True)
    page.locator("summary", has_text=str(CaseAction.RECOMMEND.label)).first.click()
    button.click()
    expect(page.get_by_role("status")).to_be_visible()
    assert CultivationCase.objects.get(pk=case.row.pk).state == CaseState.RECOMMENDED


class Submitted:
    """A case that waits for the county."""

    def __init__(self) -> None:
        cast = make_cast()
        ContactFactory(firm=cast.firm.firm)
        self.row = case_at(CaseState.SUBMITTED, firm=cast.firm.firm)
        self.county = cast.county


@pytest.mark.parametrize("width", [1440, 360])
def test_a_county_recommends_and_looks_at_the_board(visit, width):
    case = Submitted()
    visitor = visit(viewport={"width": width, "height": 900})
    page = visitor.page
    recommend(visitor, case)
    # The panel of the other app has taken the place of its link.
    expect(page.locator("a[hx-get]")).to_have_count(0)
    page.goto(visitor.home + reverse("cultivation:board"))
    chart = page.locator("figure img").first
    assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visitor.complaints == []
    assert visitor.hosts == {urlsplit(visitor.home).netloc}


def test_it_all_works_without_scripts(visit):
    case = Submitted()
    visitor = visit(java_script_enabled=False)
    recommend(visitor, case)
    visitor.page.locator("a[hx-get]").last.click()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(case.row.firm.name)
