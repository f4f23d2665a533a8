"""From facts to a page: bases checked, context frozen, text filled in, glyphs checked."""

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from config.common.errors import Refused
from documents.enums import NoticeKind, SourceMark
from documents.models import NoticeTemplate, Organ, OrganName, PolicyDocument
from documents.rendering import text
from documents.rendering.fonts import missing_glyphs
from documents.rendering.formats import format_money
from documents.rendering.layout import Annex, NoticePage, to_html
from documents.selectors import organ_name_on, published_template

from .signing import signed

if TYPE_CHECKING:
    from documents.rendering.pdf import Rendering

KEYWORD = "MIAOPU"
SHORT_HASH_LENGTH = 12

Frozen = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a notice says, gathered by the app that knows: addressee, variables of the template, legal bases, tables."""

    recipient: str
    context: Mapping[str, object]
    bases: Sequence[PolicyDocument]
    annexes: Sequence[Annex] = ()


def check_bases(*, bases: Sequence[PolicyDocument], organ: Organ) -> None:
    """``Refused`` unless every basis may be cited in an issued notice; the first that may not is named."""
    if not bases:
        raise Refused("basis_missing", _("A notice needs at least one legal basis."))
    for basis in bases:
        if not (basis.document_number and basis.issued_on and basis.is_formal):
            raise Refused(
                "basis_without_number",
                _(
                    "“%(title)s” has not been formally issued with a number and a date; a notice cannot rest on it."
                )
                % {"title": basis.title},
            )
        if basis.is_demo and not organ.is_demo:
            raise Refused(
                "demo_basis",
                _("“%(title)s” is invented for the demonstration; only an invented organ may cite it.")
                % {"title": basis.title},
            )
        if basis.mark == SourceMark.UNVERIFIED and not basis.is_demo:
            raise Refused(
                "basis_unverified",
                _("“%(title)s” has not been verified; a notice cannot rest on it.") % {"title": basis.title},
            )


def _frozen_value(name: str, value: object) -> str | int:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        frozen = format_money(value) if isinstance(value, Decimal) else value
    except (ValueError, InvalidOperation):
        frozen = None
    if not isinstance(frozen, str) or any(
        unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in frozen
    ):
        raise Refused(
            "bad_context",
            _(
                "The value of %(name)s is neither plain text of one line, an amount, a date nor a whole number."
            )
            % {"name": name},
        )
    if not frozen.strip():
        raise Refused("variable_missing", _("The variable %(name)s is missing.") % {"name": name})
    return frozen.strip()


def freeze(
    *,
    template: NoticeTemplate,
    context: Mapping[str, object],
    bases: Sequence[PolicyDocument],
    organ_name: str,
    recipient: str,
    issued_on: dt.date,
    annexes: Sequence[Annex] = (),
) -> Frozen:
    """The values a text is filled with, as they are kept: exactly the declared ones, the standard ones, and the annexes."""
    declared = set(template.variables)
    if missing := sorted(declared.difference(context)):
        raise Refused(
            "variable_missing", _("The variable %(name)s is missing.") % {"name": ", ".join(missing)}
        )
    if unknown := sorted(set(context).difference(declared)):
        raise Refused(
            "variable_unknown", _("The template does not declare %(names)s.") % {"names": ", ".join(unknown)}
        )
    # These names are text_faults.STANDARD_VARIABLES, which no template may declare for itself.
    standard: dict[str, object] = {
        "organ_name": organ_name,
        "issued_on": issued_on,
        "basis_text": "、".join(basis.citation for basis in bases),
    }
    if recipient:  # an announcement has none
        standard["recipient"] = recipient
    frozen: Frozen = {name: _frozen_value(name, value) for name, value in {**context, **standard}.items()}
    return frozen | {"annexes": [annex.as_json() for annex in annexes]} if annexes else frozen


def short_hash(*, number: str, template: NoticeTemplate, context: Frozen) -> str:
    """The code for typing in: known before rendering, so that it can be printed."""
    content = json.dumps(
        {"number": number, "kind": template.kind, "version": template.version, "context": context},
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(content.encode()).hexdigest()[:SHORT_HASH_LENGTH]


def check_url(number: str, code: str) -> str:
    """Where the QR code of a notice leads; empty without a public site."""
    if not settings.PUBLIC_BASE_URL:
        return ""
    query = urlencode({"number": number, "code": code})
    return f"{settings.PUBLIC_BASE_URL.rstrip('/')}{reverse('documents:verify')}?{query}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice whose facts are checked and frozen: ready to be set with any number."""

    kind: NoticeKind
    organ: Organ
    organ_name: OrganName
    template: NoticeTemplate
    bases: tuple[PolicyDocument, ...]
    subject: str
    recipient: str
    context: Frozen
    annexes: tuple[Annex, ...]
    issued_on: dt.date
    is_demo: bool


