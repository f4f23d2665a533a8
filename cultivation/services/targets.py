"""Targets the bureau enters beside those of the plan: quotas of counties, yearly steps (edge case 48)."""

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from cultivation.enums import Origin, Role, TargetMeasure
from cultivation.models import AnnualTarget, Division, User
from cultivation.permissions import require_role
from cultivation.rules.programme import BY_MEASURE

from .refusals import recorded

YEARS = range(2008, 2101)


@recorded("enter_target")
def enter_target(
    *,
    measure: TargetMeasure,
    year: int,
    value: int,
    source: str,
    actor: User,
    division: Division | None = None,
) -> AnnualTarget:
    """One figure for one year, of a county or, without ``division``, of the city; its source is told.

    Refused: ``measure_without_target``, ``not_a_county``, ``year_out_of_range``, ``source_missing``, ``target_exists``.
    """
    require_role(actor, Role.CASEWORKER)
    if measure not in BY_MEASURE:
        raise Refused("measure_without_target", _("No target of this kind is entered."))
    if division is not None and division.parent_id is None:
        raise Refused("not_a_county", _("For the whole city leave the county empty."))
    if year not in YEARS:
        raise Refused("year_out_of_range", _("There are no targets for %(year)s.") % {"year": year})
    source = _required_source(source)
    _one_at_a_time()
    if AnnualTarget.objects.filter(measure=measure, division=division, year=year).exists():
        raise Refused(
            "target_exists", _("There is a target for this already; correct it with a reason instead.")
        )
    target = AnnualTarget(
        measure=measure,
        division=division,
        year=year,
        value=value,
        source=source,
        origin=Origin.ENTERED,
        entered_by=actor,
    )
    _stamp(target, actor, "")
    target.save()
    return target


@recorded("correct_target")
def correct_target(
    *, target: AnnualTarget, value: int, source: str, reason: str, actor: User
) -> AnnualTarget:
    """Another figure for what the bureau entered; the old one stays in the history with the reason for the new one.

    Refused: ``target_of_the_plan``, ``source_missing``, ``reason_missing``, ``nothing_changes``.
    """
    target = _own(target, actor, reason)
    source = _required_source(source)
    if (target.value, target.source) == (value, source):
        raise Refused("nothing_changes", _("The target says so already."))
    target.value, target.source, target.entered_by = value, source, actor
    _stamp(target, actor, reason)
    target.save()
    return target


@recorded("withdraw_target")
def withdraw_target(*, target: AnnualTarget, reason: str, actor: User) -> None:
    """Take back a figure that should not be there, such as one for the wrong county; the history keeps it.

    Refused: ``target_of_the_plan``, ``reason_missing``.
    """
    target = _own(target, actor, reason)
    _stamp(target, actor, reason)
    target.delete()


def _own(target: AnnualTarget, actor: User, reason: str) -> AnnualTarget:
    """The target under its lock, if the bureau entered it and a reason is given."""
    require_role(actor, Role.CASEWORKER)
    target = AnnualTarget.objects.select_for_update().get(pk=target.pk)
    if target.origin != Origin.ENTERED:
        raise Refused(
            "target_of_the_plan", _("This figure is the plan's; the bureau does not change it here.")
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    return target


def _required_source(source: str) -> str:
    if not source.strip():
        raise Refused("source_missing", _("Name the source of the target."))
    return source.strip()


def _one_at_a_time() -> None:
    """Two people entering the same target wait for each other; the second one is told."""
    Division.objects.select_for_update().get(parent__isnull=True)


def _stamp(target: AnnualTarget, actor: User, reason: str) -> None:
    """Who, when by the business clock, and why: for the row of the history that this change writes."""
    target._history_user = actor  # type: ignore[attr-defined]
    target._history_date = now()  # type: ignore[attr-defined]
    target._change_reason = reason.strip() or None  # type: ignore[attr-defined]
