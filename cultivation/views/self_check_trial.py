"""The what-if on a self-check: the figures moved, each finding before and after, and what would close a gap."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cultivation.forms.amounts import Unit
from cultivation.forms.what_if import LEVER_NAMES, LeversForm, lever_text
from cultivation.rules.expenses import OtherCap
from cultivation.rules.findings import Code, Status
from cultivation.rules.self_check import Judgement, judge
from cultivation.rules.what_if import LEVERS, CannotMove, Levers, levers_of, moved, remedy

from .self_check_showing import FindingRow, present, verdict_sentence

ALL = "all"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A finding before and after the figures are moved."""

    before: FindingRow
    after: FindingRow

    @property
    def changed(self) -> bool:
        return (self.before.state, self.before.measured) != (self.after.state, self.after.measured)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What makes a failing finding pass, in words."""

    code: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The panel: the form, and once something was tried what it did."""

    form: LeversForm
    remedies: list[Remedy]
    hopeless: list[FindingRow]
    comparisons: list[Comparison] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    sentence: str = ""

    @property
    def changes(self) -> int:
        return sum(comparison.changed for comparison in self.comparisons)


def untried(facts: Mapping[str, Any], judgement: Judgement, unit: Unit, *, outsider: bool) -> Trial:
    """The panel before anything is moved."""
    form = LeversForm.at(levers_of(judgement.facts), unit)
    return _panel(form, facts, judgement, outsider=outsider)


def tried(facts: Mapping[str, Any], post: QueryDict, unit: Unit, cap: OtherCap, *, outsider: bool) -> Trial:
    """The panel after the form was sent; ``gap`` names the finding whose gap is to be closed as well."""
    base = judge(facts, cap)
    form = LeversForm(post, unit=unit)
    if not form.is_valid():
        return _panel(form, facts, base, outsider=outsider)
    levers = form.levers()
    try:
        after_facts = moved(facts, levers)
        after = judge(after_facts, cap)
    except CannotMove as error:
        form.refuse(error)
        return _panel(form, facts, base, outsider=outsider)
    for code in _gaps(post.get("gap", "")):
        levers = _closed(levers, after, code)
        after_facts = moved(facts, levers)
        after = judge(after_facts, cap)
    start = levers_of(base.facts)
    shown = replace(levers_of(after.facts), class_one=levers.class_one)
    panel = _panel(LeversForm.at(shown, unit), after_facts, after, outsider=outsider)
    before_rows = present(facts, base.as_json(), outsider=outsider).findings
    after_rows = present(after_facts, after.as_json(), outsider=outsider).findings
    return replace(
        panel,
        comparisons=[Comparison(*rows) for rows in zip(before_rows, after_rows, strict=True)],
        moves=_moves(start, shown, unit),
        sentence=verdict_sentence(after_rows),
    )


def _gaps(text: str) -> list[Code]:
    if text == ALL:
        return list(Code)
    return [Code(text)] if text in set(Code) else []


def _closed(levers: Levers, judgement: Judgement, code: Code) -> Levers:
    """The levers with the one that closes this gap moved as far as it takes."""
    found = remedy(judgement.facts, judgement.result, code)
    if found is None:
        return levers
    at = levers_of(judgement.facts)
    changed = {name: getattr(found, name) for name in LEVERS if getattr(found, name) != getattr(at, name)}
    if "class_one" in changed:
        changed["class_one"] += levers.class_one
    return replace(levers, **changed)


def _panel(form: LeversForm, facts: Mapping[str, Any], judgement: Judgement, *, outsider: bool) -> Trial:
    rows = {row.code: row for row in present(facts, judgement.as_json(), outsider=outsider).findings}
    remedies, hopeless = [], []
    for finding in judgement.result.findings:
        row = rows[finding.code.value]
        if finding.status is not Status.FAIL or row.status != Status.FAIL.value:
            continue
        found = remedy(judgement.facts, judgement.result, Code(finding.code))
        if found is None:
            hopeless.append(row)
        else:
            words = "；".join(_moves(levers_of(judgement.facts), found, form.unit))
            remedies.append(Remedy(row.code, row.label, words))
    return Trial(form, remedies, hopeless)


def _moves(start: Levers, end: Levers, unit: Unit) -> list[str]:
    """What is moved from where to where, with the difference."""
    lines = []
    for name in LEVERS:
        old, new = getattr(start, name), getattr(end, name)
        if new is None or new == old:
            continue
        values = {
            "name": LEVER_NAMES[name],
            "old": lever_text(name, old, unit),
            "new": lever_text(name, new, unit),
        }
        if old is None or name == "class_one":
            lines.append(_("%(name)s: %(new)s") % values)
            continue
        difference = lever_text(name, new - old, unit)
        values["difference"] = difference if new < old else f"+{difference}"
        lines.append(_("%(name)s: %(old)s → %(new)s (%(difference)s)") % values)
    return lines
