"""What people state with an act about a firm: a name, a document, a day."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from config.common.text import normalise


def required_name(name: str) -> str:
    """The tidied name. Refused: ``name_missing``."""
    name = normalise(name)
    if not name:
        raise Refused("name_missing", _("A firm has a name."))
    return name


def required_document(document: str) -> str:
    """The trimmed document. Refused: ``document_missing``."""
    document = document.strip()
    if not document:
        raise Refused("document_missing", _("Name the document behind this."))
    return document


def not_after_today(date: dt.date) -> dt.date:
    """The day itself. Refused: ``future_date``."""
    if date > today():
        raise Refused("future_date", _("%(date)s lies in the future.") % {"date": date.isoformat()})
    return date
