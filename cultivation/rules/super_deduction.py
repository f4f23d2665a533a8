"""What of a year's R&D expenses counts for the additional deduction from income tax (财税〔2015〕119号), exact.

This is the tax caliber. The accreditation has its own (:mod:`cultivation.rules.expenses`): other categories, a cap of
20 %, no limit on foreign spending. The two share no type and no field name, and :func:`deductible` takes
:class:`ResearchProject` alone, so that figures of one never pass for the other (edge cases 7 and 17).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .dated import in_force
from .reading import MalformedFacts, Reader
from .rules_of_119 import SUPER_DEDUCTION_RULE_SETS, SuperDeductionRules

MOST_PROJECTS = 1_000
FIVE = (
    "staff_costs",
    "direct_costs",
    "equipment_depreciation",
    "intangible_amortisation",
    "design_and_trials",
)
COUNTED = (*FIVE, "related_costs", "entrusted_domestic", "entrusted_foreign")
EXCLUDED = ("building_depreciation", "deferred_costs", "entrusted_foreign_individuals")
"""Never deducted: depreciation is that of instruments and equipment alone (第一条（一）3), deferred expenses are not
on the list, foreign persons are no foreign entrusting (财税〔2018〕64号 第六条)."""


class WrongCaliber(TypeError):
    """Figures of another caliber were handed in."""


@dataclass(frozen=True, slots=True)
class ResearchProject:
    """One project's expenses of a year as the tax law lists them, in yuan; entrusted ones before their 80 %.

    The first five are 第一条（一）1–5: staff, direct input, depreciation of instruments and equipment, amortisation of
    intangibles, and design, clinical and field trials. ``related_costs`` is 6 其他相关费用.
    """

    name: str
    staff_costs: Decimal | None
    direct_costs: Decimal | None
    equipment_depreciation: Decimal | None
    intangible_amortisation: Decimal | None
    design_and_trials: Decimal | None
    related_costs: Decimal | None
    entrusted_domestic: Decimal | None
    entrusted_foreign: Decimal | None
    building_depreciation: Decimal | None = None
    deferred_costs: Decimal | None = None
    entrusted_foreign_individuals: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DeductibleProject:
    """What of one project counts, in yuan, exact."""

    name: str
    five: Fraction
    related_allowed: Fraction
    domestic_counted: Fraction
    foreign_allowed: Fraction

    @property
    def total(self) -> Fraction:
        return self.five + self.related_allowed + self.domestic_counted + self.foreign_allowed


@dataclass(frozen=True, slots=True)
class DeductibleYear:
    """What counts of all projects, in yuan, exact; ``stated`` is what it was counted from.

    ``foreign_counted`` is 80 % of the spending before its limit.
    """

    rules: SuperDeductionRules
    stated: tuple[ResearchProject, ...]
    projects: tuple[DeductibleProject, ...]
    related_stated: Fraction
    related_limit: Fraction
    foreign_counted: Fraction
    foreign_limit: Fraction
    excluded: Fraction

    @property
    def five(self) -> Fraction:
        return _sum(project.five for project in self.projects)

    @property
    def related_allowed(self) -> Fraction:
        return _sum(project.related_allowed for project in self.projects)

    @property
    def domestic_counted(self) -> Fraction:
        return _sum(project.domestic_counted for project in self.projects)

    @property
    def foreign_allowed(self) -> Fraction:
        return _sum(project.foreign_allowed for project in self.projects)

    @property
    def total(self) -> Fraction:
        return _sum(project.total for project in self.projects)


def rules_of_year(year: int) -> SuperDeductionRules:
    """The rules for the expenses of a year; raises :class:`~cultivation.rules.dated.NoRuleSet` before 2016."""
    return in_force(SUPER_DEDUCTION_RULE_SETS, date(year, 12, 31))


def missing_amounts(projects: Iterable[ResearchProject]) -> tuple[str, ...]:
    """Amounts that are not given, by project and key; where nothing was spent, 0 has to be said."""
    return tuple(
        f"{project.name}.{key}" for project in projects for key in COUNTED if getattr(project, key) is None
    )


def deductible(projects: Sequence[ResearchProject], rules: SuperDeductionRules) -> DeductibleYear:
    """What counts of a year's projects.

    Other related expenses above the cap are shared out in proportion to what each project spent (the worked examples'
    way), foreign entrusting above its limit likewise. Raises :class:`WrongCaliber` for anything but projects of this
    caliber and ``ValueError`` naming the amounts that are not given.
    """
    for project in projects:
        if not isinstance(project, ResearchProject):
            raise WrongCaliber(f"{type(project).__name__} 不是加计扣除口径的研发项目")
    if missing := missing_amounts(projects):
        raise ValueError(f"no amount for {', '.join(missing)}")
    share = rules.entrusted_share.value
    five = [_sum(_yuan(project, key) for key in FIVE) for project in projects]
    related = [_yuan(project, "related_costs") for project in projects]
    # A part that may be a tenth of the whole may be a ninth of everything else in the whole.
    cap = rules.other_cap_share.value
    limits = [part * cap / (1 - cap) for part in five]
    if rules.cap_by_project:
        allowed = [min(stated, limit) for stated, limit in zip(related, limits, strict=True)]
    else:
        allowed = _within(related, _sum(limits))
    domestic = [_yuan(project, "entrusted_domestic") * share for project in projects]
    foreign = [_yuan(project, "entrusted_foreign") * share for project in projects]
    foreign_limit = (_sum(five) + _sum(allowed) + _sum(domestic)) * rules.foreign_multiple.value
    counted = zip(projects, five, allowed, domestic, _within(foreign, foreign_limit), strict=True)
    return DeductibleYear(
        rules=rules,
        stated=tuple(projects),
        projects=tuple(DeductibleProject(project.name, *parts) for project, *parts in counted),
        related_stated=_sum(related),
        related_limit=_sum(limits),
        foreign_counted=_sum(foreign),
        foreign_limit=foreign_limit,
        excluded=_sum(_yuan(project, key) for project in projects for key in EXCLUDED),
    )


def read_projects(entries: Sequence[Reader]) -> tuple[ResearchProject, ...]:
    """The projects of a JSON list; raises :class:`~cultivation.rules.reading.MalformedFacts`, also where two have one
    name.
    """
    projects: list[ResearchProject] = []
    for number, entry in enumerate(entries, start=1):
        name = entry.text("name") or f"RD{number:02d}"
        if name in {project.name for project in projects}:
            raise MalformedFacts(entry.path("name"), f"项目重复（{name}）")
        amounts = {field.name: entry.amount(field.name) for field in fields(ResearchProject)[1:]}
        projects.append(ResearchProject(name=name, **amounts))
    return tuple(projects)


def _within(parts: Sequence[Fraction], limit: Fraction) -> list[Fraction]:
    """The parts, or the limit shared out in proportion to them where they exceed it together."""
    whole = _sum(parts)
    return list(parts) if whole <= limit else [limit * part / whole for part in parts]


def _yuan(project: ResearchProject, key: str) -> Fraction:
    return Fraction(getattr(project, key) or 0)


def _sum(parts: Iterable[Fraction]) -> Fraction:
    return sum(parts, Fraction(0))
