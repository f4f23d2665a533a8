"""All that other apps may use of documents."""

from .background import enqueue_batch, enqueue_prepared
from .enums import (
    AttachmentState,
    DeliveryKind,
    NoticeKind,
    NoticeState,
    SourceMark,
    TemplateState,
    VerificationStatus,
)
from .models import Attachment, Notice, NoticeDelivery, NoticeTemplate, Organ, OrganName, PolicyDocument
from .rendering.fonts import FontsMissing, font_file
from .rendering.formats import (
    amount_in_words,
    chinese_date,
    document_number,
    format_money,
    parse_amount_in_words,
)
from .rendering.layout import Annex, Column
from .selectors import find_notice, notices_of, organ_choices, organ_name_on, organ_of
from .services.attachments import confirm_attachment, reject_attachment, store_attachment
from .services.batches import (
    Wanted,
    cancel_batch,
    resume_batch,
    start_batch,
    work_on_batch,
)
from .services.composing import NoticeFacts
from .services.deliveries import note_download, record_delivery
from .services.dossiers import DossierFile, Section
from .services.import_kinds import HandIn, ImportKind
from .services.issuing import issue_notice, preview_notice, read_notice, supersede_notice, void_notice
from .services.prepared_files import Progress, ask_for_file
from .services.reports import render_report
from .services.tables import QueryTable, TableMaker, one_of
from .services.texts import draft_template, install_template, publish_template
from .services.verification import (
    Problem,
    Verification,
    check_notices,
    look_up_notice,
    verify_pdf,
)
from .validators import LARGEST_BYTES, TYPE_OF_EXTENSION

# What people may hand in, for the forms that ask for it.
ACCEPTED_ENDINGS = tuple(TYPE_OF_EXTENSION)
LARGEST_ATTACHMENT_MIB = LARGEST_BYTES >> 20

__all__ = [
    "ACCEPTED_ENDINGS",
    "LARGEST_ATTACHMENT_MIB",
    "Annex",
    "Attachment",
    "AttachmentState",
    "Column",
    "DeliveryKind",
    "DossierFile",
    "FontsMissing",
    "HandIn",
    "ImportKind",
    "Notice",
    "NoticeDelivery",
    "NoticeFacts",
    "NoticeKind",
    "NoticeState",
    "NoticeTemplate",
    "Organ",
    "OrganName",
    "PolicyDocument",
    "Problem",
    "Progress",
    "QueryTable",
    "Section",
    "SourceMark",
    "TableMaker",
    "TemplateState",
    "Verification",
    "VerificationStatus",
    "Wanted",
    "amount_in_words",
    "ask_for_file",
    "cancel_batch",
    "check_notices",
    "chinese_date",
    "confirm_attachment",
    "document_number",
    "draft_template",
    "enqueue_batch",
    "enqueue_prepared",
    "find_notice",
    "font_file",
    "format_money",
    "install_template",
    "issue_notice",
    "look_up_notice",
    "note_download",
    "notices_of",
    "one_of",
    "organ_choices",
    "organ_name_on",
    "organ_of",
    "parse_amount_in_words",
    "preview_notice",
    "publish_template",
    "read_notice",
    "record_delivery",
    "reject_attachment",
    "render_report",
    "resume_batch",
    "start_batch",
    "store_attachment",
    "supersede_notice",
    "verify_pdf",
    "void_notice",
    "work_on_batch",
]
