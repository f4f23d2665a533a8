"""A firm in a real browser: it is told what to correct, hands a file in, answers, and takes its receipt."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cultivation.enums import CaseState
from cultivation.models import CultivationCase, Message
from cultivation.services.corrections import return_case
from tests.factories import ContactFactory, case_at
from tests.people import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PDF = b"%PDF-1.7\n%%EOF\n"


class Returned:
    """A case that the bureau has sent back to its firm."""

    def __init__(self) -> None:
        cast = make_cast()
        ContactFactory(firm=cast.firm.firm)
        case = case_at(CaseState.SUBMITTED, firm=cast.firm.firm)
        self.case = return_case(case=case, actor=cast.caseworker, reason="请补充审计报告附注")
        self.firm = cast.firm


def hand_in(page, case) -> None:
    page.goto(
        urlsplit(page.url)._replace(path=reverse("cultivation:case_documents", args=[case.pk])).geturl()
    )
    page.select_option("#id_kind", "audit_report")
    page.set_input_files("#id_file", {"name": "审计报告.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#upload button[type=submit]").click()
    expect(page.locator("table")).to_contain_text("审计报告.pdf")


def resubmit(page, case) -> None:
    page.goto(urlsplit(page.url)._replace(path=reverse("cultivation:portal")).geturl())
    expect(page.locator("#correction")).to_contain_text("请补充审计报告附注")
    page.fill("#correction textarea", "附注已补充")
    page.locator("#correction button[type=submit]").click()
    expect(page.locator("[aria-labelledby=acceptances] a")).to_have_count(2)
    assert CultivationCase.objects.get(pk=case.pk).state == CaseState.SUBMITTED


@pytest.mark.parametrize("width", [1440, 360])
def test_it_corrects_writes_and_takes_its_receipt(visit, width):
    story = Returned()
    visitor = visit(viewport={"width": width, "height": 900})
    page = visitor.page
    visitor.log_in(story.firm)
    assert urlsplit(page.url).path == reverse("cultivation:portal")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    hand_in(page, story.case)
    # The script shows the answer in place, with what it has to tell in focus.
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
    resubmit(page, story.case)
    page.locator(".thread ~ form textarea").fill("请查收")
    page.locator(".thread ~ form button").click()
    expect(page.locator(".thread")).to_contain_text("请查收")
    page.goto(visitor.home + reverse("cultivation:receipt", args=[story.case.acceptances.first().pk]))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visitor.complaints == []
    assert visitor.hosts == {urlsplit(visitor.home).netloc}


def test_it_does_so_without_scripts(visit):
    story = Returned()
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    visitor.log_in(story.firm)
    hand_in(page, story.case)
    resubmit(page, story.case)
    page.goto(visitor.home + reverse("cultivation:case_messages", args=[story.case.pk]))
    page.fill("textarea", "请查收")
    page.locator(".thread ~ form button").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert Message.objects.get().text == "请查收"
