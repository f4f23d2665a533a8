"""The whole story in a real browser, each step by the person whose step it is: from a firm's application to its notice."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cultivation.enums import REQUIRED_ATTACHMENT_KINDS, CaseState, Role
from cultivation.models import CultivationCase, TrainingSession
from subsidies.enums import AwardState, ListState
from subsidies.models import Award, PaymentList
from tests.factories import BankAccountFactory, ContactFactory, give_facts
from tests.people import make_cast, person
from tests.subsidies.factories import funding_line, grant, notice_organ, scheme_version
from tests.subsidies.paying import answer, return_file
from tests.workbooks import workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PDF = b"%PDF-1.7\n%%EOF\n"
CERTIFICATE = "GR201945000123"
# Milliseconds; a busy machine is slow at times, and no step is asked twice.
MOST_PATIENCE = 60_000


class Story:
    """The people, each in a browser of their own, and the firm they are all about."""

    def __init__(self, visit: Callable[..., Any], settings: Any) -> None:
        self.cast = make_cast()
        self.firm = self.cast.firm.firm
        assert self.firm is not None
        ContactFactory(firm=self.firm)
        BankAccountFactory(firm=self.firm)
        self.finance3 = person("finance3", Role.FINANCE)
        self._visit, self._settings = visit, settings
        self._visits: dict[str, Any] = {}

    def on(self, day: str) -> None:
        """The day of all that follows, for the site as for the test."""
        self._settings.MIAOPU_TODAY = day

    def browser(self, name: str) -> Page:
        """The page of a person, who logs in when first asked; ``stranger`` never does."""
        if name not in self._visits:
            self._visits[name] = self._visit(viewport={"width": 1280, "height": 900})
            self._visits[name].page.set_default_timeout(MOST_PATIENCE)
            if name != "stranger":
                self._visits[name].log_in(getattr(self.cast, name, None) or getattr(self, name))
        return self._visits[name].page

    def go(self, name: str, route: str, *arguments: object) -> Page:
        page = self.browser(name)
        page.goto(self._visits[name].home + reverse(route, args=arguments))
        return page

    @property
    def case(self) -> CultivationCase:
        return CultivationCase.objects.get(firm=self.firm)

    @property
    def award(self) -> Award:
        return Award.objects.get(firm=self.firm)

    def acts_on_case(self, name: str, action: str, **answers: object) -> None:
        send(self.go(name, "cultivation:case", self.case.pk), f"/{action}/", f"{action}-", answers)

    def acts_on_award(self, name: str, action: str, **answers: object) -> None:
        page = self.go(name, "subsidies:award", self.award.pk)
        send(page, f"/act/{action}/", f"{action}-", answers)

    def complaints(self) -> list[str]:
        return [complaint for visit in self._visits.values() for complaint in visit.complaints]


def send(page: Page, action: str, prefix: str, answers: dict[str, object]) -> None:
    """Fill in the form that goes to an address with this ending, send it, and see that it was taken."""
    form = page.locator(f"main form[action$='{action}']").first
    form.evaluate("form => { const folded = form.closest('details'); if (folded) folded.open = true }")
    for name, value in answers.items():
        fill(page, form.locator(f"[name='{prefix}{name}']"), value)
    form.locator("button[type=submit]").first.click()
    taken(page)


def fill(page: Page, field: Any, value: object) -> None:
    if isinstance(value, dict):
        field.set_input_files(value)
    elif field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(str(value))
    else:
        field.fill(str(value))


def taken(page: Page) -> None:
    """The page says that something was done, and nothing was refused."""
    expect(page.locator("main .alert-success").first).to_be_visible(timeout=MOST_PATIENCE)
    expect(page.locator("main .alert-danger")).to_have_count(0)


def upload(name: str, content: bytes, kind: str = "application/pdf") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def the_firm_applies(story: Story) -> None:
    page = story.go("firm", "cultivation:case_new")
    page.select_option("#id_kind", "first")
    page.locator("main form button[type=submit]").click()
    taken(page)
    for kind in REQUIRED_ATTACHMENT_KINDS:
        page = story.go("firm", "cultivation:case_documents", story.case.pk)
        file = upload(f"{kind.value}.pdf", PDF)
        send(page, "/documents/", "", {"kind": kind.value, "file": file})
    story.acts_on_case("firm", "submit")
    for document in story.case.documents.all():
        page = story.go("caseworker", "cultivation:case_documents", story.case.pk)
        send(page, f"/documents/{document.pk}/confirm/", "", {})


def it_is_recommended_and_enrolled(story: Story) -> None:
    story.acts_on_case("county", "recommend")
    story.acts_on_case("caseworker", "enrol")
    give_facts(story.case)
    story.acts_on_case("caseworker", "start_training")


def its_people_are_trained(story: Story) -> None:
    page = story.go("caseworker", "cultivation:session_new")
    for name, value in {"title": "研发费用归集", "held_on": "2019-06-30", "minutes": "480"}.items():
        page.fill(f"#id_{name}", value)
    page.locator("main form button[type=submit]").click()
    taken(page)
    session = TrainingSession.objects.get()
    page = story.go("caseworker", "cultivation:sign_in_wall", session.pk)
    picture = page.locator(".sign-in-wall img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    address = page.locator(".sign-in-wall .text-break").inner_text()

    phone = story.browser("stranger")
    phone.goto(address)
    phone.fill("#id_credit_code", story.firm.credit_code)
    phone.fill("#id_attendee", "演示学员")
    phone.locator("main form button[type=submit]").click()
    taken(phone)

    page = story.go("caseworker", "cultivation:session", session.pk)
    page.locator("button[value=confirm]").click()
    taken(page)
    story.acts_on_case("caseworker", "record_check", kind="training")
    story.acts_on_case("caseworker", "start_expense_review")


def it_is_returned_once_and_corrected(story: Story) -> None:
    story.acts_on_case("caseworker", "return", reason="请更正上年度其他费用")
    page = story.go("firm", "cultivation:case", story.case.pk)
    expect(page.get_by_text("请更正上年度其他费用").first).to_be_visible()
    figures = {
        "year": "2018",
        "sales": "14400000.00",
        "total_income": "15120000.00",
        "high_tech_income": "11520000.00",
        "net_assets_end": "7200000.00",
        "personnel": "720000.00",
        "direct_input": "432000.00",
        "other": "1000.00",
    }
    story.acts_on_case("firm", "record_expenses", **figures)
    story.acts_on_case("firm", "resubmit")
    assert story.case.state == CaseState.EXPENSE_REVIEW


def it_is_checked_and_filed(story: Story) -> None:
    story.acts_on_case("caseworker", "assess")
    story.acts_on_case("caseworker", "record_check", kind="expenses")
    story.acts_on_case("caseworker", "record_check", kind="attachments")
    story.acts_on_case("caseworker", "clear")
    story.acts_on_case("caseworker", "file")
    story.acts_on_case("caseworker", "disclose", published_on="2019-06-30", place="演示公示网")
    assert story.case.state == CaseState.DISCLOSED


def the_region_accredits_it(story: Story) -> None:
    story.on("2019-07-25")
    page = story.go("caseworker", "documents:import_new", "accreditations")
    page.fill("#id_document_number", "演示高企〔2019〕9号")
    page.fill("#id_document_date", "2019-07-22")
    rows = workbook(
        ("企业名称", "信用代码", "证书编号", "发证日期", "类型"),
        (story.firm.name, story.firm.credit_code, CERTIFICATE, "2019-07-20", "首次"),
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("#id_file", upload("认定名单.xlsx", rows, kind))  # type: ignore[arg-type]
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text(CERTIFICATE)).to_be_visible()
    assert story.case.state == CaseState.DISCLOSED
    page.locator("form:has(input[name=agreed]) button").click()
    taken(page)
    assert story.case.state == CaseState.ACCREDITED


def two_people_award_it(story: Story) -> None:
    scheme_version()
    grant(story.firm, "80000.00", document_date=dt.date(2019, 7, 25))
    page = story.go("caseworker", "subsidies:awards")
    page.locator("form[action$='/propose/'] button").click()
    taken(page)
    story.acts_on_award("caseworker", "calculate")
    story.acts_on_award("reviewer", "review")
    story.acts_on_award("caseworker", "disclose", published_on="2019-07-25", place="演示公示网")
    line = funding_line("100000.00")
    story.on("2019-08-20")
    story.acts_on_award("reviewer", "approve", funding_line=line.pk)
    assert story.award.state == AwardState.APPROVED


def it_gets_its_notice(story: Story) -> None:
    organ = notice_organ()
    story.acts_on_award("caseworker", "issue_notice", organ=organ.pk, issued_on="2019-08-20")


def it_is_paid(story: Story) -> None:
    page = story.go("finance", "subsidies:payment_list_new", story.award.funding_line_id)
    page.fill("#id_purpose", "高新技术企业奖励性补助")
    page.locator("main form button[type=submit]").click()
    taken(page)
    number = PaymentList.objects.get().number
    for name, action in (("finance2", "check"), ("finance3", "release")):
        send(story.go(name, "subsidies:payment_list", number), f"/act/{action}/", "", {})
    rows = [answer(line) for line in PaymentList.objects.get().lines.all()]
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = upload("return.xlsx", return_file(*rows), kind)
    page = story.go("finance", "subsidies:payment_list", number)
    send(page, "/act/return/", "", {"file": file})
    assert PaymentList.objects.get().state == ListState.SETTLED
    assert story.award.state == AwardState.PAID


def the_firm_downloads_its_notice(story: Story, folder: Path) -> None:
    page = story.go("firm", "subsidies:firm_awards", story.firm.pk)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").first.click()
    file = folder / "notice.pdf"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")


def test_a_firm_goes_all_the_way_from_its_application_to_its_notice(
    visit: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    story = Story(visit, settings)
    story.on("2019-06-30")
    the_firm_applies(story)
    it_is_recommended_and_enrolled(story)
    its_people_are_trained(story)
    it_is_returned_once_and_corrected(story)
    it_is_checked_and_filed(story)
    the_region_accredits_it(story)
    two_people_award_it(story)
    it_gets_its_notice(story)
    it_is_paid(story)
    the_firm_downloads_its_notice(story, tmp_path)
    assert story.complaints() == []
