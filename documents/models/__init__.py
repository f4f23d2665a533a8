"""The tables of the documents app, one subject a module."""

from .attachments import Attachment
from .basis import PolicyDocument
from .batches import BatchFile, BatchItem, NoticeBatch
from .deliveries import NoticeDelivery
from .notices import Notice
from .numbering import NumberSeries, NumberTicket
from .organs import Organ, OrganName
from .prepared import PreparedFile
from .saved_filters import SavedFilter
from .templates import NoticeTemplate
from .uploads import ListUpload

__all__ = [
    "Attachment",
    "BatchFile",
    "BatchItem",
    "ListUpload",
    "Notice",
    "NoticeBatch",
    "NoticeDelivery",
    "NoticeTemplate",
    "NumberSeries",
    "NumberTicket",
    "Organ",
    "OrganName",
    "PolicyDocument",
    "PreparedFile",
    "SavedFilter",
]
