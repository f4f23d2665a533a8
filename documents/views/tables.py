"""The register of notices as a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from config.common.workbooks import Value
from documents.forms import NoticeFilterForm
from documents.permissions import MAY_READ_NOTICES, has_group
from documents.selectors import find_notices
from documents.services.tables import TableMaker

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


class Notices(TableMaker):
    def name(self) -> str:
        return _("Notices")

    def may(self, owner: "User") -> bool:
        return has_group(owner, MAY_READ_NOTICES)

    def headers(self) -> Sequence[str]:
        return (
            *(_("Document number"), _("Kind"), _("Addressee"), _("Date of issue"), _("State")),
            *(_("Issued by"), _("SHA-256 of the PDF")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: "User") -> int:
        return find_notices(**NoticeFilterForm(parameters).wanted()).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: "User") -> Iterator[Sequence[Value]]:
        found = find_notices(**NoticeFilterForm(parameters).wanted()).order_by("issued_at", "pk")
        for notice in found.iterator(chunk_size=500):
            yield (
                notice.number,
                str(notice.get_kind_display()),
                notice.recipient,
                notice.issued_on.isoformat(),
                str(notice.get_state_display()),
                str(notice.issued_by),
                notice.pdf_sha256,
            )
