"""A text as it would stand on a page, filled with values that fit it: for the preview while it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import InvalidOperation

from config.common.clock import today
from config.common.errors import Refused
from documents.enums import NoticeKind
from documents.models import Notice, NoticeTemplate, Organ, OrganName
from documents.rendering import text
from documents.rendering.layout import Paragraph, paragraph_of
from documents.selectors import organ_name_on

from .composing import Draft, Frozen, check_glyphs, compose
from .text_faults import AMOUNT_FILTERS, STANDARD_VARIABLES, Fault, faults_of, uses_in

_AMOUNT = "80000.00"


@dataclass(frozen=True, slots=True)
class Sample:
    """The filled text, the faults it has, and what becomes of its variables (name, description, how often used)."""

    title: list[str]
    recipient: str
    paragraphs: list[Paragraph]
    annotation: str
    copies: str
    variables: list[tuple[str, str, int]]
    undeclared: list[str]
    faults: list[Fault]


def _organ() -> tuple[Organ, OrganName]:
    """An organ with its name of today; a blank where none is recorded."""
    organ = Organ.objects.order_by("is_demo", "key").first()
    if organ is not None:
        try:
            return organ, organ_name_on(organ, today())
        except Refused:
            pass
    return Organ(), OrganName(name="〔机关名称〕", mark_name="〔机关名称〕", number_prefix="")


def last_values(kind: NoticeKind) -> Frozen:
    """What the last issued notice of the kind was filled with: only for those who may read notices."""
    notice = Notice.objects.filter(kind=kind).order_by("-issued_at", "-pk").first()
    return notice.context if notice else {}


def sample_values(template: NoticeTemplate, known: Frozen) -> Frozen:
    """A value for each variable: one that fits its filters, else the ``known`` one, else 〔what it is〕."""
    uses, _faults = uses_in(texts_of(template))
    filters: dict[str, set[str]] = {name: set() for name in template.variables}
    for use in uses:
        filters.setdefault(use.name, set()).update(use.filters)
    values: Frozen = {}
    for name, passed in filters.items():
        if passed & AMOUNT_FILTERS:
            values[name] = _AMOUNT
        elif passed:
            values[name] = today().isoformat()
        else:
            values[name] = known.get(name) or f"〔{template.variables.get(name) or name}〕"
    values |= {
        "organ_name": _organ()[1].name,
        "issued_on": today().isoformat(),
        "basis_text": known.get("basis_text") or "〔依据〕",
    }
    if template.kind != NoticeKind.DISCLOSURE:  # an announcement has none
        values["recipient"] = known.get("recipient") or "〔主送单位〕"
    return values


def texts_of(template: NoticeTemplate) -> dict[str, str]:
    return {name: getattr(template, name) for name in ("title", "body", "annotation", "copies")}


def _filled(source: str, values: Frozen) -> list[str]:
    """The lines filled in; one that cannot be stands as it was written."""
    lines = []
    for line in source.splitlines():
        try:
            lines += text.fill(line, values)
        except (text.TemplateSyntaxError, ValueError, InvalidOperation):
            lines.append(line.strip())
    return lines


def sample_of(template: NoticeTemplate, known: Frozen) -> Sample:
    """The sample of a version, stored or only typed."""
    texts, values = texts_of(template), sample_values(template, known)
    names = [use.name for use in uses_in(texts)[0]]
    declared: Mapping[str, str] = template.variables
    return Sample(
        title=_filled(template.title, values),
        recipient=str(values.get("recipient", "")),
        paragraphs=[paragraph_of(line) for line in _filled(template.body, values)],
        annotation="".join(_filled(template.annotation, values)),
        copies="".join(_filled(template.copies, values)),
        variables=[(name, description, names.count(name)) for name, description in declared.items()],
        undeclared=sorted(set(names).difference(STANDARD_VARIABLES, declared)),
        faults=faults_of(texts=texts, variables=declared),
    )


def sample_pdf(template: NoticeTemplate, known: Frozen) -> bytes:
    """The sample through the whole pipeline, without number, with the watermark; ``Refused`` for a fault or missing glyph."""
    for fault in faults_of(texts=texts_of(template), variables=template.variables):
        raise Refused(fault.code, fault.message, field=fault.field)
    organ, organ_name = _organ()
    values = sample_values(template, known)
    draft = Draft(
        kind=NoticeKind(template.kind),
        organ=organ,
        organ_name=organ_name,
        template=template,
        bases=(),
        subject="",
        recipient=str(values.get("recipient", "")),
        context=values,
        annexes=(),
        issued_on=today(),
        is_demo=organ.is_demo,
    )
    check_glyphs(draft)
    return compose(draft)[0].pdf
