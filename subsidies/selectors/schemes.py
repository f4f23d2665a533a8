"""Scheme versions: which one governs a date."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from subsidies.enums import SchemeState
from subsidies.models import Scheme, SchemeVersion
from subsidies.rules.eligibility import Once, Switch, Switches
from subsidies.rules.matching import Rounding, Terms


@dataclass(frozen=True, slots=True)
class PublishedVersions:
    """The published versions of one scheme, newest number first, to be asked for many dates."""

    scheme: Scheme
    versions: tuple[SchemeVersion, ...]

    def in_force_on(self, on: dt.date) -> SchemeVersion | None:
        """The version with the highest number whose span holds ``on``: a later one settles an earlier one."""
        for version in self.versions:
            if version.valid_from <= on and (version.valid_to is None or on < version.valid_to):
                return version
        return None


@dataclass(frozen=True, slots=True)
class SchemeOnDay:
    """A scheme with its versions, the newest first, and the one in force on the day that was asked for."""

    scheme: Scheme
    versions: tuple[SchemeVersion, ...]
    in_force: SchemeVersion | None


def version_in_force(scheme: Scheme, on: dt.date) -> SchemeVersion | None:
    """The published version that governs ``on``; of several, the one with the highest number."""
    return (
        SchemeVersion.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on),
            scheme=scheme,
            state=SchemeState.PUBLISHED,
            valid_from__lte=on,
        )
        .select_related("basis")
        .order_by("-number")
        .first()
    )


def published_schemes() -> list[PublishedVersions]:
    """Every scheme that has a published version, in two queries."""
    versions: dict[int, list[SchemeVersion]] = {}
    for version in SchemeVersion.objects.filter(state=SchemeState.PUBLISHED).order_by("-number"):
        versions.setdefault(version.scheme_id, []).append(version)
    schemes = Scheme.objects.filter(pk__in=versions).order_by("pk")
    return [PublishedVersions(scheme, tuple(versions[scheme.pk])) for scheme in schemes]


def scheme_versions() -> QuerySet[SchemeVersion]:
    """Every version with its basis and its people, by scheme, the newest first."""
    return SchemeVersion.objects.select_related("scheme", "basis", "drafted_by", "published_by").order_by(
        "scheme__key", "-number"
    )


def schemes_on(on: dt.date) -> list[SchemeOnDay]:
    """Every scheme with all its versions and the one that is in force on a day; one query."""
    found: dict[Scheme, list[SchemeVersion]] = {}
    for version in scheme_versions():
        found.setdefault(version.scheme, []).append(version)
    return [
        SchemeOnDay(scheme, tuple(versions), published_of(scheme, versions).in_force_on(on))
        for scheme, versions in found.items()
    ]


def published_of(scheme: Scheme, versions: Iterable[SchemeVersion]) -> PublishedVersions:
    """The published ones among some versions of a scheme."""
    published = [version for version in versions if version.state == SchemeState.PUBLISHED]
    return PublishedVersions(scheme, tuple(sorted(published, key=lambda row: -row.number)))


def standing_version(version: SchemeVersion, on: dt.date) -> SchemeVersion | None:
    """What a draft is held against: the version in force on a day, else the newest published one (one query)."""
    others = scheme_versions().filter(scheme=version.scheme_id).exclude(pk=version.pk)
    published = published_of(version.scheme, others)
    return published.in_force_on(on) or next(iter(published.versions), None)


def terms_of(version: SchemeVersion) -> Terms:
    """The version's terms of the amount, for the pure rule."""
    return Terms(version.ratio_numerator, version.ratio_denominator, version.cap, Rounding(version.rounding))


def switches_of(version: SchemeVersion) -> Switches:
    """The version's switches, for the pure rule."""
    return Switches(
        kinds={
            "first": Switch(version.first_eligible),
            "renewal": Switch(version.renewal_eligible),
            "inbound": Switch(version.inbound_eligible),
        },
        once_per=Once(version.once_per),
    )
