"""The closed vocabularies of the documents app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeKind(TextChoices):
    """What a notice tells its addressee; each kind has templates of its own."""

    GRANT = "grant", _("Grant notice")
    ALLOTMENT = "allotment", _("Allotment of funds")
    ENROLMENT = "enrolment", _("Enrolment in the reserve pool")
    RETURN = "return", _("Return for correction")
    DISCLOSURE = "disclosure", _("Disclosure announcement")
    RECOVERY = "recovery", _("Recovery of funds")
    STATUS = "status", _("Status letter")


class NoticeState(TextChoices):
    ISSUED = "issued", _("Issued")
    SUPERSEDED = "superseded", _("Superseded")
    VOID = "void", _("Void")


class TemplateState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class SourceMark(TextChoices):
    """How far a policy basis has been checked: the marks 【核】, 【旁】 and 【未核】."""

    READ = "read", _("Read in the source")
    SECOND_HAND = "second_hand", _("Second-hand")
    UNVERIFIED = "unverified", _("Unverified")


class AttachmentState(TextChoices):
    QUARANTINED = "quarantined", _("In quarantine")
    CLEAN = "clean", _("Clean")
    REJECTED = "rejected", _("Rejected")


class VerificationStatus(TextChoices):
    """The answer about a file, or (``RECORDED``) about a number typed in without one."""

    AUTHENTIC = "authentic", _("Authentic")
    ALTERED = "altered", _("Altered")
    UNKNOWN = "unknown", _("Unknown")
    VOID = "void", _("Void")
    SUPERSEDED = "superseded", _("Superseded")
    RECORDED = "recorded", _("On record")


class DeliveryKind(TextChoices):
    DOWNLOADED = "downloaded", _("Downloaded by the addressee")
    HANDED_OVER = "handed_over", _("Handed over")
    SENT = "sent", _("Sent")


class BatchState(TextChoices):
    RUNNING = "running", _("Running")
    CANCELLED = "cancelled", _("Stopped")
    FINISHED = "finished", _("Finished")


class ItemState(TextChoices):
    WAITING = "waiting", _("Waiting")
    ISSUED = "issued", _("Issued")
    FAILED = "failed", _("Failed")


class BatchFileKind(TextChoices):
    PRINT = "print", _("For printing")
    ARCHIVE = "archive", _("Archive by county")


class PreparedState(TextChoices):
    """A file that is made in the background for one person."""

    WAITING = "waiting", _("Waiting or being made")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
