"""The tiers of a firm: what documents said, what holds on a day, and the criteria in force."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from cultivation.enums import FirmTier, TierOutcome
from cultivation.models import Accreditation, ExpenseYear, Firm, TierCriterion, TierRecord
from cultivation.rules.tier_criteria import ACCREDITED, Criterion, Said

from .stock import certificates_on

TIERS = (FirmTier.TECHNOLOGY_SME, FirmTier.GAZELLE)
# 已入库企业应在每年3月底前更新信息 (国科发政〔2017〕115号 第十二条).
_SME_UPDATE_BY = (3, 31)


class Due(StrEnum):
    """What a recognised firm owes in a year: nothing, this year's renewal, or one whose day has passed."""

    NOTHING = "nothing"
    THIS_YEAR = "this_year"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class TierStanding:
    """Where a firm stands with a tier on a day; ``record`` is the document behind it, ``due`` what it owes."""

    tier: FirmTier
    record: TierRecord | None
    recognised: TierRecord | None
    due: Due

    @property
    def holds(self) -> bool:
        return self.recognised is not None


def tier_records(firm: Firm) -> list[TierRecord]:
    """Every document about the firm's tiers, the latest first (one query)."""
    return list(TierRecord.objects.filter(firm=firm).select_related("recorded_by"))


def standing(records: Sequence[TierRecord], tier: FirmTier, on: dt.date) -> TierStanding:
    """The tier on a day from the firm's records, in whatever order.

    A recognition holds until its last day, or until a document ends it. A firm recognised in an earlier year is put
    forward again every year: a gazelle in the pool by recommendation (自治区瞪羚企业培育入库通知：上年入库者再入库须重报), a
    technology SME by its update before the end of March (国科发政〔2017〕115号 第十二条).
    """
    own = sorted(
        (row for row in records if row.tier == tier and row.document_date <= on),
        key=lambda row: (row.document_date, row.pk),
    )
    decided = [row for row in own if row.outcome != TierOutcome.RECOMMENDED]
    last = decided[-1] if decided else None
    in_force = last is not None and last.outcome == TierOutcome.RECOGNISED
    if last is not None and last.valid_until is not None and last.valid_until < on:
        in_force = False
    return TierStanding(
        tier=tier,
        record=own[-1] if own else None,
        recognised=last if in_force else None,
        due=_due(own, tier, on)
        if last is not None and last.outcome == TierOutcome.RECOGNISED
        else Due.NOTHING,
    )


def _due(own: Sequence[TierRecord], tier: FirmTier, on: dt.date) -> Due:
    if any(row.year >= on.year for row in own):
        return Due.NOTHING
    if tier == FirmTier.TECHNOLOGY_SME and on > dt.date(on.year, *_SME_UPDATE_BY):
        return Due.OVERDUE
    return Due.THIS_YEAR


def standings(records: Sequence[TierRecord], on: dt.date) -> list[TierStanding]:
    return [standing(records, tier, on) for tier in TIERS]


def criteria_in_force(tier: FirmTier, on: dt.date) -> list[Criterion]:
    """The criteria of a tier on a day, in their order; where two rows of a key overlap the later one holds."""
    rows = TierCriterion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), tier=tier, valid_from__lte=on
    )
    newest = {row.key: row for row in rows.order_by("valid_from")}
    return [
        Criterion(row.key, row.text, row.least, row.unit, row.source, row.verification)
        for row in sorted(newest.values(), key=lambda row: (row.order, row.key))
    ]


def certificate_on(firm: Firm, on: dt.date) -> Accreditation | None:
    """The firm's certificate that is valid on a day, the one that lasts longest."""
    return certificates_on(on).filter(firm=firm).order_by("-last_day", "-pk").first()


def from_records(firm: Firm, criteria: Sequence[Criterion], on: dt.date) -> dict[str, Said]:
    """Answers that the records give themselves."""
    if not any(criterion.key == ACCREDITED for criterion in criteria):
        return {}
    certificate = certificate_on(firm, on)
    note = f"{certificate.certificate_number}，有效期至 {certificate.last_day}" if certificate else ""
    return {ACCREDITED: Said(met=certificate is not None, note=note, from_records=True)}


def year_figures(firm: Firm, year: int) -> ExpenseYear | None:
    """The figures recorded for a year, in the caliber of the accreditation."""
    return ExpenseYear.objects.filter(firm=firm, year=year).first()
