"""What each role finds on the front page: figures and to-dos, each leading on to the list or record behind it.

What a person may do is the pages' to say; these only point there.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.common.clock import now, today
from cultivation.api import (
    Role,
    User,
    decisions_waiting,
    delegations_today,
    last_calendar_year,
    refused_since,
    stock_on,
    stock_target,
)
from subsidies.api import AwardState, money_of_the_year, money_waiting, proposals_waiting

REFUSALS_SHOWN = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with the page behind it; ``tone`` is ``wait`` or ``bad`` where somebody has to do something."""

    label: str | Promise
    figure: str | int
    url: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    label: str
    url: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    tiles: list[Tile]
    todos: list[Todo] = field(default_factory=list)


def sections(user: User) -> list[Section]:
    """Those of every role the person has, in the order of the work."""
    return [section for role, build in _BUILDERS.items() if user.has_role(role) for section in build(user)]


def _waiting(label: str, count: int, route: str, query: str = "", note: str = "") -> Tile:
    """A count that is marked as long as it is not nought."""
    return Tile(label, count, reverse(route) + query, note, "wait" if count else "")


def _reviewer(user: User) -> Iterator[Section]:
    proposals, decisions = proposals_waiting(user), decisions_waiting(user)
    tiles = [
        _waiting(_("Awards for me"), proposals.awards, "subsidies:awards", "?waiting=on"),
        _waiting(_("Account changes"), decisions.accounts, "cultivation:accounts"),
        _waiting(_("Receipts to confirm"), proposals.receipts, "subsidies:receipts"),
        _waiting(
            _("Cases in the expense review"),
            decisions.in_review,
            "cultivation:cases",
            "?state=expense_review",
        ),
    ]
    todos = [
        *(
            Todo(
                _("Correction of %(number)s, %(firm)s")
                % {"number": row.accreditation.certificate_number, "firm": row.accreditation.firm.name},
                reverse("cultivation:certificate", args=[row.accreditation_id]),
                row.proposed_at,
            )
            for row in decisions.corrections
        ),
        *(
            Todo(
                _("Lifting of the determination about %(firm)s") % {"firm": row.determination.firm.name},
                reverse("cultivation:determination", args=[row.determination_id]),
                row.proposed_at,
            )
            for row in decisions.liftings
        ),
        *(
            Todo(
                _("Opening balance of %(line)s") % {"line": row.line.name},
                reverse("subsidies:openings", args=[row.line_id]),
                row.proposed_at,
            )
            for row in proposals.openings
        ),
    ]
    yield Section(_("Waiting for a second pair of eyes"), tiles, sorted(todos, key=lambda todo: todo.since))


def _finance(user: User) -> Iterator[Section]:
    waiting = money_waiting(user)
    lists = "subsidies:payment_lists"
    yield Section(
        _("Payments"),
        [
            _waiting(
                _("Approved awards to put on a list"),
                waiting.to_list,
                "subsidies:awards",
                f"?state={AwardState.APPROVED}",
            ),
            _waiting(_("Lists to check"), waiting.to_check, lists, note=_("drafted by others")),
            _waiting(
                _("Lists to release"), waiting.to_release, lists, note=_("drafted and checked by others")
            ),
            Tile(_("Lists at the bank"), waiting.at_the_bank, reverse(lists)),
            _waiting(_("Rows of returns that fit nothing"), waiting.unmatched, "subsidies:unmatched_rows"),
            _waiting(_("Account changes"), decisions_waiting(user).accounts, "cultivation:accounts"),
        ],
    )
    yield _money()


def _money() -> Section:
    on = today()
    figures = money_of_the_year(on)
    url = reverse("subsidies:funding_lines")
    return Section(
        _("Money of %(year)s, in 万元") % {"year": on.year},
        [
            Tile(_("Appropriated"), _wan(figures.appropriated), url),
            Tile(_("Committed"), _wan(figures.committed), url),
            Tile(_("Paid"), _wan(figures.paid), url),
            Tile(_("Available"), _wan(figures.available), url),
        ],
    )


def _wan(amount: Decimal) -> str:
    return f"{amount / 10_000:,.2f}"


def _auditor(user: User) -> Iterator[Section]:
    on = today()
    refused = refused_since(now() - REFUSALS_SHOWN)
    waiting = money_waiting(user)
    target = stock_target(on.year)
    yield Section(
        _("Audit"),
        [
            Tile(_("Refused attempts"), refused, reverse("cultivation:refusals"), _("in the last 30 days")),
            _waiting(_("Rows of returns that fit nothing"), waiting.unmatched, "subsidies:unmatched_rows"),
            Tile(_("Lists at the bank"), waiting.at_the_bank, reverse("subsidies:payment_lists")),
            Tile(_("Account changes"), decisions_waiting(user).accounts, reverse("cultivation:accounts")),
            Tile(
                _("High-new-tech enterprises"),
                stock_on(on).total,
                reverse("cultivation:board"),
                _("Target of this year: %(target)s") % {"target": target} if target else "",
            ),
        ],
    )
    yield _money()


def _administrator(user: User) -> Iterator[Section]:
    on = today()
    known = last_calendar_year()
    tiles = [
        Tile(
            _("Holidays known through"),
            known or "—",
            reverse("admin:cultivation_calendaryear_changelist") if user.is_staff else reverse("home"),
            _("Deadlines beyond are set by hand."),
            "" if known and known > on.year else "wait",
        ),
        Tile(_("Standing in today"), delegations_today(on), reverse("cultivation:delegations")),
    ]
    yield Section(_("Administration"), tiles, [])


_BUILDERS: dict[Role, Callable[[User], Iterator[Section]]] = {
    Role.REVIEWER: _reviewer,
    Role.FINANCE: _finance,
    Role.AUDITOR: _auditor,
    Role.ADMINISTRATOR: _administrator,
}
