"""The history of records as a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from config.common.errors import Refused
from config.common.workbooks import Value
from cultivation.enums import Role
from cultivation.models import User
from cultivation.selectors.field_history import Changes, changes_of
from documents.api import TableMaker


class History(TableMaker):
    """The changes of a ``kind``, or of one ``record`` of it: a field a row, and one for a change without fields."""

    roles = (Role.AUDITOR,)

    def name(self) -> str:
        return _("History")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Time"), _("Record"), _("By"), _("Act"), _("Field"), _("Before"), _("After")),
            _("Reason"),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return _changes(parameters).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for row in _changes(parameters).every():
            what = (f"{localtime(row.at):%Y-%m-%d %H:%M:%S}", row.record, str(row.by or ""), row.act)
            for change in row.changes:
                yield (*what, change.field, change.before, change.after, row.reason)
            if not row.changes:
                yield (*what, "", "", "", row.reason)


def _changes(parameters: Mapping[str, Any]) -> Changes:
    """Those that the address names; ``Refused`` (``unknown_row``) where there are none."""
    text = str(parameters.get("record", ""))
    named = text.isascii() and text.isdecimal() and len(text) < 19
    found = changes_of(str(parameters.get("kind", "")), int(text) if named else None)
    if found is None or (text and not named):
        raise Refused("unknown_row", _("What this list is about is not there."))
    return found
