"""The tables of the documents app, one subject a module."""

from .attachments import Attachment
from .basis import PolicyDocument
from .deliveries import NoticeDelivery
from .notices import Notice
from .numbering import NumberSeries
from .organs import Organ, OrganName
from .templates import NoticeTemplate

__all__ = [
    "Attachment",
    "Notice",
    "NoticeDelivery",
    "NoticeTemplate",
    "NumberSeries",
    "Organ",
    "OrganName",
    "PolicyDocument",
]
