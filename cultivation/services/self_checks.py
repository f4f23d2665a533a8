"""Self-checks: kept as they were made, and handed over into the case as its declared facts and figures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import OPEN_CASE_STATES, Role
from cultivation.models import RD_CATEGORIES, Assessment, CultivationCase, ExpenseYear, Firm, SelfCheck, User
from cultivation.permissions import require_firm_work
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import MalformedFacts
from cultivation.rules.reading import sha256_of
from cultivation.rules.rulesets import NoRuleSet
from cultivation.rules.self_check import Judgement, judge
from cultivation.selectors.facts import gather_facts
from cultivation.selectors.ip_uses import as_declared
from cultivation.selectors.readiness import is_in_pool

from .assessments import BUREAU_KEYS, FIRM_KEYS, assess_case, declare_facts
from .expenses import STATED, record_expense_year
from .refusals import recorded

_FIGURES = (*STATED, *RD_CATEGORIES)


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that handing over would change: ``year`` is ``None`` for a declared fact."""

    key: str
    year: int | None
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of handing over; ``assessment`` is ``None`` where the case was not judged."""

    check: SelfCheck
    case: CultivationCase
    assessment: Assessment | None


def judge_figures(*, facts: Mapping[str, Any], other_cap: OtherCap = OtherCap.INTERNAL) -> Judgement:
    """The judgement; ``Refused`` (``facts_malformed``, ``no_rule_set``) instead of the rules' own errors."""
    try:
        return judge(facts, other_cap)
    except MalformedFacts as error:
        raise Refused("facts_malformed", str(error), key=error.key) from error
    except NoRuleSet as error:
        raise Refused("no_rule_set", str(error)) from error


@recorded("save_self_check")
def save_self_check(
    *, firm: Firm, facts: Mapping[str, Any], actor: User, other_cap: OtherCap = OtherCap.INTERNAL
) -> SelfCheck:
    """Keep the figures with what the rules say of them today. Sent twice in a row, they are kept once.

    ``NotAllowed`` to everybody but the firm itself and caseworkers; ``Refused`` as :func:`judge_figures`, and
    ``not_yours`` where a firm brings along what experts said.
    """
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    require_firm_work(actor, firm, Role.FIRM, Role.CASEWORKER)
    kept = json.loads(json.dumps(facts, ensure_ascii=False, default=str))
    if not actor.has_role(Role.CASEWORKER) and set(kept) & {"expert_scores", "experts", "expert_sheets"}:
        raise Refused("not_yours", _("What the experts said is entered by the bureau alone."))
    judgement = judge_figures(facts=kept, other_cap=other_cap)
    result = judgement.result
    newest = SelfCheck.objects.filter(firm=firm).first()
    same = {
        "rule_set": result.rule_set.name,
        "other_cap": other_cap.value,
        "inputs_sha256": result.inputs_sha256,
        "made_by_id": actor.pk,
    }
    if newest is not None and all(getattr(newest, name) == value for name, value in same.items()):
        return newest
    return SelfCheck.objects.create(
        firm=firm, facts=kept, result=judgement.as_json(), verdict=result.verdict.value, **same
    )


def open_case_of(firm: Firm) -> CultivationCase | None:
    """The firm's open case; there is one at most."""
    cases = CultivationCase.objects.select_related("firm")
    return cases.filter(firm=firm, state__in=OPEN_CASE_STATES).first()


def state_of_records(*, case: CultivationCase) -> str:
    """A hash over what the case has on record, by which a later step sees whether it has changed."""
    return sha256_of(gather_facts(case, today()))


def pending_changes(*, case: CultivationCase, facts: Mapping[str, Any], actor: User) -> list[Change]:
    """What handing these figures over to the case would change, years first."""
    return [*_changes_of_years(case, facts), *_changes_of_declaration(case, facts, actor)]


@recorded("adopt_self_check")
def adopt_self_check(
    *,
    firm: Firm,
    facts: Mapping[str, Any],
    seen: str,
    actor: User,
    other_cap: OtherCap = OtherCap.INTERNAL,
) -> Adoption:
    """Keep the self-check and make its figures those of the open case; a caseworker's are judged there as well.

    All or nothing. ``seen`` is :func:`state_of_records` as the person saw it. Refused: ``no_open_case``,
    ``changed_meanwhile``, ``registration_differs``, ``other_filing_year``, ``years_missing``, and what declaring,
    recording and assessing refuse.
    """
    locked = Firm.objects.select_for_update().get(pk=firm.pk)
    check = save_self_check(firm=locked, facts=facts, actor=actor, other_cap=other_cap)
    case = open_case_of(locked)
    if case is None:
        raise Refused("no_open_case", _("The firm has no open case; open one first."))
    case = CultivationCase.objects.select_for_update(of=("self",)).select_related("firm").get(pk=case.pk)
    if state_of_records(case=case) != seen:
        raise Refused(
            "changed_meanwhile",
            _(
                "The figures on record have changed since you opened this page; nothing was saved. Look again."
            ),
        )
    _require_fitting(locked, check.facts)
    for year, figures in _changed_years(locked, check.facts).items():
        record_expense_year(firm=locked, year=year, figures=figures, actor=actor)
    declared = {change.key: change.new for change in _changes_of_declaration(case, check.facts, actor)}
    if declared:
        declare_facts(case=case, facts=declared, actor=actor)
    assessment = None
    if actor.has_role(Role.CASEWORKER) and is_in_pool(case):
        assessment = assess_case(case=case, actor=actor, other_cap=other_cap)
    return Adoption(check, case, assessment)


