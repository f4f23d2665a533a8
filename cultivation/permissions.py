"""Who may do what: one table of roles an action, one look at the object. What is not listed is denied.

Being a superuser opens nothing; an inactive person has no role. A firm acts on its own case alone, a county
caseworker on the firms of the own division, the city's staff on all of them.
"""

import datetime as dt
from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import NotAllowed
from cultivation.enums import CaseAction, CaseState, Role
from cultivation.models import CultivationCase, Firm, User

_APPLICANTS = frozenset({Role.FIRM, Role.COUNTY, Role.CASEWORKER})
_FIRM_OR_CITY = frozenset({Role.FIRM, Role.CASEWORKER})
_CASEWORKER = frozenset({Role.CASEWORKER})

CASE_ROLES: Mapping[CaseAction, frozenset[Role]] = {
    CaseAction.OPEN: _APPLICANTS,
    CaseAction.SUBMIT: _APPLICANTS,
    CaseAction.RESUBMIT: _APPLICANTS,
    CaseAction.RETURN: frozenset({Role.COUNTY, Role.CASEWORKER, Role.REVIEWER}),
    CaseAction.RECOMMEND: frozenset({Role.COUNTY}),
    CaseAction.ENROL: _CASEWORKER,
    CaseAction.START_TRAINING: _CASEWORKER,
    CaseAction.START_EXPENSE_REVIEW: _CASEWORKER,
    CaseAction.CLEAR: _CASEWORKER,
    CaseAction.FILE: _CASEWORKER,
    CaseAction.DISCLOSE: _CASEWORKER,
    CaseAction.ACCREDIT: _CASEWORKER,
    CaseAction.DECLINE: _CASEWORKER,
    CaseAction.RETURN_TO_POOL: _CASEWORKER,
    CaseAction.REOPEN: frozenset({Role.CASEWORKER, Role.REVIEWER}),
    CaseAction.WITHDRAW: _FIRM_OR_CITY,
    CaseAction.REMOVE: _CASEWORKER,
    CaseAction.ASSIGN: _CASEWORKER,
    CaseAction.DECLARE: _FIRM_OR_CITY,
    CaseAction.RECORD_EXPENSES: _FIRM_OR_CITY,
    CaseAction.ADD_DOCUMENT: _APPLICANTS,
    CaseAction.CONFIRM_DOCUMENT: _CASEWORKER,
    CaseAction.REJECT_DOCUMENT: _CASEWORKER,
    CaseAction.ASSESS: _CASEWORKER,
    CaseAction.RECORD_CHECK: _CASEWORKER,
    CaseAction.DECIDE_MANUAL: frozenset({Role.REVIEWER}),
    CaseAction.RESET_CHECK: frozenset({Role.CASEWORKER, Role.REVIEWER}),
    CaseAction.IMPORT_LEDGER: _FIRM_OR_CITY,
    CaseAction.DECIDE_LEDGER: _CASEWORKER,
    CaseAction.RECORD_SHEET: _CASEWORKER,
    CaseAction.WITHDRAW_SHEET: _CASEWORKER,
}
# Who returns a case depends on whose desk it lies on.
RETURN_ROLES: Mapping[str, frozenset[Role]] = {
    CaseState.SUBMITTED: frozenset({Role.COUNTY, Role.CASEWORKER}),
    CaseState.EXPENSE_REVIEW: frozenset({Role.CASEWORKER, Role.REVIEWER}),
}
# These see every firm; the administrator takes no part in cases and sees none.
CITY_WIDE_ROLES = (Role.CASEWORKER, Role.REVIEWER, Role.FINANCE, Role.AUDITOR)


def roles_for(action: CaseAction, state: str = "") -> frozenset[Role]:
    """The roles that may do ``action``, narrowed by the case's state where that matters."""
    roles = CASE_ROLES.get(action, frozenset())
    return roles & RETURN_ROLES.get(state, roles) if action is CaseAction.RETURN else roles


