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


class TierOutcome(TextChoices):
    """What a document says: the firm is put forward, is one, or is not."""

    RECOMMENDED = "recommended", _("Recommended")
    RECOGNISED = "recognised", _("Recognised")
    ENDED = "ended", _("Ended")


class RdCategory(TextChoices):
    """The eight categories of 国科发火〔2016〕195号 三（六）2, outsourced spend split by country."""

    PERSONNEL = "personnel", _("Personnel")
    DIRECT_INPUT = "direct_input", _("Direct input")
    DEPRECIATION = "depreciation", _("Depreciation and long-term deferred expenses")
    INTANGIBLES = "intangibles", _("Amortisation of intangibles")
    DESIGN = "design", _("Design")
    COMMISSIONING = "commissioning", _("Commissioning and tests")
    OTHER = "other", _("Other expenses")
    OUTSOURCED_DOMESTIC = "outsourced_domestic", _("Outsourced in the country")
    OUTSOURCED_FOREIGN = "outsourced_foreign", _("Outsourced abroad")


class LedgerFindingCode(TextChoices):
    """What a line of an R&D ledger can have against it."""

    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")
    OTHER_YEAR = "other_year", _("Booked in another year")
    OUTSIDE_PROJECT = "outside_project", _("Outside the project's period")
    NOT_WORKING = "not_working", _("Person not in research that month")
    DUPLICATE_PROJECT = "duplicate_project", _("Same expense in another project")
    DUPLICATE_LINE = "duplicate_line", _("Same expense twice in the project")
    DUPLICATE_YEAR = "duplicate_year", _("Same expense in another year")
    DUPLICATE_FIRM = "duplicate_firm", _("Same expense at another firm")
    NEGATIVE = "negative", _("Negative amount")
    RELATED_PARTY = "related_party", _("Outsourced to a related party")
    BUILDING = "building", _("Building")


class LedgerDecision(TextChoices):
    COUNTED = "counted", _("Counted")
    STRUCK = "struck", _("Struck")


class ExpertKind(TextChoices):
    TECHNICAL = "technical", _("Technical expert")
    FINANCE = "finance", _("Finance expert")
    OTHER = "other", _("Other expert")


class ChangeKind(TextChoices):
    """Material changes of 国科发火〔2016〕32号 第十七条."""

    RENAME = "rename", _("Rename")
    SPLIT = "split", _("Split")
    MERGER = "merger", _("Merger")
    RESTRUCTURING = "restructuring", _("Restructuring")
    BUSINESS = "business", _("Change of business")


class RevocationCause(TextChoices):
    """Why a certificate is taken back; the articles stand in ``rules.after_accreditation``."""

    NOT_QUALIFIED = "not_qualified", _("Conditions no longer met")
    FRAUD = "fraud", _("Serious fraud in the application")
    INCIDENT = "incident", _("Serious incident or breach of environmental law")
    CHANGE_UNREPORTED = "change_unreported", _("Material change not reported in time")
    REPORTS_MISSED = "reports_missed", _("Annual reports of two years not filed")
    # No decision of the region: the certificate was never the firm's (``services.determination_corrections``).
    RECORDED_WRONGLY = "recorded_wrongly", _("Recorded wrongly")


class CertificateFilter(TextChoices):
    """What the register of certificates shows; the standings of ``rules.after_accreditation`` are among them."""

    CURRENT = "current", _("Within the term")
    VALID = "valid", _("Valid")
    WINDOW_OPEN = "window_open", _("Renewal window open")
    EXPIRING = "expiring", _("Ends this year")
    UNPREPARED = "unprepared", _("Renewal due, no case open")
    REPORTS = "reports", _("Annual reports missed")
    CHANGES = "changes", _("Change reported late")
    EXPIRED = "expired", _("Term over")
    RENEWED = "renewed", _("Renewed since")
    REVOKED = "revoked", _("Qualification revoked")
    RECORDED_WRONGLY = "recorded_wrongly", _("Recorded wrongly")
    NOT_YET = "not_yet", _("Not yet issued")
    ALL = "all", _("All")


