"""Scheme versions: drafted by one person, published by another, then fixed."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple, TypedDict, Unpack

from django.db.models import Max
from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from cultivation.api import Role, User, recorded, require_role, require_second_person
from documents.api import PolicyDocument, SourceMark
from subsidies.enums import Decision, ExclusionKind, OncePer, Rounding, SchemeState, Stacking
from subsidies.models import Scheme, SchemeVersion

DRAFTERS = (Role.CASEWORKER, Role.REVIEWER)
PUBLISHERS = (Role.REVIEWER,)


class NewBasis(NamedTuple):
    """A document that is not recorded yet; it is unverified until the administrator has seen it."""

    title: str
    issuer: str
    document_number: str
    issued_on: dt.date
    source: str


class VersionTerms(TypedDict, total=False):
    """What a version may say beside its basis and span; unsaid things keep the model's default."""

    ratio_numerator: int
    ratio_denominator: int
    first_eligible: Decision
    renewal_eligible: Decision
    inbound_eligible: Decision
    once_per: OncePer
    cap: Decimal | None
    rounding: Rounding
    stacking: Stacking
    exclusions: list[str]
    fund: str
    window_opens_on: dt.date | None
    window_closes_on: dt.date | None
    disclosure_required: bool
    disclosure_source: str
    recovery_returns_to_line: bool
    valid_to: dt.date | None


@recorded("draft scheme version")
def draft_version(
    *,
    key: str,
    name: str,
    basis: PolicyDocument | NewBasis,
    valid_from: dt.date,
    actor: User,
    is_demo: bool = False,
    **terms: Unpack[VersionTerms],
) -> SchemeVersion:
    """Draft the next version of the scheme ``key``, which is made with ``name`` when it is new.

    Raises ``Refused``: ratio_not_positive, cap_not_positive, span_empty, exclusion_unknown, window_wrong,
    disclosure_source_missing; for a document that is recorded with it: basis_incomplete, basis_exists,
    date_in_future.
    """
    require_role(actor, *DRAFTERS)
    scheme, _created = Scheme.objects.select_for_update().get_or_create(
        key=key, defaults={"name": name, "is_demo": is_demo}
    )
    last = scheme.versions.aggregate(last=Max("number"))["last"] or 0
    version = SchemeVersion(
        scheme=scheme,
        number=last + 1,
        basis=_record_basis(basis) if isinstance(basis, NewBasis) else basis,
        valid_from=valid_from,
        drafted_by=actor,
        **terms,
    )
    _require_sound(version)
    version.save(force_insert=True)
    return version


@recorded("publish scheme version")
def publish_version(*, version: SchemeVersion, actor: User) -> SchemeVersion:
    """Put a drafted version in force from its first day; a reviewer other than its drafter.

    A version over the same days as an earlier one takes its place for what is not calculated yet.
    Raises ``Refused``: already_published.
    """
    require_role(actor, *PUBLISHERS)
    Scheme.objects.select_for_update().get(pk=version.scheme_id)
    version = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    require_second_person(actor, version.drafted_by_id, version.drafted_at)
    if version.state != SchemeState.DRAFT:
        raise Refused("already_published", _("This scheme version has been published already."))
    version.state = SchemeState.PUBLISHED
    version.published_by, version.published_at = actor, now()
    version.save(update_fields=["state", "published_by", "published_at"])
    return version


def _record_basis(basis: NewBasis) -> PolicyDocument:
    told = {name: text.strip() if isinstance(text, str) else text for name, text in basis._asdict().items()}
    if not all(told.values()):
        raise Refused("basis_incomplete", _("A document needs title, issuer, number, date and source."))
    if basis.issued_on > today():
        raise Refused("date_in_future", _("The date of the document lies in the future."))
    known = PolicyDocument.objects.filter(issuer=told["issuer"], document_number=told["document_number"])
    if known.exists():
        raise Refused("basis_exists", _("This document is recorded already; choose it from the list."))
    return PolicyDocument.objects.create(**told, is_formal=True, mark=SourceMark.UNVERIFIED)


def _require_sound(version: SchemeVersion) -> None:
    if version.ratio_numerator <= 0 or version.ratio_denominator <= 0:
        raise Refused("ratio_not_positive", _("Both sides of the ratio are above zero."))
    if version.cap is not None and version.cap <= 0:
        raise Refused("cap_not_positive", _("A cap is above zero."))
    if version.valid_to is not None and version.valid_to <= version.valid_from:
        raise Refused("span_empty", _("A version ends after it begins."))
    if unknown := sorted(set(version.exclusions) - set(ExclusionKind.values)):
        raise Refused("exclusion_unknown", _("Unknown exclusion: %(kind)s.") % {"kind": unknown[0]})
    opens, closes = version.window_opens_on, version.window_closes_on
    if (opens is None) != (closes is None) or (opens is not None and closes is not None and closes < opens):
        raise Refused("window_wrong", _("A window has a first and a last day, in this order."))
    if not version.disclosure_required and not version.disclosure_source.strip():
        raise Refused(
            "disclosure_source_missing", _("Name the source that lets awards be approved without disclosure.")
        )