def draft(
    *,
    kind: NoticeKind,
    organ: Organ,
    subject: str,
    recipient: str,
    context: Mapping[str, object],
    bases: Sequence[PolicyDocument],
    issued_on: dt.date,
    annexes: Sequence[Annex] = (),
) -> Draft:
    """Text and name in force on the day, values frozen, every character drawable. The bases are not judged here.

    ``Refused``: template_missing, variable_missing, variable_unknown, bad_context, organ_name_missing,
    organ_name_ambiguous; ``missing_glyph`` names the characters that the fonts cannot draw.
    """
    template = published_template(kind)
    organ_name = organ_name_on(organ, issued_on)
    found = Draft(
        kind=kind,
        organ=organ,
        organ_name=organ_name,
        template=template,
        bases=tuple(bases),
        subject=subject,
        recipient=recipient,
        context=freeze(
            template=template,
            context=context,
            bases=bases,
            organ_name=organ_name.name,
            recipient=recipient,
            issued_on=issued_on,
            annexes=annexes,
        ),
        annexes=tuple(annexes),
        issued_on=issued_on,
        is_demo=organ.is_demo or any(basis.is_demo for basis in bases),
    )
    check_glyphs(found)
    return found


def check_glyphs(draft: Draft) -> None:
    """``Refused`` (``missing_glyph``) with the characters that the fonts cannot draw."""
    if missing := missing_glyphs(_page(draft, "", "").words + draft.organ_name.number_prefix):
        named = "、".join(f"{char} (U+{ord(char):04X})" for char in missing)
        raise Refused(
            "missing_glyph",
            _("The fonts have no glyph for %(characters)s.") % {"characters": named},
            characters=missing,
        )


def _page(draft: Draft, number: str, code: str) -> NoticePage:
    return NoticePage(
        organ_name=draft.organ_name.name,
        mark_name=draft.organ_name.mark_name,
        number=number,
        title=tuple(text.fill(draft.template.title, draft.context)),
        recipient=str(draft.context.get("recipient", "")),
        body=tuple(text.fill(draft.template.body, draft.context)),
        annexes=draft.annexes,
        annotation="".join(text.fill(draft.template.annotation, draft.context)),
        copies="".join(text.fill(draft.template.copies, draft.context)),
        issued_on=draft.issued_on,
        is_demo=draft.is_demo,
        is_preview=not number,
        short_hash=code,
        check_url=check_url(number, code) if number else "",
        keyword=f"{KEYWORD}:{quote(number)}:{code}" if number else f"{KEYWORD}:preview",
    )


def typeset(draft: Draft, number: str = "") -> tuple[str, str]:
    """The HTML of the notice and its short hash; without a number it is a preview, with a watermark."""
    code = short_hash(number=number, template=draft.template, context=draft.context) if number else ""
    return to_html(_page(draft, number, code)), code


def identifier_of(html: str) -> str:
    """What names the document inside its file."""
    return hashlib.sha256(html.encode()).hexdigest()[:32]


def compose(draft: Draft, number: str = "") -> "tuple[Rendering, str]":
    """The rendered notice and its short hash, by a press of its own; signed unless it is a preview."""
    from documents.rendering.pdf import render  # WeasyPrint takes a second: not on every command's start

    html, code = typeset(draft, number)
    rendering = render(html, identifier=identifier_of(html))
    return signed(rendering) if number else rendering, code
