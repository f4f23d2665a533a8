"""The page of the self-check put together: findings, trial, handing over, form, and what was saved before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from config.common.errors import RowError
from config.common.overtaking import told, version_of
from cultivation.enums import Role, Verdict
from cultivation.forms.amounts import amount_text
from cultivation.forms.fact_words import name_of_fact, plain
from cultivation.forms.self_check import Sheet
from cultivation.forms.uploads import FiguresFileForm
from cultivation.models import SelfCheck
from cultivation.selectors.readiness import is_in_pool
from cultivation.selectors.self_checks import is_own, self_checks_of
from cultivation.services.self_checks import Change, open_case_of, pending_changes, state_of_records

from .case_news import case_strands
from .self_check_desk import Desk, Figures
from .self_check_showing import STATE_CLASSES, SYMBOLS, Report, present, state_name, verdict_for
from .self_check_trial import Trial, untried


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A line of the list of saved self-checks, for one reader."""

    check: SelfCheck
    who: str
    state: str
    symbol: str
    css: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """What handing over would do to the open case; ``judges``: the case is assessed as well.

    ``seen`` and ``records`` say how far its events had gone and what was on record when the page was made.
    """

    case: Any
    changes: Sequence[str]
    judges: bool
    seen: str
    records: str


def show_page(
    request: HttpRequest,
    desk: Desk,
    *,
    sheet: Sheet | None = None,
    figures: Figures | None = None,
    trial: Trial | None = None,
    upload: FiguresFileForm | None = None,
    faults: Sequence[RowError] = (),
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page for entering figures; with ``figures`` their findings stand on top."""
    context = {
        **page_context(desk, figures, trial),
        **told(request, case_strands(open_case_of(desk.firm), desk.user) if desk.enters else []),
        "sheet": sheet,
        "sheet_faults": sheet.faults() if sheet else [],
        "upload": upload or FiguresFileForm(),
        "file_faults": [_in_words(fault) for fault in faults],
        "refusal": refusal,
        "saved": saved_rows(desk),
    }
    return render(request, "cultivation/self_check.html", context, status=status)


def page_context(
    desk: Desk, figures: Figures | None, trial: Trial | None = None, report: Report | None = None
) -> dict[str, Any]:
    """What the page of fresh figures and that of saved ones share; ``report`` is the saved one's."""
    context: dict[str, Any] = {
        "desk": desk,
        "firm": desk.firm,
        "figures": figures,
        "report": None,
        "hand_over": None,
        "trial": None,
    }
    if figures is not None:
        context["report"] = report or present(figures.facts, figures.result, outsider=desk.outsider)
        if desk.enters:
            context["hand_over"] = _hand_over(desk, figures)
            context["trial"] = trial or untried(
                figures.facts, figures.judgement, figures.unit, outsider=desk.outsider
            )
    return context


def saved_rows(desk: Desk) -> list[SavedRow]:
    return [_saved_row(check, desk) for check in self_checks_of(desk.firm)]


def maker_of(check: SelfCheck, *, outsider: bool) -> str:
    """Who made it; a firm reads the office as one body."""
    return str(check.made_by) if not outsider or is_own(check) else _("Science bureau")


def _saved_row(check: SelfCheck, desk: Desk) -> SavedRow:
    verdict = verdict_for(check.result, outsider=desk.outsider, own=is_own(check))
    return SavedRow(
        check,
        maker_of(check, outsider=desk.outsider),
        state_name(verdict),
        SYMBOLS[Verdict(verdict)],
        STATE_CLASSES[verdict],
    )


def _hand_over(desk: Desk, figures: Figures) -> HandOver | None:
    case = open_case_of(desk.firm)
    if case is None:
        return None
    changes = pending_changes(case=case, facts=figures.facts, actor=desk.user)
    return HandOver(
        case=case,
        changes=[_change_in_words(change) for change in changes],
        judges=desk.user.has_role(Role.CASEWORKER) and is_in_pool(case),
        seen=version_of(case_strands(case, desk.user)),
        records=state_of_records(case=case),
    )


def _change_in_words(change: Change) -> str:
    name = name_of_fact(change.key)
    if change.year is not None:
        values = {
            "name": _("%(name)s of %(year)s") % {"name": name, "year": change.year},
            "old": amount_text(change.old) or _("not recorded"),
            "new": amount_text(change.new) or _("not given"),
        }
    else:
        values = {"name": name, "old": _fact(change.old), "new": _fact(change.new)}
    return _("%(name)s: from %(old)s to %(new)s") % values


def _fact(value: Any) -> str:
    match value:
        case None:
            return _("not recorded")
        case bool():
            return _("Yes") if value else _("No")
        case list() if all(isinstance(part, int) for part in value):
            return "、".join(map(str, value)) or _("None")
        case list():
            return _("%(count)s entries") % {"count": len(value)}
        case dict():
            return _("another version")
    return str(value)


def _in_words(fault: RowError) -> RowError:
    """A fault of a file with its place in words."""
    return replace(fault, column=plain(fault.column, {}) if not fault.row else fault.column)
