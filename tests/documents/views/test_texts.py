"""The texts of notices on their pages: drafted with a preview, published by a second administrator, kept."""

import datetime as dt
import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from cultivation.enums import Role
from cultivation.models import Delegation, User
from documents.api import NoticeKind, NoticeTemplate, TemplateState, install_template, issue_notice
from documents.services.samples import last_values, sample_of
from documents.services.text_faults import read_variables
from documents.services.texts import reference_text
from tests.documents.reading import text_of
from tests.overtaking import from_page
from tests.people import Cast, person

NEW = reverse("documents:text_new", kwargs={"kind": "grant"})
PREVIEW = reverse("documents:text_preview", kwargs={"kind": "grant"})
GOOD = {
    "title": "关于{{ firm_name }}的通知",
    "body": "根据{{ basis_text }}，给予{{ amount|yuan }}。\n一、要求。自{{ begins_on|chinese_date }}起执行。",
    "annotation": "此件公开发布",
    "copies": "演示市财政局",
    "variables": "firm_name 企业名称\namount：金额（元）\nbegins_on\nspare 备用",
}


@pytest.fixture
def second(db: None) -> User:
    return person("administrator2", Role.ADMINISTRATOR)


@pytest.fixture
def first(client: Client, cast: Cast) -> Client:
    client.force_login(cast.administrator)
    return client


def as_second(second: User) -> Client:
    client = Client()
    client.force_login(second)
    return client


def drafted(client: Client, **changes: str) -> NoticeTemplate:
    answer = client.post(NEW, from_page(client, NEW, **{**GOOD, **changes}))
    assert answer.status_code == 302, answer.context["form"].errors
    return NoticeTemplate.objects.latest("pk")


class TestDrafting:
    def test_a_version_is_drafted_as_it_was_typed_with_what_its_variables_are(self, first: Client) -> None:
        version = drafted(first)
        assert (version.kind, version.version, version.state) == ("grant", 1, TemplateState.DRAFT)
        assert version.variables == {
            "amount": "金额（元）",
            "begins_on": "",
            "firm_name": "企业名称",
            "spare": "备用",
        }
        assert (version.annotation, version.copies) == ("此件公开发布", "演示市财政局")

    def test_the_form_begins_like_the_newest_version(self, first: Client) -> None:
        drafted(first)
        page = first.get(NEW).content.decode()
        assert "firm_name 企业名称" in page
        assert "给予{{ amount|yuan }}" in page

    def test_an_unknown_kind_is_not_there(self, first: Client) -> None:
        assert first.get(reverse("documents:text_new", kwargs={"kind": "poem"})).status_code == 404

    @pytest.mark.parametrize(
        ("field", "typed", "code", "line"),
        [
            ("body", "好。\n{% include 'x' %}", "template_syntax", 2),
            ("body", "{{ amount|shout }}", "template_syntax", 1),
            ("body", "好。\n\n{{ amount", "template_syntax", 3),
            ("body", "好。\n{{ unheard }}", "variable_undeclared", 2),
            ("title", "{{ unheard }}", "variable_undeclared", 1),
            ("annotation", "{{ unheard }}", "variable_undeclared", 1),
            ("copies", "{{ unheard }}", "variable_undeclared", 1),
            ("body", " \n", "template_empty", 0),
            ("title", "", "template_empty", 0),
            ("body", "{{ amount|yuan|in_words }}", "filter_unfit", 1),
            ("body", "{{ basis_text|yuan }}", "filter_unfit", 1),
            ("body", "{{ amount|yuan }}\n{{ amount|chinese_date }}", "filter_unfit", 1),
            ("variables", GOOD["variables"] + "\nissued_on", "variable_reserved", 5),
            ("variables", GOOD["variables"] + "\nannexes", "variable_reserved", 5),
            ("variables", GOOD["variables"] + "\nspare", "variable_twice", 5),
            ("variables", GOOD["variables"] + "\n企业 名称", "variable_name", 5),
        ],
    )
    def test_a_fault_stands_at_its_field_with_its_line_and_what_was_typed_is_kept(
        self, first: Client, field: str, typed: str, code: str, line: int
    ) -> None:
        answer = first.post(NEW, {**GOOD, field: typed})
        assert answer.status_code == 422
        form = answer.context["form"]
        assert list(form.errors) == [field]
        assert form.errors.as_data()[field][0].code == code
        assert form.faults()[0].line == line
        assert form[field].value() == typed
        assert not NoticeTemplate.objects.exists()

    def test_the_reference_text_is_drafted_never_published_alone_and_once(self, first: Client) -> None:
        url = reverse("documents:text_reference", kwargs={"kind": "recovery"})
        assert first.post(url).status_code == 302
        version = NoticeTemplate.objects.get()
        assert (version.kind, version.state) == ("recovery", TemplateState.DRAFT)
        assert version.variables["repay_by"] == "退回期限"
        assert first.post(url).status_code == 409
        assert NoticeTemplate.objects.count() == 1

    @pytest.mark.parametrize("url", [NEW, PREVIEW, NEW.replace("new", "reference")])
    @pytest.mark.parametrize("role", ["caseworker", "reviewer", "auditor", "finance", "firm"])
    def test_nobody_else_drafts(self, client: Client, cast: Cast, url: str, role: str) -> None:
        client.force_login(getattr(cast, role))
        assert client.post(url, GOOD).status_code == 403
        assert not NoticeTemplate.objects.exists()