def _require_fitting(firm: Firm, facts: Mapping[str, Any]) -> None:
    """The case is judged by the register's date and by this year's filing; other assumptions stay a trial."""
    if facts.get("registered_on") not in (None, firm.registered_on.isoformat()):
        raise Refused(
            "registration_differs",
            _("The firm is on record as registered on %(date)s; have the record corrected first.")
            % {"date": firm.registered_on.isoformat()},
        )
    planned = str(facts.get("filed_on") or today().isoformat())[:4]
    if int(planned) != today().year:
        raise Refused(
            "other_filing_year",
            _("These figures are for a filing in %(planned)s; the case is judged for %(year)s.")
            % {"planned": planned, "year": today().year},
        )


def _changed_years(firm: Firm, facts: Mapping[str, Any]) -> dict[int, dict[str, Decimal]]:
    """The years that differ from the records, with all their figures; ``Refused`` where one lacks a figure."""
    rows = {row["year"]: _figures_of(row) for row in facts.get("years") or () if row.get("year")}
    if missing := [
        (year, name) for year, figures in rows.items() for name in _FIGURES if figures[name] is None
    ]:
        year = missing[0][0]
        names = [_name(name) for found, name in missing if found == year]
        raise Refused(
            "figures_missing",
            _("To hand over, %(year)s needs these figures as well: %(names)s.")
            % {"year": year, "names": _(", ").join(names)},
        )
    recorded_years = {row.year: row for row in ExpenseYear.objects.filter(firm=firm, year__in=rows)}
    return {
        year: {name: value for name, value in figures.items() if value is not None}
        for year, figures in rows.items()
        if any(getattr(recorded_years.get(year), name, None) != figures[name] for name in _FIGURES)
    }


def _changes_of_years(case: CultivationCase, facts: Mapping[str, Any]) -> list[Change]:
    rows = {row["year"]: _figures_of(row) for row in facts.get("years") or () if row.get("year")}
    on_record = {row.year: row for row in ExpenseYear.objects.filter(firm_id=case.firm_id, year__in=rows)}
    return [
        Change(name, year, old, figures[name])
        for year, figures in rows.items()
        for name in _FIGURES
        if (old := getattr(on_record.get(year), name, None)) != figures[name]
    ]


def _changes_of_declaration(case: CultivationCase, facts: Mapping[str, Any], actor: User) -> list[Change]:
    on_record = _as_declared(case, gather_facts(case, today()))
    facts = _as_declared(case, facts)
    keys = set(FIRM_KEYS)
    if actor.has_role(Role.CASEWORKER):
        # What experts and authorities said is only ever added from here; the case's own pages take it away.
        keys |= {key for key in BUREAU_KEYS if key in facts}
    changes = [Change(key, None, _plain(on_record.get(key)), _plain(facts.get(key))) for key in sorted(keys)]
    return [change for change in changes if not _same(change.old, change.new)]


def _as_declared(case: CultivationCase, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts without the marks that the ledger of used property sets on reading."""
    items = facts.get("ip")
    return {**facts, "ip": as_declared(case, items, today())} if items else facts


def _plain(value: Any) -> Any:
    """A declared fact without empty parts."""
    if not isinstance(value, list):
        return value
    return [_plain_row(row) if isinstance(row, dict) else row for row in value]


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    parts = {key: part for key, part in row.items() if part is not None and part != ""}
    if not parts.get("co_owned_used_by_other"):
        parts.pop("co_owned_used_by_other", None)
    return parts


def _same(old: Any, new: Any) -> bool:
    """Equal; 60 and 60.00 are."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_same(*pair) for pair in zip(old, new, strict=True))
    return old == new or (_number(old) is not None and _number(old) == _number(new))


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _figures_of(row: Mapping[str, Any]) -> dict[str, Decimal | None]:
    spent = row.get("rd") or {}
    values = {name: spent.get(name) if name in RD_CATEGORIES else row.get(name) for name in _FIGURES}
    return {name: None if value is None else Decimal(str(value)) for name, value in values.items()}


def _name(figure: str) -> str:
    return str(getattr(ExpenseYear._meta.get_field(figure), "verbose_name", figure))
