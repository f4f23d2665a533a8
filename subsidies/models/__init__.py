"""The tables of the subsidies app, one subject a module."""

from .awards import Award, Calculation
from .bank_formats import GENERAL, BankFormat
from .claims import Exclusion, Objection, OtherReceipt
from .events import AwardEvent, DailySeal, ListEvent
from .funding import FundingLine
from .ledger import LedgerEntry
from .openings import OpeningBalance
from .overrides import AmountOverride
from .payment_lists import ListCounter, PaymentLine, PaymentList, ReleasedFile
from .regional_awards import RegionalAward, RegionalAwardDocument
from .returns import BankReturn, BankReturnRow, ReturnRowSettlement
from .schemes import Scheme, SchemeVersion

__all__ = [
    "GENERAL",
    "AmountOverride",
    "Award",
    "AwardEvent",
    "BankFormat",
    "BankReturn",
    "BankReturnRow",
    "Calculation",
    "DailySeal",
    "Exclusion",
    "FundingLine",
    "LedgerEntry",
    "ListCounter",
    "ListEvent",
    "Objection",
    "OpeningBalance",
    "OtherReceipt",
    "PaymentLine",
    "PaymentList",
    "RegionalAward",
    "RegionalAwardDocument",
    "ReleasedFile",
    "ReturnRowSettlement",
    "Scheme",
    "SchemeVersion",
]
