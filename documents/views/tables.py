"""The lists about notices as workbooks: the register, batches, and texts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.workbooks import Value
from documents.forms import NoticeFilterForm
from documents.models import Notice, NoticeBatch, NoticeTemplate
from documents.permissions import MAY_READ_NOTICES, MAY_READ_TEMPLATES
from documents.selectors import batches_with_progress, find_notices
from documents.services.tables import QueryTable

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


class Notices(QueryTable):
    roles = MAY_READ_NOTICES
    page = "documents:notices"

    def name(self) -> str:
        return _("Notices")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Document number"), _("Kind"), _("Addressee"), _("Date of issue"), _("State")),
            *(_("Issued by"), _("SHA-256 of the PDF")),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: "User") -> NoticeFilterForm:
        return NoticeFilterForm(parameters)

    def found(self, parameters: Mapping[str, Any], *, owner: "User") -> QuerySet[Notice]:
        return find_notices(**self.filters(parameters, owner=owner).wanted()).order_by("-issued_at", "-pk")

    def cells(self, row: Notice) -> Sequence[Value]:
        return (
            row.number,
            str(row.get_kind_display()),
            row.recipient,
            row.issued_on.isoformat(),
            str(row.get_state_display()),
            str(row.issued_by),
            row.pdf_sha256,
        )


class Batches(QueryTable):
    roles = MAY_READ_NOTICES

    def name(self) -> str:
        return _("Batches of notices")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Batch"), _("Kind"), _("State"), _("Notices"), _("Issued"), _("Failed"), _("Started by")),
            _("Started on"),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: "User") -> QuerySet[NoticeBatch]:
        return batches_with_progress().order_by("-created_at", "-pk")

    def cells(self, row: NoticeBatch) -> Sequence[Value]:
        counted = vars(row)
        return (
            str(row),
            str(row.get_kind_display()),
            str(row.get_state_display()),
            counted["total"],
            counted["issued"],
            counted["failed"],
            str(row.created_by),
            localdate(row.created_at),
        )


class Texts(QueryTable):
    roles = MAY_READ_TEMPLATES

    def name(self) -> str:
        return _("Texts of notices")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Kind"), _("Version"), _("State"), _("Title"), _("Drafted by"), _("Drafted on")),
            *(_("Published by"), _("Published on")),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: "User") -> QuerySet[NoticeTemplate]:
        found = NoticeTemplate.objects.select_related("drafted_by", "published_by")
        return found.order_by("kind", "-version")

    def cells(self, row: NoticeTemplate) -> Sequence[Value]:
        return (
            str(row.get_kind_display()),
            row.version,
            str(row.get_state_display()),
            row.title,
            str(row.drafted_by),
            localdate(row.drafted_at),
            str(row.published_by or ""),
            localdate(row.published_at) if row.published_at else None,
        )
