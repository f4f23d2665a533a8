"""What this app adds to the dossier of a firm or a case; the sections are told in ``dossier_firm`` and ``dossier_cases``."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cultivation.enums import Role
from cultivation.models import CultivationCase, Firm, User
from cultivation.permissions import visible_cases, visible_firms
from documents.api import Attachment, AttachmentState, DossierFile, Notice, Section

from .dossier_cases import case_sections
from .dossier_firm import firm_sections

READERS = (Role.CASEWORKER, Role.AUDITOR)


class CasesOfFirm:
    """``firm``: the firm with all its cases; ``case``: one case with the firm it is about."""

    def title(self, subject: str, pk: int, *, reader: User) -> str | None:
        if not reader.has_role(*READERS):
            return None
        if subject == "firm":
            firm = visible_firms(reader).filter(pk=pk).first()
            return _("Dossier %(name)s") % {"name": firm.name} if firm else None
        if subject == "case":
            case = visible_cases(reader).select_related("firm").filter(pk=pk).first()
            names = {"name": f"{case.number} {case.firm.name}"} if case else {}
            return _("Dossier %(name)s") % names if case else None
        return None

    def sections(self, subject: str, pk: int, *, reader: User) -> Iterator[Section]:
        yield from firm_sections(_firm(subject, pk, reader), reader, whole=subject == "firm")
        for case in _cases(subject, pk, reader):
            yield from case_sections(case, reader)

    def files(self, subject: str, pk: int, *, reader: User) -> Iterator[DossierFile]:
        for ledger in _firm(subject, pk, reader).rd_ledgers.select_related("attachment").order_by("pk"):
            handed_in = {"day": localdate(ledger.imported_at).isoformat()}
            yield _attached(_("R&D ledger handed in on %(day)s") % handed_in, ledger.attachment)
        for case in _cases(subject, pk, reader):
            for document in case.documents.select_related("attachment"):
                yield _attached(f"{case.number} {document.get_kind_display()}", document.attachment)
            subjects = [f"case:{case.pk}", *(f"return:{event.pk}" for event in case.events.all())]
            about = Q(subject__in=subjects) | Q(subject__startswith=f"status:{case.pk}:")
            for notice in Notice.objects.filter(about).order_by("issued_at", "pk"):
                yield _notice(notice)


def _cases(subject: str, pk: int, reader: User) -> QuerySet[CultivationCase]:
    """The cases that the dossier is about, the earliest first."""
    cases = (
        visible_cases(reader).select_related("firm", "handler", "accreditation").order_by("opened_on", "pk")
    )
    return cases.filter(firm_id=pk) if subject == "firm" else cases.filter(pk=pk)


def _firm(subject: str, pk: int, reader: User) -> Firm:
    firms = visible_firms(reader).select_related("division", "industry_field", "zone")
    firms = firms.prefetch_related("division__names", "names", "places__division__names")
    return firms.get(pk=pk) if subject == "firm" else firms.get(cases__pk=pk)


def _attached(title: str, attachment: Attachment) -> DossierFile:
    clean = attachment.state == AttachmentState.CLEAN
    return DossierFile(
        title=f"{title} {attachment.original_name}",
        file=attachment.file,
        name=attachment.original_name,
        sha256=attachment.sha256,
        content_type=attachment.content_type,
        remark="" if clean else str(attachment.get_state_display()),
    )


def _notice(notice: Notice) -> DossierFile:
    return DossierFile(
        title=f"{notice.get_kind_display()} {notice.number}（{notice.get_state_display()}）",
        file=notice.file,
        name=f"{notice.number}.pdf",
        sha256=notice.pdf_sha256,
        content_type="application/pdf",
    )
