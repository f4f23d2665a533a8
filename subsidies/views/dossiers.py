"""What this app adds to the dossier of a firm or a case: the awards, what happened to them, and their notices."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cultivation.api import User, visible_cases
from documents.api import DossierFile, Section, notices_of
from subsidies.models import Award
from subsidies.services.notices import subject_of


class AwardsOfFirm:
    """The awards of a firm, or those for the certificate that a case ended with."""

    def title(self, subject: str, pk: int, *, reader: User) -> str | None:
        return None

    def sections(self, subject: str, pk: int, *, reader: User) -> Iterator[Section]:
        for award in _awards(subject, pk, reader):
            yield Section(
                _("Award %(number)s") % {"number": award.number},
                [
                    (_("Scheme"), award.scheme.name),
                    (_("Certificate number"), award.accreditation.certificate_number),
                    (_("State"), str(award.get_state_display())),
                    (_("Amount (yuan)"), str(award.amount or "—")),
                    (_("Funding line"), str(award.funding_line or "—")),
                    (_("Calculated by"), str(award.calculated_by or "—")),
                    (_("Reviewed by"), str(award.reviewed_by or "—")),
                    (_("Approved by"), str(award.approved_by or "—")),
                    (_("Paid on"), str(award.paid_on or "—")),
                ],
            )
            yield Section(
                _("%(number)s, steps") % {"number": award.number},
                [
                    (
                        str(event.number),
                        f"{localtime(event.at):%Y-%m-%d %H:%M}",
                        str(event.actor),
                        str(event.get_to_state_display()),
                        event.reason,
                    )
                    for event in award.events.select_related("actor").order_by("number")
                ],
                (_("No."), _("At"), _("Who"), _("State"), _("Reason")),
            )

    def files(self, subject: str, pk: int, *, reader: User) -> Iterator[DossierFile]:
        subjects = [subject_of(award) for award in _awards(subject, pk, reader)]
        for notice in notices_of(subjects=subjects):
            yield DossierFile(
                title=f"{notice.get_kind_display()} {notice.number}（{notice.get_state_display()}）",
                file=notice.file,
                name=f"{notice.number}.pdf",
                sha256=notice.pdf_sha256,
                content_type="application/pdf",
            )


def _awards(subject: str, pk: int, reader: User) -> QuerySet[Award]:
    awards = Award.objects.select_related(
        "scheme", "accreditation", "funding_line", "calculated_by", "reviewed_by", "approved_by"
    ).order_by("pk")
    if subject == "firm":
        return awards.filter(firm_id=pk)
    ended = visible_cases(reader).filter(pk=pk, accreditation__isnull=False)
    return awards.filter(accreditation__in=ended.values("accreditation"))
