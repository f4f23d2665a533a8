"""The tables of the cultivation app, one subject a module."""

from .accreditations import Accreditation, Determination, InboundRelocation
from .assessments import Assessment, CaseCheck, CaseFacts
from .calendar import CalendarDay, CalendarYear
from .cases import CaseDocument, CultivationCase
from .disclosure import DisclosurePeriod
from .divisions import Division, DivisionName, IndustryField, Parameter, TechnicalField, Zone
from .events import CaseEvent, RefusedAttempt
from .expenses import RD_CATEGORIES, ExpenseYear
from .firms import BankAccount, Contact, Firm, FirmDivision, FirmName
from .people import User
from .targets import AnnualTarget
from .training import Attendance, TrainingSession

__all__ = [
    "RD_CATEGORIES",
    "Accreditation",
    "AnnualTarget",
    "Assessment",
    "Attendance",
    "BankAccount",
    "CalendarDay",
    "CalendarYear",
    "CaseCheck",
    "CaseDocument",
    "CaseEvent",
    "CaseFacts",
    "Contact",
    "CultivationCase",
    "Determination",
    "DisclosurePeriod",
    "Division",
    "DivisionName",
    "ExpenseYear",
    "Firm",
    "FirmDivision",
    "FirmName",
    "InboundRelocation",
    "IndustryField",
    "Parameter",
    "RefusedAttempt",
    "TechnicalField",
    "TrainingSession",
    "User",
    "Zone",
]