class AccountState(TextChoices):
    PROPOSED = "proposed", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REPLACED = "replaced", _("Replaced")
    REJECTED = "rejected", _("Rejected")


class SignInState(TextChoices):
    """What became of a person's own sign-in at a training session."""

    WAITING = "waiting", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")


class CorrectionState(TextChoices):
    PROPOSED = "proposed", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")


class TargetMeasure(TextChoices):
    """What an annual target counts; firms and conversions are never added up (edge case 48)."""

    STOCK = "stock", _("High-new-tech enterprises at year-end")
    NET_ADDITIONS = "net_additions", _("Net additions in the year")
    CONVERSIONS = "conversions", _("Conversions of research results")
    TECHNOLOGIES = "technologies", _("Major technologies mastered")
    PLATFORMS = "platforms", _("National innovation platforms founded")
    TALENTS = "talents", _("High-level talents and teams won")


# Of these every single one is entered with its document; firms are counted from their certificates.
RECORDED_MEASURES = (
    TargetMeasure.TECHNOLOGIES,
    TargetMeasure.PLATFORMS,
    TargetMeasure.TALENTS,
    TargetMeasure.CONVERSIONS,
)


class StockChange(TextChoices):
    """Why a firm counts on one of two days and not on the other; those that came are named before those that went."""

    NEW = "new", _("Newly accredited")
    BACK = "back", _("Accredited again after a gap")
    INBOUND = "inbound", _("Moved in from outside")
    FROM_COUNTY = "from_county", _("Moved in from another county")
    EXPIRED = "expired", _("Certificate ran out")
    REVOKED = "revoked", _("Qualification revoked")
    OUTBOUND = "outbound", _("Moved out of the city")
    TO_COUNTY = "to_county", _("Moved to another county")


STOCK_GAINS = (StockChange.NEW, StockChange.BACK, StockChange.INBOUND, StockChange.FROM_COUNTY)


class StockStage(TextChoices):
    """How far a recorded stock has come: what is counted now, or what two people have settled (edge case 44)."""

    PRELIMINARY = "preliminary", _("Preliminary")
    FINAL = "final", _("Final")


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


class MessageKind(TextChoices):
    """Which way a message goes; a note goes nowhere."""

    TO_FIRM = "to_firm", _("To the firm")
    FROM_FIRM = "from_firm", _("From the firm")
    NOTE = "note", _("Note of the bureau")


