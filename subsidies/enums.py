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