class TestPreview:
    def test_it_shows_the_filled_text_the_variables_and_stores_nothing(self, first: Client) -> None:
        page = first.post(PREVIEW, GOOD).content.decode()
        for shown in (
            "关于〔企业名称〕的通知",
            "80000.00元",
            '<span class="level-1">一、要求。</span>',
            "2019年",
        ):
            assert shown in page
        assert "（此件公开发布）" in page
        assert "抄送：演示市财政局。" in page
        assert not NoticeTemplate.objects.exists()

    def test_faults_are_told_beside_the_text(self, first: Client) -> None:
        answer = first.post(PREVIEW, {**GOOD, "body": "好。\n{{ unheard }}\n{% x %}"})
        assert answer.status_code == 200
        assert [(fault.line, fault.code) for fault in answer.context["faults"]] == [
            (3, "template_syntax"),
            (2, "variable_undeclared"),
        ]
        assert answer.context["sample"].undeclared == ["unheard"]
        assert "{% x %}" in answer.content.decode()

    def test_html_in_a_text_is_shown_not_obeyed(self, first: Client) -> None:
        evil = "<script>alert(1)</script>"
        typed = {**GOOD, "title": evil, "body": f"一、{evil}。{evil}", "annotation": evil, "copies": evil}
        typed["variables"] = f"firm_name {evil}"
        for url, extra in ((PREVIEW, {}), (NEW, {"preview": "yes"})):
            page = first.post(url, {**typed, **extra}).content.decode()
            assert evil not in page
            assert "&lt;script&gt;alert(1)" in page
        version = drafted(first, **typed)
        assert evil not in first.get(reverse("documents:text", args=[version.pk])).content.decode()

    def test_without_javascript_a_button_does_the_same_and_keeps_what_is_typed(self, first: Client) -> None:
        answer = first.post(NEW, {**GOOD, "preview": "yes"})
        assert answer.status_code == 200
        assert "关于〔企业名称〕的通知" in answer.content.decode()
        assert answer.context["form"]["body"].value() == GOOD["body"]
        assert not NoticeTemplate.objects.exists()

    @pytest.mark.parametrize("kind", NoticeKind)
    def test_samples_fill_the_reference_text_of_every_kind(self, db: None, kind: NoticeKind) -> None:
        reference = reference_text(kind)
        sample = sample_of(NoticeTemplate(kind=kind, version=0, **reference), {})
        assert sample.faults == []
        assert sample.undeclared == []
        shown = "".join((*sample.title, *(f"{line.heading}{line.text}" for line in sample.paragraphs)))
        assert "{" not in shown

    def test_values_of_a_real_notice_are_shown_only_to_those_who_may_read_it(
        self, grant: dict[str, object], cast: Cast
    ) -> None:
        notice = issue_notice(**grant)
        url = reverse("documents:text", args=[notice.template_id])
        firm = notice.context["firm_name"]
        assert last_values(NoticeKind.GRANT)["firm_name"] == firm
        for person_, is_shown in ((cast.caseworker, True), (cast.administrator, False)):
            client = Client()
            client.force_login(person_)
            assert (firm in client.get(url).content.decode()) is is_shown


class TestSample:
    def test_what_is_typed_and_what_is_stored_come_as_a_watermarked_pdf(
        self, first: Client, organ: object, tmp_path: Path
    ) -> None:
        typed = first.post(NEW, {**GOOD, "sample": "yes"})
        assert not NoticeTemplate.objects.exists()
        stored = first.get(reverse("documents:text_sample", args=[drafted(first).pk]))
        for answer in (typed, stored):
            assert answer["Content-Type"] == "application/pdf"
            words = text_of(answer.content, tmp_path)
            assert "预览" in words
            assert "80000.00元" in words.replace("\n", "")

    def test_a_faulty_text_gives_no_pdf(self, first: Client) -> None:
        assert first.post(NEW, {**GOOD, "body": "{{ unheard }}", "sample": "yes"}).status_code == 422

    def test_a_character_without_a_glyph_is_named(self, first: Client) -> None:
        answer = first.post(NEW, {**GOOD, "title": "好\U0001f600", "sample": "yes"})
        assert answer.status_code == 422
        assert "U+1F600" in str(answer.context["form"].errors)


