"""What the programme has brought about, entered one by one with its document; a wrong entry is corrected by a second person."""

import datetime as dt
from typing import BinaryIO

from django.utils.translation import gettext as _

from config.common.errors import Refused
from config.common.text import fold, normalise
from cultivation.enums import RECORDED_MEASURES, Role, TargetMeasure
from cultivation.models import Achievement, Division, User
from cultivation.permissions import require_role, require_second_person
from documents.api import Attachment, store_attachment

from .particulars import not_after_today, required_document
from .refusals import recorded


@recorded("record_achievement")
def record_achievement(
    *,
    measure: TargetMeasure,
    title: str,
    achieved_on: dt.date,
    document: str,
    actor: User,
    division: Division | None = None,
    organisation: str = "",
    evidence: BinaryIO | None = None,
    evidence_name: str = "",
) -> Achievement:
    """One technology, platform, talent or conversion; ``evidence`` is a file that shows it.

    Refused: ``firms_are_counted``, ``title_missing``, ``document_missing``, ``future_date``, ``not_a_county``,
    ``already_recorded`` and what ``documents.api.store_attachment`` refuses.
    """
    require_role(actor, Role.CASEWORKER)
    if measure not in RECORDED_MEASURES:
        raise Refused("firms_are_counted", _("Firms are counted from their certificates, not entered."))
    title = _required_title(title)
    _require_county(division)
    not_after_today(achieved_on)
    document = required_document(document)
    one_at_a_time()
    _refuse_repeated(measure, title)
    return Achievement.objects.create(
        measure=measure,
        title=title,
        organisation=normalise(organisation),
        division=division,
        achieved_on=achieved_on,
        document=document,
        evidence=_stored(evidence, evidence_name, actor),
        recorded_by=actor,
    )


@recorded("correct_achievement")
def correct_achievement(
    *,
    achievement: Achievement,
    title: str,
    achieved_on: dt.date,
    document: str,
    reason: str,
    actor: User,
    division: Division | None = None,
    organisation: str = "",
    evidence: BinaryIO | None = None,
    evidence_name: str = "",
) -> Achievement:
    """What the entry should have said, by another person than who entered it; the entry itself stays as it is.

    Without a new file the old evidence goes on counting. Refused: ``reason_missing``, ``corrected_already``,
    ``unchanged`` and what :func:`record_achievement` refuses.
    """
    standing = _standing(achievement, reason, actor)
    title = _required_title(title)
    _require_county(division)
    not_after_today(achieved_on)
    document = required_document(document)
    if fold(title) != fold(standing.title):
        _refuse_repeated(TargetMeasure(standing.measure), title)
    attachment = _stored(evidence, evidence_name, actor)
    corrected = Achievement(
        measure=standing.measure,
        title=title,
        organisation=normalise(organisation),
        division=division,
        achieved_on=achieved_on,
        document=document,
        evidence_id=attachment.pk if attachment else standing.evidence_id,
        corrects=standing,
        reason=reason.strip(),
        recorded_by=actor,
    )
    if _says(corrected) == _says(standing):
        raise Refused("unchanged", _("The entry says this already."))
    corrected.save(force_insert=True)
    return corrected


@recorded("strike_achievement")
def strike_achievement(*, achievement: Achievement, reason: str, actor: User) -> Achievement:
    """There was no such achievement: the entry stays, and no longer counts. Refused: ``reason_missing``, ``corrected_already``."""
    standing = _standing(achievement, reason, actor)
    return Achievement.objects.create(
        measure=standing.measure,
        title=standing.title,
        organisation=standing.organisation,
        division_id=standing.division_id,
        achieved_on=standing.achieved_on,
        document=standing.document,
        evidence_id=standing.evidence_id,
        corrects=standing,
        is_struck=True,
        reason=reason.strip(),
        recorded_by=actor,
    )


def one_at_a_time() -> None:
    """Entries and lists wait for each other, so that nothing is recorded twice."""
    Division.objects.select_for_update().get(parent__isnull=True)


def _standing(achievement: Achievement, reason: str, actor: User) -> Achievement:
    require_role(actor, Role.CASEWORKER)
    one_at_a_time()
    standing = Achievement.objects.get(pk=achievement.pk)
    require_second_person(actor, standing.recorded_by_id, standing.recorded_at)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason for the correction."))
    if standing.is_struck or Achievement.objects.filter(corrects=standing).exists():
        raise Refused("corrected_already", _("This entry has been corrected already."))
    return standing


def _required_title(title: str) -> str:
    title = normalise(title)
    if not title:
        raise Refused("title_missing", _("Name the achievement."))
    return title


def _require_county(division: Division | None) -> None:
    if division is not None and division.parent_id is None:
        raise Refused("not_a_county", _("For the whole city leave the county empty."))


def _refuse_repeated(measure: TargetMeasure, title: str) -> None:
    standing = Achievement.objects.standing().filter(measure=measure).values_list("title", flat=True)
    if fold(title) in {fold(known) for known in standing}:
        raise Refused("already_recorded", _("“%(title)s” is recorded already.") % {"title": title})


def _stored(evidence: BinaryIO | None, name: str, actor: User) -> Attachment | None:
    if evidence is None:
        return None
    return store_attachment(content=evidence, original_name=name, uploaded_by=actor)


def _says(achievement: Achievement) -> tuple[object, ...]:
    return (
        achievement.title,
        achievement.organisation,
        achievement.division_id,
        achievement.achieved_on,
        achievement.document,
        achievement.evidence_id,
    )