class ParameterKey(TextChoices):
    """Figures of procedure that are data with a source, never constants (see ``Parameter``)."""

    TRAINING_HOURS = "training_hours", _("Training hours required")
    DISCLOSURE_DAYS = "disclosure_days", _("Working days of public disclosure")
    DISCLOSURE_FIRST_DAY = "disclosure_first_day", _("Days from publication to the first counted day")
    TERM_YEARS = "term_years", _("Years of validity of a certificate")
    EXPIRY_DAY_COUNTS = "expiry_day_counts", _("Whether the day three years later still counts (0 or 1)")
    LEAP_DAY_ENDS_EARLY = "leap_day_ends_early", _("29 February ends on 28 February (1) or on 1 March (0)")
    POOL_YEARS_LIMIT = "pool_years_limit", _("Years in the pool before a review for removal")
    RENEWAL_WINDOW_MONTHS = "renewal_window_months", _("Months before expiry in which a renewal is prepared")
    CLASS_TWO_DECLINED_COUNTS = (
        "class_two_declined_counts",
        _("Whether class-II property counts as used after a declined filing (0 or 1)"),
    )
    ORDINARY_TAX_PERCENT = "ordinary_tax_percent", _("Ordinary income tax rate in per cent")
    PREFERENTIAL_TAX_PERCENT = (
        "preferential_tax_percent",
        _("Income tax rate of an accredited firm in per cent"),
    )
    SUPER_DEDUCTION_PERCENT = "super_deduction_percent", _("Additional deduction of R&D expenses in per cent")
    DAYS_SUBMITTED = "days_submitted", _("Working days for the county's recommendation")
    DAYS_RETURNED = "days_returned", _("Working days for the firm's correction")
    DAYS_RECOMMENDED = "days_recommended", _("Working days for the enrolment")
    DAYS_POOLED = "days_pooled", _("Working days until training starts")
    DAYS_EXPENSE_REVIEW = "days_expense_review", _("Working days for the R&D expense review")
    DAYS_READY = "days_ready", _("Working days until a cleared case is filed")
    DAYS_DECLINED = "days_declined", _("Working days until a declined case is decided about")
    DAYS_STALLED = "days_stalled", _("Working days without any event after which a case counts as stalled")


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
    REOPEN = "reopen", _("Undo a determination recorded wrongly")
    WITHDRAW = "withdraw", _("Withdraw")
    REMOVE = "remove", _("Remove from the pool")
    # Acts that leave the state as it is.
    ASSIGN = "assign", _("Assign a handler")
    DECLARE = "declare", _("Declare facts")
    RECORD_EXPENSES = "record_expenses", _("Record a year's figures")
    ADD_DOCUMENT = "add_document", _("Add a document")
    CONFIRM_DOCUMENT = "confirm_document", _("Confirm a document")
    REJECT_DOCUMENT = "reject_document", _("Reject a document")
    ASSESS = "assess", _("Assess")
    RECORD_CHECK = "record_check", _("Record a check")
    DECIDE_MANUAL = "decide_manual", _("Decide a manual verdict")
    RESET_CHECK = "reset_check", _("Reset a check")
    IMPORT_LEDGER = "import_ledger", _("Import the R&D ledger")
    DECIDE_LEDGER = "decide_ledger", _("Decide about a ledger line")
    RECORD_SHEET = "record_sheet", _("Record an expert's score sheet")
    WITHDRAW_SHEET = "withdraw_sheet", _("Withdraw an expert's score sheet")


# Acts that hold something against the firm, or undo: never without a reason.
REASONED_CASE_ACTIONS = (
    CaseAction.RETURN,
    CaseAction.DECLINE,
    CaseAction.REOPEN,
    CaseAction.WITHDRAW,
    CaseAction.REMOVE,
    CaseAction.REJECT_DOCUMENT,
    CaseAction.RESET_CHECK,
    CaseAction.DECIDE_MANUAL,
    CaseAction.DECIDE_LEDGER,
    CaseAction.WITHDRAW_SHEET,
)
# What the bureau wants to see confirmed before it files with the region.
REQUIRED_ATTACHMENT_KINDS = (
    AttachmentKind.APPLICATION,
    AttachmentKind.AUDIT_REPORT,
    AttachmentKind.RD_LEDGER,
)


class PropertyKind(TextChoices):
    """Intellectual property by 国科发火〔2016〕195号 三（二）; the kind says the class."""

    INVENTION_PATENT = "invention_patent", _("Invention patent")
    DEFENCE_PATENT = "defence_patent", _("Defence patent")
    PLANT_VARIETY = "plant_variety", _("New plant variety")
    NATIONAL_CROP_VARIETY = "national_crop_variety", _("National crop variety")
    NATIONAL_NEW_DRUG = "national_new_drug", _("National new drug")
    PROTECTED_TCM = "protected_tcm", _("Protected Chinese medicine of the first grade")
    IC_LAYOUT = "ic_layout", _("Layout design of integrated circuits")
    UTILITY_MODEL = "utility_model", _("Utility model")
    DESIGN_PATENT = "design_patent", _("Design patent")
    SOFTWARE_COPYRIGHT = "software_copyright", _("Software copyright")
    TRADEMARK = "trademark", _("Trademark")


class PropertyOrigin(TextChoices):
    """How intellectual property came to the firm."""

    OWN = "own", _("Own research")
    TRANSFERRED = "transferred", _("Transferred")
    DONATED = "donated", _("Donated")
    MERGED = "merged", _("By merger")
    LICENSED = "licensed", _("Licence only, no ownership")


class IncidentKind(TextChoices):
    SAFETY = "safety", _("Safety accident")
    QUALITY = "quality", _("Quality accident")
    ENVIRONMENT = "environment", _("Breach of environmental law")