class TestPublishing:
    def publish(self, client: Client, version: NoticeTemplate) -> int:
        fields = from_page(client, reverse("documents:text", args=[version.pk]))
        return client.post(reverse("documents:text_publish", args=[version.pk]), fields).status_code

    def test_another_administrator_publishes(self, first: Client, second: User) -> None:
        version = drafted(first)
        assert self.publish(first, version) == 403
        page = first.get(reverse("documents:text", args=[version.pk]))
        assert not page.context["is_second"]
        assert self.publish(as_second(second), version) == 302
        version.refresh_from_db()
        assert (version.state, version.published_by) == (TemplateState.PUBLISHED, second)
        assert self.publish(as_second(second), version) == 409

    def test_a_stand_in_of_the_drafter_does_not(self, first: Client, cast: Cast, second: User) -> None:
        version = drafted(first)
        Delegation.objects.create(
            principal=cast.administrator,
            delegate=second,
            role=Role.ADMINISTRATOR,
            starts_on=dt.date(2019, 1, 1),
            ends_on=dt.date(2019, 12, 31),
            reason="休假",
            granted_by=cast.administrator,
        )
        assert self.publish(as_second(second), version) == 403

    def test_readers_read_and_publish_nothing(self, first: Client, cast: Cast) -> None:
        version = drafted(first)
        client = Client()
        client.force_login(cast.auditor)
        assert client.get(reverse("documents:text", args=[version.pk])).status_code == 200
        assert self.publish(client, version) == 403

    def test_changes_against_the_version_in_force_are_told_in_words(
        self, first: Client, second: User
    ) -> None:
        self.publish(as_second(second), drafted(first))
        version = drafted(first, body=GOOD["body"] + "\n特此通知。", copies="")
        changes = first.get(reverse("documents:text", args=[version.pk])).context["changes"]
        assert [(change.is_added, change.line) for change in changes] == [
            (True, "特此通知。"),
            (False, "演示市财政局"),
        ]

    def test_an_outdated_draft_says_so_and_is_not_published(self, first: Client, second: User) -> None:
        old, new = drafted(first), drafted(first)
        self.publish(as_second(second), new)
        assert as_second(second).get(reverse("documents:text", args=[old.pk])).context["is_outdated"]
        assert self.publish(as_second(second), old) == 409

    def test_old_versions_are_kept_and_notices_still_rest_on_them(
        self, first: Client, cast: Cast, grant: dict[str, object]
    ) -> None:
        notice = issue_notice(**grant)
        self.publish(as_second(User.objects.get(username="administrator2")), drafted(first))
        notice.refresh_from_db()
        assert notice.template.version == 1
        assert NoticeTemplate.objects.filter(kind="grant").count() == 2
        client = Client()
        client.force_login(cast.caseworker)
        page = client.get(reverse("documents:notice", args=[notice.pk])).content.decode()
        assert reverse("documents:text", args=[notice.template_id]) in page


def test_the_list_tells_for_every_kind_what_is_in_force(first: Client, cast: Cast, second: User) -> None:
    version = install_template(kind=NoticeKind.GRANT, drafted_by=cast.administrator, published_by=second)
    kinds = first.get(reverse("documents:texts")).context["kinds"]
    assert [kind for kind, _versions, _in_force in kinds] == list(NoticeKind)
    assert [in_force for _kind, _versions, in_force in kinds if in_force] == [version]


def test_variables_are_read_as_they_are_written() -> None:
    variables, faults = read_variables(" a  甲\n\nb:乙 丙\nc\n")
    assert (variables, faults) == ({"a": "甲", "b": "乙 丙", "c": ""}, [])


def test_names_of_versions_from_before_are_kept(first: Client) -> None:
    version = drafted(first)
    NoticeTemplate.objects.filter(pk=version.pk).update(variables=["amount", "firm_name"])
    migration = importlib.import_module("documents.migrations.0007_template_variables_with_descriptions")
    migration.describe(apps, None)
    version.refresh_from_db()
    assert version.variables == {"amount": "", "firm_name": ""}
    migration.only_names(apps, None)
    version.refresh_from_db()
    assert version.variables == ["amount", "firm_name"]
