import tomllib
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import User
from documents.api import (
    NoticeKind,
    NoticeTemplate,
    TemplateState,
    draft_template,
    install_template,
    publish_template,
)
from tests.people import Cast, person


@pytest.fixture
def second(db: None) -> User:
    return person("administrator2", Role.ADMINISTRATOR)


def draft(actor: User, **changes: object) -> NoticeTemplate:
    return draft_template(
        **{
            "kind": NoticeKind.STATUS,
            "title": "关于{{ firm_name }}的函",
            "body": "{{ firm_name }}状态正常。",
            "variables": {"firm_name": "企业名称"},
            "actor": actor,
            **changes,
        }
    )


def test_two_people_bring_a_version_into_force(cast: Cast, second: User) -> None:
    first = publish_template(template=draft(cast.administrator), actor=second)
    newer = draft(second)
    assert (first.state, first.published_by, first.version) == (TemplateState.PUBLISHED, second, 1)
    assert (newer.state, newer.version) == (TemplateState.DRAFT, 2)


def test_the_drafter_does_not_publish(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        publish_template(template=draft(cast.administrator), actor=cast.administrator)


def test_the_database_refuses_a_drafter_as_publisher(cast: Cast, second: User) -> None:
    template = publish_template(template=draft(cast.administrator), actor=second)
    for change in ({"published_by": cast.administrator}, {"published_by": None}, {"state": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeTemplate.objects.filter(pk=template.pk).update(**change)


def test_a_version_is_published_once(cast: Cast, second: User) -> None:
    template = publish_template(template=draft(cast.administrator), actor=second)
    with pytest.raises(Refused) as refusal:
        publish_template(template=template, actor=second)
    assert refusal.value.code == "template_published"


def test_only_administrators_touch_templates(cast: Cast) -> None:
    for actor in (cast.firm, cast.county, cast.caseworker, cast.reviewer, cast.finance, cast.auditor):
        with pytest.raises(NotAllowed):
            draft(actor)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": "{{ amount }}"}, "variable_undeclared"),
        ({"body": "{% include 'x' %}"}, "template_syntax"),
        ({"body": " \n"}, "template_empty"),
        ({"variables": {"firm_name": "", "issued_on": ""}}, "variable_reserved"),
    ],
)
def test_a_faulty_text_is_refused(cast: Cast, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        draft(cast.administrator, **changes)
    assert refusal.value.code == code


def test_the_reference_text_is_installed_once(cast: Cast, second: User) -> None:
    arguments = {"kind": NoticeKind.GRANT, "drafted_by": cast.administrator, "published_by": second}
    first = install_template(**arguments)
    assert install_template(**arguments) == first
    assert NoticeTemplate.objects.count() == 1


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_comes_with_a_reference_text(kind: NoticeKind, cast: Cast, second: User) -> None:
    template = install_template(kind=kind, drafted_by=cast.administrator, published_by=second)
    assert (template.kind, template.version, template.state) == (kind, 1, TemplateState.PUBLISHED)


def test_the_reference_grant_text_promises_nothing_the_plan_does_not_say(root: Path) -> None:
    """No recovery clause, deadline or upper limit: the plan has none."""
    text = tomllib.loads((root / "documents" / "reference" / "grant.toml").read_text("utf-8"))["body"]
    for invented in ("追回", "收回", "不超过", "最高", "日内"):
        assert invented not in text
