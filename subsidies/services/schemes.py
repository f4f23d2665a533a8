"""Scheme versions: drafted by one person, published by another, then fixed."""

import datetime as dt
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db.models import Max
from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from cultivation.api import Role, User, recorded, require_role, require_second_person
from documents.api import PolicyDocument
from subsidies.enums import Decision, ExclusionKind, OncePer, Rounding, SchemeState, Stacking
from subsidies.models import Scheme, SchemeVersion


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
    basis: PolicyDocument,
    valid_from: dt.date,
    actor: User,
    is_demo: bool = False,
    **terms: Unpack[VersionTerms],
) -> SchemeVersion:
    """Draft the next version of the scheme ``key``, which is made with ``name`` when it is new.

    Raises ``Refused``: ratio_not_positive, cap_not_positive, span_empty, exclusion_unknown, window_wrong,
    disclosure_source_missing.
    """
    require_role(actor, Role.CASEWORKER, Role.REVIEWER)
    scheme, _created = Scheme.objects.select_for_update().get_or_create(
        key=key, defaults={"name": name, "is_demo": is_demo}
    )
    last = scheme.versions.aggregate(last=Max("number"))["last"] or 0
    version = SchemeVersion(
        scheme=scheme, number=last + 1, basis=basis, valid_from=valid_from, drafted_by=actor, **terms
    )
    _require_sound(version)
    version.save(force_insert=True)
    return version


@recorded("publish scheme version")
def publish_version(*, version: SchemeVersion, actor: User) -> SchemeVersion:
    """Put a drafted version in force from its first day; a reviewer other than its drafter.

    A version over the same days as an earlier one takes its place for what is not calculated yet.
    Raises ``Refused`` (already_published).
    """
    version = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    require_role(actor, Role.REVIEWER)
    require_second_person(actor, version.drafted_by_id, version.drafted_at)
    if version.state != SchemeState.DRAFT:
        raise Refused("already_published", _("This scheme version has been published already."))
    version.state = SchemeState.PUBLISHED
    version.published_by, version.published_at = actor, now()
    version.save(update_fields=["state", "published_by", "published_at"])
    return version


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
