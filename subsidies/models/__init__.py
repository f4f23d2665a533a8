"""The tables of the subsidies app, one subject a module."""

from .awards import Award, Calculation
from .events import AwardEvent, DailySeal, ListEvent
from .funding import FundingLine
from .ledger import LedgerEntry
from .payment_lists import ListCounter, PaymentLine, PaymentList, ReleasedFile
from .regional_awards import RegionalAward, RegionalAwardDocument
from .returns import BankReturn, BankReturnRow
from .schemes import Scheme, SchemeVersion

__all__ = [
    "Award",
    "AwardEvent",
    "BankReturn",
    "BankReturnRow",
    "Calculation",
    "DailySeal",
    "FundingLine",
    "LedgerEntry",
    "ListCounter",
    "ListEvent",
    "PaymentLine",
    "PaymentList",
    "RegionalAward",
    "RegionalAwardDocument",
    "ReleasedFile",
    "Scheme",
    "SchemeVersion",
]
