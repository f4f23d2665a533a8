"""The tables of the documents app, one subject a module."""

from .attachments import Attachment
from .basis import PolicyDocument
from .notices import Notice
from .numbering import NumberSeries
from .organs import Organ, OrganName
from .templates import NoticeTemplate

__all__ = [
    "Attachment",
    "Notice",
    "NoticeTemplate",
    "NumberSeries",
    "Organ",
    "OrganName",
    "PolicyDocument",
]
