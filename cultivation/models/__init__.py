"""The tables of the cultivation app, one subject a module."""

from .acceptances import Acceptance, AcceptanceSeries
from .accreditations import Accreditation, Determination, InboundRelocation
from .achievements import Achievement
from .after import AnnualReport, MaterialChange
from .assessments import Assessment, CaseCheck, CaseFacts
from .bulletins import Bulletin, BulletinFile
from .calendar import CalendarDay, CalendarYear
from .cases import CaseDocument, CultivationCase
from .corrections import AccreditationCorrection, DeterminationCorrection
from .delegations import Delegation
from .disclosure import DisclosurePeriod
from .divisions import Division, DivisionName, IndustryField, Parameter, TechnicalField, Zone
from .events import CaseEvent, RefusedAttempt
from .expenses import RD_CATEGORIES, ExpenseYear
from .firms import BankAccount, Contact, Firm, FirmDivision, FirmName
from .forecasts import BacktestRecord, ForecastPrior, ForecastSnapshot
from .innovation import ExpertSheet, IpUse
from .invitations import Invitation
from .messages import Message, MessageMark
from .people import User
from .rd_ledger import RdLedger, RdLedgerFinding, RdLedgerLine, RdProject, RdStatedAmount
from .self_checks import SelfCheck
from .stock_records import StockLine, StockRecord
from .targets import AnnualTarget
from .tiers import TierCriterion, TierRecord
from .training import Attendance, SignIn, TrainingSession

__all__ = [
    "RD_CATEGORIES",
    "Acceptance",
    "AcceptanceSeries",
    "Accreditation",
    "AccreditationCorrection",
    "Achievement",
    "AnnualReport",
    "AnnualTarget",
    "Assessment",
    "Attendance",
    "BacktestRecord",
    "BankAccount",
    "Bulletin",
    "BulletinFile",
    "CalendarDay",
    "CalendarYear",
    "CaseCheck",
    "CaseDocument",
    "CaseEvent",
    "CaseFacts",
    "Contact",
    "CultivationCase",
    "Delegation",
    "Determination",
    "DeterminationCorrection",
    "DisclosurePeriod",
    "Division",
    "DivisionName",
    "ExpenseYear",
    "ExpertSheet",
    "Firm",
    "FirmDivision",
    "FirmName",
    "ForecastPrior",
    "ForecastSnapshot",
    "InboundRelocation",
    "IndustryField",
    "Invitation",
    "IpUse",
    "MaterialChange",
    "Message",
    "MessageMark",
    "Parameter",
    "RdLedger",
    "RdLedgerFinding",
    "RdLedgerLine",
    "RdProject",
    "RdStatedAmount",
    "RefusedAttempt",
    "SelfCheck",
    "SignIn",
    "StockLine",
    "StockRecord",
    "TechnicalField",
    "TierCriterion",
    "TierRecord",
    "TrainingSession",
    "User",
    "Zone",
]
