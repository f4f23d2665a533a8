"""Tiers of firms: put forward, recognised and ended by document. The only way in which a firm's tier changes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import FirmTier, Role, TierOutcome
from cultivation.models import Firm, TierRecord, User
from cultivation.permissions import require_firm_work
from cultivation.rules.dated import NoRuleSet
from cultivation.rules.findings import Status
from cultivation.rules.reading import MalformedFacts
from cultivation.rules.sme_facts import parse_sme_facts
from cultivation.rules.technology_sme import SmeResult, evaluate_sme
from cultivation.rules.tier_criteria import CriterionAnswer, Said, summary
from cultivation.selectors.tiers import criteria_in_force, from_records, standing, tier_records

from .certificates import required_document
from .refusals import recorded

_MOST_YEARS_APART = 1


@recorded("recommend_sme")
def recommend_sme(
    *,
    firm: Firm,
    facts: Mapping[str, Any],
    document_number: str,
    document_date: dt.date,
    actor: User,
    remark: str = "",
) -> TierRecord:
    """Put a technology SME forward with its evaluation (国科发政〔2017〕115号 第十条).

    Facts, rule set and result are kept as they are today. Refused, apart from :func:`record_tier`'s: ``facts_wrong``
    (naming the key), ``not_qualified`` where a condition fails, ``remark_missing`` where one is left to a person.
    """
    require_firm_work(actor, firm, Role.CASEWORKER)
    result = _evaluated(facts)
    if result.verdict is Status.FAIL:
        raise Refused("not_qualified", _("The evaluation does not pass; nothing was recorded."))
    if result.verdict is Status.MANUAL and not remark.strip():
        raise Refused("remark_missing", _("Say in the remark how the open conditions were decided."))
    return _record(
        firm=firm,
        actor=actor,
        tier=FirmTier.TECHNOLOGY_SME,
        outcome=TierOutcome.RECOMMENDED,
        year=dt.date.fromisoformat(str(facts["filled_on"])).year,
        document_number=document_number,
        document_date=document_date,
        remark=remark,
        rule_set=result.rules.name,
        facts=dict(facts),
        result=result.as_json(),
    )


def _evaluated(facts: Mapping[str, Any]) -> SmeResult:
    try:
        parsed = parse_sme_facts(facts)
        if parsed.filled_on is None:
            raise MalformedFacts("filled_on", "缺少填报日期")
        return evaluate_sme(parsed)
    except (MalformedFacts, NoRuleSet) as error:
        raise Refused("facts_wrong", str(error), key=getattr(error, "key", "filled_on")) from error


@recorded("recommend_gazelle")
def recommend_gazelle(
    *,
    firm: Firm,
    year: int,
    answers: Mapping[str, Said],
    document_number: str,
    document_date: dt.date,
    actor: User,
    remark: str = "",
) -> TierRecord:
    """Put a gazelle forward with an answer to every criterion in force on the document's date.

    What the records know themselves they answer themselves, whatever ``answers`` say; a criterion without an answer is
    not known. Refused, apart from :func:`record_tier`'s: ``criterion_unknown``, ``remark_missing`` where a criterion is
    not met.
    """
    require_firm_work(actor, firm, Role.CASEWORKER)
    criteria = criteria_in_force(FirmTier.GAZELLE, document_date)
    if unknown := sorted(set(answers) - {criterion.key for criterion in criteria}):
        raise Refused(
            "criterion_unknown",
            _("“%(key)s” is no criterion in force on %(date)s.")
            % {"key": unknown[0], "date": document_date.isoformat()},
        )
    known = {**answers, **from_records(firm, criteria, document_date)}
    given = [CriterionAnswer(criterion, known.get(criterion.key, Said())) for criterion in criteria]
    counts = summary(given)
    if counts["not_met"] and not remark.strip():
        raise Refused(
            "remark_missing",
            _("A criterion is not met; say in the remark why the firm is put forward all the same."),
        )
    return _record(
        firm=firm,
        actor=actor,
        tier=FirmTier.GAZELLE,
        outcome=TierOutcome.RECOMMENDED,
        year=year,
        document_number=document_number,
        document_date=document_date,
        remark=remark,
        facts={"answers": [answer.as_json() for answer in given]},
        result=counts,
    )


@recorded("record_tier")
def record_tier(
    *,
    firm: Firm,
    tier: FirmTier,
    outcome: TierOutcome,
    year: int,
    document_number: str,
    document_date: dt.date,
    actor: User,
    valid_until: dt.date | None = None,
    remark: str = "",
) -> TierRecord:
    """What a document says: the firm is recognised, or it is so no longer. The region's word needs no recommendation.

    Refused: ``document_missing``, ``document_in_future``, ``document_before_last``, ``document_recorded``,
    ``needs_evaluation`` (a recommendation comes with its answers), ``year_wrong``, ``recommended_already``,
    ``not_recognised`` (nothing to end), ``valid_until_wrong``.
    """
    require_firm_work(actor, firm, Role.CASEWORKER)
    if outcome == TierOutcome.RECOMMENDED:
        raise Refused("needs_evaluation", _("A recommendation is recorded together with its evaluation."))
    return _record(
        firm=firm,
        actor=actor,
        tier=tier,
        outcome=outcome,
        year=year,
        document_number=document_number,
        document_date=document_date,
        valid_until=valid_until,
        remark=remark,
    )


def _record(*, firm: Firm, actor: User, **values: Any) -> TierRecord:
    """The checked row, and the firm's tier after it."""
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    row = TierRecord(firm=firm, recorded_by=actor, **values)
    row.document_number = required_document(row.document_number, row.document_date)
    row.remark = row.remark.strip()
    records = tier_records(firm)
    _check(row, [record for record in records if record.tier == row.tier])
    row.save()
    _keep_in_step(firm, [row, *records])
    return row


