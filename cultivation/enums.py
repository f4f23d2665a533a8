"""The closed vocabularies of the cultivation app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Who a person is to the system; each role is a Django group of this name."""

    FIRM = "firm", _("Firm")
    COUNTY = "county", _("County caseworker")
    CASEWORKER = "caseworker", _("City caseworker")
    REVIEWER = "reviewer", _("Reviewer")
    FINANCE = "finance", _("Finance officer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class CaseKind(TextChoices):
    FIRST = "first", _("First accreditation")
    RENEWAL = "renewal", _("Renewed accreditation")


class CaseState(TextChoices):
    """States of a cultivation case, in the order of its way."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for correction")
    RECOMMENDED = "recommended", _("Recommended by the county")
    POOLED = "pooled", _("In the reserve pool")
    TRAINING = "training", _("In training")
    EXPENSE_REVIEW = "expense_review", _("R&D expense review")
    READY = "ready", _("Ready to file")
    FILED = "filed", _("Filed with the region")
    DISCLOSED = "disclosed", _("In public disclosure")
    ACCREDITED = "accredited", _("Accredited")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REMOVED = "removed", _("Removed from the pool")


CLOSED_CASE_STATES = (CaseState.ACCREDITED, CaseState.WITHDRAWN, CaseState.REMOVED)
OPEN_CASE_STATES = tuple(state for state in CaseState if state not in CLOSED_CASE_STATES)
# From enrolment on: where checks may be recorded and where a firm counts as being cultivated.
POOL_CASE_STATES = (
    CaseState.POOLED,
    CaseState.TRAINING,
    CaseState.EXPENSE_REVIEW,
    CaseState.READY,
)


class CheckKind(TextChoices):
    """The three checks that gate ``ready``; recorded side by side from enrolment on."""

    TRAINING = "training", _("Training hours")
    EXPENSES = "expenses", _("R&D expense assessment")
    ATTACHMENTS = "attachments", _("Attachments")


class Verdict(TextChoices):
    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    MANUAL = "manual", _("To be decided by a person")


class DeterminationOutcome(TextChoices):
    ACCREDITED = "accredited", _("Accredited")
    DECLINED = "declined", _("Declined")


class AccreditationKind(TextChoices):
    """How the certificate came to the firm; the words of the region's list."""

    FIRST = "first", _("First")
    RENEWAL = "renewal", _("Renewed")
    INBOUND = "inbound", _("Moved in")


class FirmTier(TextChoices):
    NONE = "none", _("None")
    TECHNOLOGY_SME = "technology_sme", _("Technology SME")
    GAZELLE = "gazelle", _("Gazelle")


class AccountState(TextChoices):
    PROPOSED = "proposed", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REPLACED = "replaced", _("Replaced")
    REJECTED = "rejected", _("Rejected")


class TargetMeasure(TextChoices):
    """What an annual target counts; firms and conversions are never added up (edge case 48)."""

    STOCK = "stock", _("High-new-tech enterprises at year-end")
    NET_ADDITIONS = "net_additions", _("Net additions in the year")
    CONVERSIONS = "conversions", _("Conversions of research results")


class Origin(TextChoices):
    """Where a figure comes from."""

    SOURCE = "source", _("Stated in the source")
    DERIVED = "derived", _("Derived from the source")
    ENTERED = "entered", _("Entered by the bureau")


class Verification(TextChoices):
    """How far a reference figure has been checked: the marks 【核】, 【旁】 and 【未核】."""

    READ = "read", _("Read in the source")
    SECOND_HAND = "second_hand", _("Second-hand")
    UNVERIFIED = "unverified", _("Unverified")


class DisclosureKind(TextChoices):
    ACCREDITATION = "accreditation", _("Accreditation by the region")
    AWARD = "award", _("Proposed award")


class AttachmentKind(TextChoices):
    APPLICATION = "application", _("Application form")
    IP_CERTIFICATE = "ip_certificate", _("Intellectual property certificate")
    RD_LEDGER = "rd_ledger", _("R&D auxiliary ledger")
    AUDIT_REPORT = "audit_report", _("Audit report")
    OTHER = "other", _("Other")


class ParameterKey(TextChoices):
    """Figures of procedure that are data with a source, never constants (see ``Parameter``)."""

    TRAINING_HOURS = "training_hours", _("Training hours required")
    DISCLOSURE_DAYS = "disclosure_days", _("Working days of public disclosure")
    DISCLOSURE_FIRST_DAY = "disclosure_first_day", _("Days from publication to the first counted day")
    TERM_YEARS = "term_years", _("Years of validity of a certificate")
    EXPIRY_DAY_COUNTS = "expiry_day_counts", _("Whether the day three years later still counts (0 or 1)")
    LEAP_DAY_ENDS_EARLY = "leap_day_ends_early", _("29 February ends on 28 February (1) or on 1 March (0)")
    POOL_YEARS_LIMIT = "pool_years_limit", _("Years in the pool before a review for removal")


class CaseAction(TextChoices):
    """What a person can do with a case: the name of the act in ``CaseEvent.action`` and in web addresses."""

    OPEN = "open", _("Open a case")
    SUBMIT = "submit", _("Submit")
    RETURN = "return", _("Return for correction")
    RESUBMIT = "resubmit", _("Submit again")
    RECOMMEND = "recommend", _("Recommend")
    ENROL = "enrol", _("Enrol in the pool")
    START_TRAINING = "start_training", _("Start training")
    START_EXPENSE_REVIEW = "start_expense_review", _("Start the R&D expense review")
    CLEAR = "clear", _("Clear for filing")
    FILE = "file", _("File with the region")
    DISCLOSE = "disclose", _("Record the public disclosure")
    ACCREDIT = "accredit", _("Record the accreditation")
    DECLINE = "decline", _("Record the decline")
    RETURN_TO_POOL = "return_to_pool", _("Return to the pool")
    WITHDRAW = "withdraw", _("Withdraw")
    REMOVE = "remove", _("Remove from the pool")
    # Acts that leave the state as it is.
    ASSIGN = "assign", _("Assign a handler")
    DECLARE = "declare", _("Declare facts")
    RECORD_EXPENSES = "record_expenses", _("Record a year's figures")
    ADD_DOCUMENT = "add_document", _("Add a document")
    ASSESS = "assess", _("Assess")
    RECORD_CHECK = "record_check", _("Record a check")
    DECIDE_MANUAL = "decide_manual", _("Decide a manual verdict")
    RESET_CHECK = "reset_check", _("Reset a check")


# Acts that hold something against the firm, or undo: never without a reason.
REASONED_CASE_ACTIONS = (
    CaseAction.RETURN,
    CaseAction.DECLINE,
    CaseAction.WITHDRAW,
    CaseAction.REMOVE,
    CaseAction.RESET_CHECK,
    CaseAction.DECIDE_MANUAL,
)
# What the bureau wants to see confirmed before it files with the region.
REQUIRED_ATTACHMENT_KINDS = (
    AttachmentKind.APPLICATION,
    AttachmentKind.AUDIT_REPORT,
    AttachmentKind.RD_LEDGER,
)
