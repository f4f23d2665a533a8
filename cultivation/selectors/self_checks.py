"""Self-checks on record, and the figures a new one starts from."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cultivation.models import CultivationCase, Firm, SelfCheck

from .facts import gather_facts
from .ip_uses import with_ledger

# The word of experts and authorities; a firm neither gets to see it nor takes it along.
BUREAU_FACTS = ("expert_scores", "experts", "expert_sheets", "incidents")
_MOST_SHOWN = 50


def self_checks_of(firm: Firm) -> list[SelfCheck]:
    """The latest self-checks of the firm, the newest first, with who made them (one query)."""
    return list(SelfCheck.objects.filter(firm=firm).select_related("made_by")[:_MOST_SHOWN])


def newest_self_check(firm: Firm) -> SelfCheck | None:
    return SelfCheck.objects.filter(firm=firm).select_related("made_by").first()


def self_check_of(firm: Firm, number: int) -> SelfCheck | None:
    return SelfCheck.objects.filter(firm=firm, pk=number).select_related("made_by").first()


def case_for_figures(firm: Firm) -> CultivationCase | None:
    """The case the figures belong to: the newest one (closed ones tell what was declared last)."""
    return CultivationCase.objects.filter(firm=firm).select_related("firm").order_by("-pk").first()


def is_own(check: SelfCheck) -> bool:
    """Whether the firm itself made it."""
    return check.made_by.firm_id == check.firm_id


def shown_facts(check: SelfCheck, *, outsider: bool) -> dict[str, Any]:
    """The facts of a self-check as the reader may know them."""
    facts: dict[str, Any] = check.facts
    if not outsider or is_own(check):
        return dict(facts)
    return {key: value for key, value in facts.items() if key not in BUREAU_FACTS}


def recorded_facts(firm: Firm, on: dt.date) -> dict[str, Any]:
    """What the records say for a filing on ``on``, declared facts of the newest case included."""
    case = case_for_figures(firm) or CultivationCase(firm=firm)
    return gather_facts(case, on)


def with_uses(firm: Firm, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with intellectual property as the ledger of earlier filings knows it (three queries at most)."""
    if not facts.get("ip") or not facts.get("filed_on"):
        return dict(facts)
    case = case_for_figures(firm) or CultivationCase(firm=firm)
    on = dt.date.fromisoformat(facts["filed_on"])
    items = [{key: value for key, value in item.items() if key != "ledger"} for item in facts["ip"]]
    return {**facts, "ip": with_ledger(case, items, on)}


def starting_facts(firm: Firm, on: dt.date, *, outsider: bool) -> dict[str, Any]:
    """The records for a filing on ``on``; what they lack comes from the newest self-check."""
    facts = recorded_facts(firm, on)
    if outsider:
        facts = {key: value for key, value in facts.items() if key not in BUREAU_FACTS}
    newest = newest_self_check(firm)
    return facts if newest is None else _filled(facts, shown_facts(newest, outsider=outsider))


def _filled(facts: dict[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    filled = {**earlier, **facts}
    year = int(facts["filed_on"][:4])
    recorded = {row["year"] for row in facts["years"]}
    rows = [row for row in earlier.get("years") or () if row["year"] not in recorded]
    rows = [row for row in rows if year - 3 <= row["year"] < year]
    filled["years"] = sorted([*facts["years"], *rows], key=lambda row: int(row["year"]))
    if [row["year"] for row in filled["years"]] != [row["year"] for row in earlier.get("years") or ()]:
        # Conversions stand by year; in other years they would be another year's.
        filled["conversions"] = facts.get("conversions")
    return filled
