"""The closed vocabularies of the subsidies app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AwardState(TextChoices):
    """States of an award, in the order of its way."""

    AWAITING_BASIS = "awaiting_basis", _("Waiting for the region's document")
    AWAITING_POLICY = "awaiting_policy", _("Waiting for a policy decision")
    CALCULATED = "calculated", _("Calculated")
    REVIEWED = "reviewed", _("Reviewed")
    DISCLOSED = "disclosed", _("In public disclosure")
    APPROVED = "approved", _("Approved")
    LISTED = "listed", _("On a payment list")
    PAID = "paid", _("Paid")
    FROZEN = "frozen", _("Frozen")
    REVOKED = "revoked", _("Revoked")
    RECOVERING = "recovering", _("Being recovered")
    RECOVERED = "recovered", _("Recovered")


class Decision(TextChoices):
    """A switch of a scheme; an undecided one stops the award at 待政策确认 (edge case 30)."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNDECIDED = "undecided", _("Undecided")


class OncePer(TextChoices):
    """What 一次性 means in a scheme."""

    FIRM = "firm", _("Once a firm")
    ACCREDITATION = "accreditation", _("Once an accreditation")
    UNDECIDED = "undecided", _("Undecided")


class SchemeState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Stacking(TextChoices):
    """What a scheme does with money received elsewhere for the same matter (从高不重复)."""

    NONE = "none", _("No rule")
    HIGHER = "higher", _("The higher one, not both: the city pays what is missing to it")
    UNDECIDED = "undecided", _("Undecided")


class Rounding(TextChoices):
    """To what a scheme rounds an amount, and how."""

    FEN_HALF_UP = "fen_half_up", _("To the fen, half upwards")
    YUAN_HALF_UP = "yuan_half_up", _("To the yuan, half upwards")
    YUAN_DOWN = "yuan_down", _("To the yuan, downwards")


class ExclusionKind(TextChoices):
    """What keeps a firm from an award where the scheme names it."""

    DISHONESTY = "dishonesty", _("Serious dishonesty")
    SAFETY = "safety", _("Serious safety accident")
    QUALITY = "quality", _("Serious quality accident")
    ENVIRONMENT = "environment", _("Serious environmental offence")


class ReceiptKind(TextChoices):
    OTHER_SOURCE = "other_source", _("From another source for the same matter")
    PAST_AWARD = "past_award", _("City award before this system")


class OverrideState(TextChoices):
    PROPOSED = "proposed", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")


class OpeningState(TextChoices):
    PROPOSED = "proposed", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")


class ObjectionOutcome(TextChoices):
    REJECTED = "rejected", _("Not upheld")
    UPHELD = "upheld", _("Upheld")


class Reconciliation(TextChoices):
    """What became of one row of the region's award document (edge case 33)."""

    MATCHED = "matched", _("Matched")
    UNKNOWN_FIRM = "unknown_firm", _("Unknown firm")
    NAME_DIFFERS = "name_differs", _("Name differs")
    AMOUNT_CHANGED = "amount_changed", _("Amount changed")
    ALREADY_MATCHED = "already_matched", _("Already matched")
    REVOKED = "revoked", _("Revoked upstream")
    NO_ACCREDITATION = "no_accreditation", _("No certificate to match")


class EntryKind(TextChoices):
    """Kinds of ledger entry and what they do to a funding line's figures, see ``rules.balances``."""

    APPROPRIATED = "appropriated", _("Appropriated")
    ADJUSTED = "adjusted", _("Adjusted")
    COMMITTED = "committed", _("Committed")
    DECOMMITTED = "decommitted", _("Decommitted")
    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Returned by the bank")
    RECOVERED = "recovered", _("Recovered")
    CARRIED_OVER = "carried_over", _("Carried over")
    # Opening data: what was committed and paid outside this system (edge case 49).
    OPENING_COMMITTED = "opening_committed", _("Committed before this system")
    OPENING_PAID = "opening_paid", _("Paid before this system")


class ListState(TextChoices):
    DRAFT = "draft", _("Draft")
    CHECKED = "checked", _("Checked")
    RELEASED = "released", _("Released")
    SETTLED = "settled", _("Settled")
    CANCELLED = "cancelled", _("Cancelled")


class ListAction(TextChoices):
    """Steps of a payment list; the value is stored in ``ListEvent.action``."""

    DRAFT = "draft", _("Draft")
    CHECK = "check", _("Check")
    RELEASE = "release", _("Release")
    CANCEL = "cancel", _("Cancel")
    LOAD_RETURN = "load_return", _("Load a bank return")
    SETTLE = "settle", _("Settle")


class LineState(TextChoices):
    OPEN = "open", _("Not yet answered by the bank")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")


class ExportFormat(TextChoices):
    XLSX = "xlsx", _("Excel workbook")
    CSV = "csv", _("CSV")
    BANK = "bank", _("Bank batch file")


class ReturnOutcome(TextChoices):
    """What a row of a bank return did."""

    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")
    UNMATCHED = "unmatched", _("Unmatched")
    UNCHANGED = "unchanged", _("Unchanged")


class BankField(TextChoices):
    """What a column of a bank batch file may hold: the list is closed, so that a format is data and never code."""

    NUMBER = "number", _("Line number")
    ACCOUNT_NUMBER = "account_number", _("Account number")
    PAYEE_NAME = "payee_name", _("Payee")
    CREDIT_CODE = "credit_code", _("Unified social credit code")
    BANK_NAME = "bank_name", _("Bank")
    CLEARING_CODE = "clearing_code", _("Clearing code")
    AMOUNT = "amount", _("Amount")
    PURPOSE = "purpose", _("Purpose")
    SUBJECTS = "subjects", _("Budget subject codes")
    AWARD_YEAR = "award_year", _("Year of the award")
    AWARD_NUMBER = "award_number", _("Number of the award")
    LIST_NUMBER = "list_number", _("Number of the list")
    RELEASED_ON = "released_on", _("Day of the release, as 20190630")
    BLANK = "blank", _("Left empty")


class Delimiter(TextChoices):
    """What may stand between two columns: nothing that an amount, a number or a date could hold."""

    BAR = "|", "|"
    COMMA = ",", ","
    SEMICOLON = ";", ";"
    CARET = "^", "^"
    TILDE = "~", "~"
    TAB = "\t", _("Tab")


class TextEncoding(TextChoices):
    GB18030 = "gb18030", "GB18030"
    UTF_8 = "utf-8", "UTF-8"


class LineEnd(TextChoices):
    CRLF = "crlf", "CRLF"
    LF = "lf", "LF"


class AmountUnit(TextChoices):
    YUAN = "yuan", _("Yuan with two decimals")
    FEN = "fen", _("Whole fen")
