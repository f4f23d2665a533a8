"""Template texts: drafting, publishing by another person, and the reference texts that come with the product."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import NotAllowed, Refused
from documents.enums import NoticeKind, TemplateState
from documents.models import NoticeTemplate
from documents.permissions import MAY_EDIT_TEMPLATES, is_second_person, require_group
from documents.selectors import text_in_force

from .text_faults import faults_of

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

_REFERENCE = Path(__file__).resolve().parent.parent / "reference"


def _check_text(*, title: str, body: str, annotation: str, copies: str, variables: Mapping[str, str]) -> None:
    """``Refused`` with the first fault of a text; ``field`` tells where it stands."""
    texts = {"title": title, "body": body, "annotation": annotation, "copies": copies}
    for fault in faults_of(texts=texts, variables=variables):
        raise Refused(fault.code, fault.message, field=fault.field)


@transaction.atomic
def draft_template(
    *,
    kind: NoticeKind,
    title: str,
    body: str,
    variables: Mapping[str, str],
    actor: "User",
    annotation: str = "",
    copies: str = "",
) -> NoticeTemplate:
    """A new version of the text of ``kind``, to be published by somebody else; ``variables`` are names and what they are."""
    require_group(actor, MAY_EDIT_TEMPLATES)
    _check_text(title=title, body=body, annotation=annotation, copies=copies, variables=variables)
    newest = NoticeTemplate.objects.filter(kind=kind).aggregate(newest=Max("version"))["newest"] or 0
    return NoticeTemplate.objects.create(
        kind=kind,
        version=newest + 1,
        title=title.strip(),
        body=body.strip(),
        annotation=annotation.strip(),
        copies=copies.strip(),
        variables={name: variables[name].strip() for name in sorted(variables)},
        drafted_by=actor,
        drafted_at=now(),
    )


@transaction.atomic
def publish_template(*, template: NoticeTemplate, actor: "User") -> NoticeTemplate:
    """Put a draft into force; it replaces the version before it for notices from now on."""
    require_group(actor, MAY_EDIT_TEMPLATES)
    template = NoticeTemplate.objects.select_for_update().get(pk=template.pk)
    if template.state != TemplateState.DRAFT:
        raise Refused("template_published", _("This version has been published already."))
    if not is_second_person(actor, template.drafted_by, template.drafted_at):
        raise NotAllowed("four_eyes", _("A template is published by another person than its drafter."))
    in_force = text_in_force(NoticeKind(template.kind))
    if in_force is not None and in_force.version > template.version:
        raise Refused(
            "template_outdated", _("Version %(version)s is in force already.") % {"version": in_force.version}
        )
    _check_text(
        title=template.title,
        body=template.body,
        annotation=template.annotation,
        copies=template.copies,
        variables=template.variables,
    )
    template.state, template.published_by, template.published_at = TemplateState.PUBLISHED, actor, now()
    template.save(update_fields=["state", "published_by", "published_at"])
    return template


def reference_text(kind: NoticeKind) -> dict[str, Any]:
    """The text that comes with the product: title, body, annotation, copies, and the variables with what they are."""
    reference = tomllib.loads((_REFERENCE / f"{NoticeKind(kind).value}.toml").read_text("utf-8"))
    texts = {name: reference.get(name, "").strip() for name in ("title", "body", "annotation", "copies")}
    return {**texts, "variables": reference["variables"]}


def _says_the_same(template: NoticeTemplate | None, reference: Mapping[str, Any]) -> bool:
    return template is not None and all(
        getattr(template, name) == value for name, value in reference.items() if name != "variables"
    )


@transaction.atomic
def draft_reference(*, kind: NoticeKind, actor: "User") -> NoticeTemplate:
    """Draft the reference text of ``kind``; ``Refused`` where the newest version says the same."""
    require_group(actor, MAY_EDIT_TEMPLATES)
    reference = reference_text(kind)
    if _says_the_same(NoticeTemplate.objects.filter(kind=kind).order_by("-version").first(), reference):
        raise Refused("template_same", _("The newest version is the reference text already."))
    return draft_template(kind=kind, actor=actor, **reference)


@transaction.atomic
def install_template(*, kind: NoticeKind, drafted_by: "User", published_by: "User") -> NoticeTemplate:
    """Bring in the reference text of ``kind`` through drafting and publishing; the one in force stays if it is the same."""
    reference, present = reference_text(kind), text_in_force(kind)
    if present is not None and _says_the_same(present, reference):
        return present
    draft = draft_template(kind=kind, actor=drafted_by, **reference)
    return publish_template(template=draft, actor=published_by)
