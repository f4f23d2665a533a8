"""All that other apps may use of cultivation; its pure ``rules`` apart, nothing else is imported from outside."""

from .charts import DuePicture, due_chart, stock_chart
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
from .exports import forecast_csv, forecast_html, forecast_pdf
from .forecasting.answer import Forecast
from .forecasting.assumptions import Assumptions, MalformedAssumptions, read_assumptions
from .forecasting.compound import AwardAmount
from .forecasting.due import Cohort, Due, DueMoney, Quarter
from .forecasting.picture import StockPicture
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
    counts_as_actor,
    may_see_private,
    require_role,
    require_second_person,
    visible_cases,
    visible_firms,
)
from .selectors.acceptances import check_acceptances
from .selectors.assessments import check_assessments
from .selectors.calendar import disclosure_is_over, work_calendar
from .selectors.corrections import corrections_since, last_corrections, values_at
from .selectors.determination_checks import check_determinations
from .selectors.determinations import final_determinations
from .selectors.due_money import due_money
from .selectors.events import Problem, check_case_events, events_on
from .selectors.firms import confirmed_account, confirmed_accounts, name_on
from .selectors.forecast_records import check_forecasts
from .selectors.forecasts import forecast, picture_of, stock_picture
from .selectors.parameters import parameter
from .selectors.people import command_actor
from .selectors.pipeline import counts_by_state
from .selectors.stock import firms_in_stock, stock_at_year_ends, stock_on
from .selectors.targets import counties, division_of_code, stock_target, stock_targets
from .selectors.waiting import (
    bounded,
    decisions_waiting,
    delegations_today,
    last_calendar_year,
    refused_since,
)
from .services.disclosure import open_disclosure
from .services.forecasts import record_backtest, record_forecast
from .services.invitations import accept_invitation
from .services.refusals import as_seen, recorded, recorded_as

__all__ = [
    "AccountState",
    "Accreditation",
    "AccreditationKind",
    "Assumptions",
    "AwardAmount",
    "BankAccount",
    "CaseAction",
    "CaseEvent",
    "CaseKind",
    "CaseState",
    "CheckKind",
    "Cohort",
    "CultivationCase",
    "Determination",
    "DisclosureKind",
    "DisclosurePeriod",
    "Division",
    "Due",
    "DueMoney",
    "DuePicture",
    "Firm",
    "FirmName",
    "Forecast",
    "MalformedAssumptions",
    "ParameterKey",
    "Problem",
    "Quarter",
    "RefusedAttempt",
    "Role",
    "StockPicture",
    "User",
    "Verdict",
    "accept_invitation",
    "as_seen",
    "bounded",
    "check_acceptances",
    "check_assessments",
    "check_case_events",
    "check_determinations",
    "check_forecasts",
    "command_actor",
    "confirmed_account",
    "confirmed_accounts",
    "corrections_since",
    "counties",
    "counts_as_actor",
    "counts_by_state",
    "decisions_waiting",
    "delegations_today",
    "disclosure_is_over",
    "division_of_code",
    "due_chart",
    "due_money",
    "events_on",
    "final_determinations",
    "firms_in_stock",
    "forecast",
    "forecast_csv",
    "forecast_html",
    "forecast_pdf",
    "last_calendar_year",
    "last_corrections",
    "mask_account",
    "mask_phone",
    "may_see_private",
    "name_on",
    "open_disclosure",
    "parameter",
    "picture_of",
    "read_assumptions",
    "record_backtest",
    "record_forecast",
    "recorded",
    "recorded_as",
    "refused_since",
    "require_role",
    "require_second_person",
    "stock_at_year_ends",
    "stock_chart",
    "stock_on",
    "stock_picture",
    "stock_target",
    "stock_targets",
    "values_at",
    "visible_cases",
    "visible_firms",
    "work_calendar",
]