def _acts_for(user: User, role: Role, firm: Firm) -> bool:
    """Whether the person holds the role and the role reaches this firm."""
    if not user.has_role(role):
        return False
    if role is Role.FIRM:
        return user.firm_id is not None and user.firm_id == firm.pk
    if role is Role.COUNTY:
        return user.division_id is not None and user.division_id == firm.division_id
    return True


def may_for_firm(user: User, action: CaseAction, firm: Firm, state: str = "") -> bool:
    return any(_acts_for(user, role, firm) for role in roles_for(action, state))


def may(user: User, action: CaseAction, case: CultivationCase) -> bool:
    """Whether the person may do this to this case; whether the state allows it is another question."""
    return may_for_firm(user, action, case.firm, case.state)


def require(user: User, action: CaseAction, case: CultivationCase) -> None:
    """``NotAllowed`` unless :func:`may`."""
    require_for_firm(user, action, case.firm, case.state)


def require_for_firm(user: User, action: CaseAction, firm: Firm, state: str = "") -> None:
    if not may_for_firm(user, action, firm, state):
        raise NotAllowed(
            "not_allowed",
            _("You are not allowed to do this here: “%(action)s”.") % {"action": action.label},
        )


def require_role(user: User, *roles: Role) -> None:
    """``NotAllowed`` unless the person has at least one of the roles."""
    if not user.has_role(*roles):
        names = _(", ").join(str(role.label) for role in roles)
        raise NotAllowed("not_allowed", _("Only these roles may do this: %(roles)s.") % {"roles": names})


def may_work_for(user: User, firm: Firm, *roles: Role) -> bool:
    """Whether the person holds one of the roles for this firm: its own, its county's, or city-wide."""
    return any(_acts_for(user, role, firm) for role in roles)


def require_firm_work(user: User, firm: Firm, *roles: Role) -> None:
    """``NotAllowed`` unless :func:`may_work_for`."""
    if not may_work_for(user, firm, *roles):
        names = _(", ").join(str(role.label) for role in roles)
        raise NotAllowed(
            "not_allowed", _("Only these roles may do this for the firm: %(roles)s.") % {"roles": names}
        )


def require_second_person(
    user: User, other: User | int | None, at: dt.datetime | None, message: str = ""
) -> None:
    """The four-eyes rule: ``NotAllowed`` where the person is ``other``, who acted at ``at`` (``None``: nobody did).

    A delegate counts as both persons: on the day of that act, and today.
    """
    if counts_as_actor(user, other, at):
        raise NotAllowed(
            "second_person", message or _("A second person has to do this; you took part in it already.")
        )


def counts_as_actor(user: User, other: User | int | None, at: dt.datetime | None) -> bool:
    """Whether the person is ``other``, who acted at ``at``, for the four eyes; see :func:`require_second_person`."""
    if other is None:
        return False
    days = [today()] if at is None else [localdate(at), today()]
    return user.counts_as(other.pk if isinstance(other, User) else other, *days)


def _reach(user: User | AnonymousUser, prefix: str) -> Q:
    """A condition on the firm under ``prefix``; an empty ``pk__in`` where the person sees none."""
    nothing = Q(pk__in=[])
    if not isinstance(user, User):
        return nothing
    if user.has_role(*CITY_WIDE_ROLES):
        return Q()
    reach = nothing
    if user.has_role(Role.COUNTY) and user.division_id is not None:
        reach |= Q(**{f"{prefix}division_id": user.division_id})
    if user.has_role(Role.FIRM) and user.firm_id is not None:
        reach |= Q(**{f"{prefix}pk": user.firm_id})
    return reach


def visible_firms(user: User | AnonymousUser) -> QuerySet[Firm]:
    return Firm.objects.filter(_reach(user, ""))


def visible_cases(user: User | AnonymousUser) -> QuerySet[CultivationCase]:
    return CultivationCase.objects.filter(_reach(user, "firm__"))


def may_see_private(user: User | AnonymousUser, firm: Firm) -> bool:
    """Whether accounts and phone numbers are shown unmasked: to finance and to the firm itself."""
    return isinstance(user, User) and (user.has_role(Role.FINANCE) or _acts_for(user, Role.FIRM, firm))
