"""Template texts: drafting, publishing by another person, and the reference texts that come with the product."""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import NotAllowed, Refused
from documents.enums import NoticeKind, TemplateState
from documents.models import NoticeTemplate
from documents.permissions import MAY_EDIT_TEMPLATES, is_second_person, require_group
from documents.rendering import text

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

# Supplied at issue to every template, whatever its kind.
STANDARD_VARIABLES = frozenset({"organ_name", "recipient", "issued_on", "basis_text"})
# Kept beside the variables in a frozen context, so no variable may have its name.
_RESERVED = STANDARD_VARIABLES | {"annexes"}

_REFERENCE = Path(__file__).resolve().parent.parent / "reference"


def _check_text(*, title: str, body: str, annotation: str, copies: str, variables: Collection[str]) -> None:
    """``Refused`` for a text that cannot be filled in, is empty, or uses a variable that is not declared."""
    try:
        used: set[str] = set().union(*map(text.variables_of, (title, body, annotation, copies)))
    except text.TemplateSyntaxError as error:
        raise Refused(
            "template_syntax", _("The text cannot be read: %(reason)s") % {"reason": error}
        ) from error
    if not title.strip() or not body.strip():
        raise Refused("template_empty", _("A template needs a title and a body."))
    if clash := sorted(_RESERVED.intersection(variables)):
        raise Refused(
            "variable_reserved",
            _("These variables are always supplied: %(names)s") % {"names": ", ".join(clash)},
        )
    if undeclared := sorted(used.difference(STANDARD_VARIABLES, variables)):
        raise Refused(
            "variable_undeclared",
            _("The text uses variables that are not declared: %(names)s") % {"names": ", ".join(undeclared)},
        )


@transaction.atomic
def draft_template(
    *,
    kind: NoticeKind,
    title: str,
    body: str,
    variables: Collection[str],
    actor: "User",
    annotation: str = "",
    copies: str = "",
) -> NoticeTemplate:
    """A new version of the text of ``kind``, to be published by somebody else."""
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
        variables=sorted(variables),
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


@transaction.atomic
def install_template(*, kind: NoticeKind, drafted_by: "User", published_by: "User") -> NoticeTemplate:
    """Bring in the reference text of ``kind`` through drafting and publishing; the one in force stays if it is the same."""
    path = _REFERENCE / f"{NoticeKind(kind).value}.toml"
    reference = tomllib.loads(path.read_text("utf-8"))
    texts = {name: reference.get(name, "").strip() for name in ("title", "body", "annotation", "copies")}
    present = (
        NoticeTemplate.objects.filter(kind=kind, state=TemplateState.PUBLISHED).order_by("-version").first()
    )
    if present is not None and all(getattr(present, name) == value for name, value in texts.items()):
        return present
    draft = draft_template(kind=kind, variables=reference["variables"], actor=drafted_by, **texts)
    return publish_template(template=draft, actor=published_by)
