"""A firm's figures of a fiscal year, as the firm states them; the cap and the ratio are the rules' business."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from config.common.money import ZERO, from_fen, to_fen
from cultivation.enums import OPEN_CASE_STATES, CaseAction
from cultivation.models import RD_CATEGORIES, CultivationCase, ExpenseYear, Firm, User
from cultivation.permissions import require_for_firm

from .refusals import recorded
from .steps import note_on_case, require_before_filing

STATED = ("sales", "total_income", "high_tech_income", "net_assets_end")
_MAY_BE_NEGATIVE = ("net_assets_end",)
_MOST = Decimal(10) ** 15  # yuan; what the rules read at most
_ROOM = 480  # characters of the reason of an event, after the year


@recorded(CaseAction.RECORD_EXPENSES)
def record_expense_year(*, firm: Firm, year: int, figures: Mapping[str, Decimal], actor: User) -> ExpenseYear:
    """Record or correct one year, in yuan. The four stated figures are needed, R&D categories default to 0.

    While a file lies with the region its years stay as they are. Refused: ``figure_unknown``, ``figure_missing``,
    ``figure_wrong`` (``details["key"]`` names it), ``income_parts`` (high-tech income above total income),
    ``year_not_over``, ``year_before_registration``, ``wrong_state``.
    """
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    require_for_firm(actor, CaseAction.RECORD_EXPENSES, firm)
    if year >= today().year:
        raise Refused("year_not_over", _("The year %(year)s is not over.") % {"year": year})
    if year < firm.registered_on.year:
        raise Refused(
            "year_before_registration", _("The firm was not yet registered in %(year)s.") % {"year": year}
        )
    values = _checked(figures)
    case = (
        CultivationCase.objects.select_for_update(of=("self",))
        .filter(firm=firm, state__in=OPEN_CASE_STATES)
        .first()
    )
    if case is not None:
        require_before_filing(case)
    row = ExpenseYear.objects.select_for_update().filter(firm=firm, year=year).first()
    told = _told(row, values)
    row = row or ExpenseYear(firm=firm, year=year)
    for name, value in values.items():
        setattr(row, name, value)
    row.recorded_by = actor
    row.save()
    if case is not None and told:
        reason = f"{year}: {told}"
        note_on_case(case=case, action=CaseAction.RECORD_EXPENSES, actor=actor, reason=reason)
    return row


def _told(row: ExpenseYear | None, values: Mapping[str, Decimal]) -> str:
    """The figures that change, each with what it was and is where a row stood already and all of it has room."""
    changed = [name for name, value in values.items() if row is None or getattr(row, name) != value]
    if row is not None:
        told = ", ".join(f"{name} {getattr(row, name)}→{values[name]}" for name in changed)
        if len(told) <= _ROOM:
            return told
    return ", ".join(changed)


def _checked(figures: Mapping[str, Decimal]) -> dict[str, Decimal]:
    known = (*STATED, *RD_CATEGORIES)
    if unknown := sorted(set(figures) - set(known)):
        raise Refused("figure_unknown", _("Unknown figure: %(key)s.") % {"key": unknown[0]}, key=unknown[0])
    for name in STATED:
        if figures.get(name) is None:
            raise Refused("figure_missing", _("This figure is missing: %(key)s.") % {"key": name}, key=name)
    values = {name: _amount(name, figures.get(name, ZERO)) for name in known}
    if values["high_tech_income"] > values["total_income"]:
        raise Refused(
            "income_parts",
            _("The income from high-tech products cannot exceed the total income."),
            key="high_tech_income",
        )
    return values


def _amount(name: str, value: Decimal) -> Decimal:
    """Exact yuan with two places; ``Refused("figure_wrong")`` for parts of a fen, floats and what is negative."""
    try:
        amount = from_fen(to_fen(_exact(value)))
    except (ArithmeticError, TypeError, ValueError) as error:
        raise _wrong(name) from error
    if abs(amount) >= _MOST:
        raise _wrong(name)
    if amount < 0 and name not in _MAY_BE_NEGATIVE:
        raise Refused("figure_wrong", _("%(key)s cannot be negative.") % {"key": name}, key=name)
    return amount


def _exact(value: object) -> Decimal:
    """A decimal, integer or string of digits; ``TypeError`` for a binary float."""
    if isinstance(value, Decimal | int | str) and not isinstance(value, bool):
        return Decimal(value)
    raise TypeError("money is never a float")


def _wrong(name: str) -> Refused:
    message = _("%(key)s is not an amount in yuan with at most two decimals.") % {"key": name}
    return Refused("figure_wrong", message, key=name)
