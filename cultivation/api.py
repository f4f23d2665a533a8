"""All that other apps may use of cultivation; its pure ``rules`` apart, nothing else is imported from outside."""

from .enums import (
    AccountState,
    AccreditationKind,
    CaseAction,
    CaseKind,
    CaseState,
    CheckKind,
    DisclosureKind,
    ParameterKey,
    Role,
    Verdict,
)
from .masking import mask_account, mask_phone
from .models import (
    Accreditation,
    BankAccount,
    CaseEvent,
    CultivationCase,
    Determination,
    DisclosurePeriod,
    Division,
    Firm,
    FirmName,
    RefusedAttempt,
    User,
)
from .permissions import (
    may_see_private,
    require_role,
    require_second_person,
    visible_cases,
    visible_firms,
)
from .selectors.calendar import disclosure_is_over, work_calendar
from .selectors.determinations import final_determinations
from .selectors.events import Problem, check_case_events, events_on
from .selectors.firms import confirmed_account, confirmed_accounts, name_on
from .selectors.parameters import parameter
from .selectors.pipeline import counts_by_state
from .services.disclosure import open_disclosure
from .services.refusals import recorded

__all__ = [
    "AccountState",
    "Accreditation",
    "AccreditationKind",
    "BankAccount",
    "CaseAction",
    "CaseEvent",
    "CaseKind",
    "CaseState",
    "CheckKind",
    "CultivationCase",
    "Determination",
    "DisclosureKind",
    "DisclosurePeriod",
    "Division",
    "Firm",
    "FirmName",
    "ParameterKey",
    "Problem",
    "RefusedAttempt",
    "Role",
    "User",
    "Verdict",
    "check_case_events",
    "confirmed_account",
    "confirmed_accounts",
    "counts_by_state",
    "disclosure_is_over",
    "events_on",
    "final_determinations",
    "mask_account",
    "mask_phone",
    "may_see_private",
    "name_on",
    "open_disclosure",
    "parameter",
    "recorded",
    "require_role",
    "require_second_person",
    "visible_cases",
    "visible_firms",
    "work_calendar",
]