def _check(row: TierRecord, own: list[TierRecord]) -> None:
    if row.tier == FirmTier.NONE:
        raise Refused("tier_missing", _("Name the tier."))
    if abs(row.year - row.document_date.year) > _MOST_YEARS_APART:
        raise Refused("year_wrong", _("The year does not fit the date of the document."))
    for record in own:
        if record.document_number == row.document_number and record.outcome == row.outcome:
            raise Refused("document_recorded", _("This document is recorded already for the firm."))
    if own and row.document_date < own[0].document_date:
        raise Refused(
            "document_before_last",
            _("The document is older than the last one on record, of %(date)s.")
            % {"date": own[0].document_date.isoformat()},
        )
    if row.outcome == TierOutcome.RECOMMENDED and any(
        record.outcome == row.outcome and record.year == row.year for record in own
    ):
        raise Refused(
            "recommended_already", _("The firm was put forward for %(year)s already.") % {"year": row.year}
        )
    if row.outcome == TierOutcome.ENDED and not _recognised(own):
        raise Refused("not_recognised", _("No recognition is on record that could end."))
    if row.valid_until is not None and (
        row.outcome != TierOutcome.RECOGNISED or row.valid_until < row.document_date
    ):
        raise Refused(
            "valid_until_wrong", _("Only a recognition has a last day, and not before its document.")
        )


def _recognised(own: list[TierRecord]) -> bool:
    """Whether the latest decision is a recognition, run out or not."""
    decided = [record for record in own if record.outcome != TierOutcome.RECOMMENDED]
    return bool(decided) and decided[0].outcome == TierOutcome.RECOGNISED


def _keep_in_step(firm: Firm, records: list[TierRecord]) -> None:
    """The firm's tier as its records say today; of two the gazelle shows."""
    firm.tier, firm.tier_source = FirmTier.NONE, ""
    for tier in (FirmTier.GAZELLE, FirmTier.TECHNOLOGY_SME):
        if recognised := standing(records, tier, today()).recognised:
            firm.tier, firm.tier_source = tier, recognised.document_number
            break
    firm.save(update_fields=["tier", "tier_source"])
