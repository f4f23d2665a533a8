"""What this app adds to the dossier of a firm or a case: awards with amounts, objections, money and notices; claims."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from cultivation.api import User, visible_cases
from documents.api import DossierFile, Section, notices_of
from subsidies.models import Award, Exclusion, OtherReceipt
from subsidies.selectors.award_pages import AwardPage, award_page_of
from subsidies.selectors.awards import visible_awards
from subsidies.services.notices import subject_of

from .award_words import timeline


class AwardsOfFirm:
    """The awards of a firm, or those for the certificate that a case ended with."""

    def title(self, subject: str, pk: int, *, reader: User) -> str | None:
        return None

    def sections(self, subject: str, pk: int, *, reader: User) -> Iterator[Section]:
        if subject == "firm":
            yield _exclusions(pk)
            yield _receipts(pk)
        for award in _awards(subject, pk, reader):
            yield from _about_award(award_page_of(reader, award.pk))

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


def _moment(at: dt.datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


def _awards(subject: str, pk: int, reader: User) -> QuerySet[Award]:
    awards = visible_awards(reader).order_by("pk")
    if subject == "firm":
        return awards.filter(firm_id=pk)
    ended = visible_cases(reader).filter(pk=pk, accreditation__isnull=False)
    return awards.filter(accreditation__in=ended.values("accreditation"))


def _exclusions(firm_id: int) -> Section:
    rows = [
        (
            str(row.get_kind_display()),
            f"{row.effective_from} – {row.effective_until or ''}".strip(),
            f"{row.authority} {row.document_number}",
            f"{row.recorded_by} {row.remark}".strip(),
            f"{row.ended_by} {row.end_reason}" if row.ended_by else "—",
        )
        for row in Exclusion.objects.filter(firm_id=firm_id)
        .select_related("recorded_by", "ended_by")
        .order_by("effective_from", "pk")
    ]
    headers = (_("Kind"), _("In force"), _("Document"), _("Recorded"), _("Ended"))
    return Section(_("Exclusions"), rows, headers)


def _receipts(firm_id: int) -> Section:
    rows = [
        (
            str(row.get_kind_display()),
            row.payer,
            f"{row.amount:,.2f}",
            row.document_number,
            str(row.recorded_by),
            str(row.confirmed_by or "—"),
            f"{row.withdrawn_by} {row.withdrawn_reason}" if row.withdrawn_by else "—",
        )
        for row in OtherReceipt.objects.filter(firm_id=firm_id)
        .select_related("recorded_by", "confirmed_by", "withdrawn_by")
        .order_by("document_date", "pk")
    ]
    headers = (
        *(_("Kind"), _("Paid by"), _("Amount (yuan)"), _("Document")),
        *(_("Recorded"), _("Confirmed"), _("Withdrawn")),
    )
    return Section(_("Money from elsewhere and past awards"), rows, headers)


def _about_award(page: AwardPage) -> Iterator[Section]:
    award = page.award
    number = {"number": award.number}
    yield Section(
        _("Award %(number)s") % number,
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
        _("%(number)s, amounts") % number,
        [*_calculations(page), *_overrides(page)],
        (_("At"), _("Who"), _("Amount (yuan)"), _("How it came about")),
    )
    yield Section(
        _("%(number)s, objections") % number,
        [
            (
                str(row.raised_on),
                row.raised_by,
                row.text,
                f"{row.get_outcome_display()} {row.answer} {row.answered_by or ''}".strip() or "—",
            )
            for row in page.objections
        ],
        (_("Raised on"), _("Raised by"), _("Objection"), _("Answer")),
    )
    yield Section(
        _("%(number)s, money") % number,
        [*_entries(page), *_payments(page)],
        (_("Booked on"), _("What"), _("Amount (yuan)"), _("Document or list"), _("Who or answer")),
    )
    yield Section(
        _("%(number)s, steps") % number,
        [
            (
                str(line.number),
                _moment(line.at),
                line.actor,
                line.label,
                line.state,
                line.reason,
            )
            for line in reversed(timeline(page.events))
        ],
        (_("No."), _("At"), _("Who"), _("Act"), _("State"), _("Reason")),
    )


def _calculations(page: AwardPage) -> Iterator[list[str]]:
    for row in page.calculations:
        yield [
            _moment(row.calculated_at),
            str(row.calculated_by),
            f"{row.amount:,.2f}",
            " ".join(row.steps),
        ]


def _overrides(page: AwardPage) -> Iterator[list[str]]:
    for row in page.overrides:
        yield [
            _moment(row.proposed_at),
            f"{row.proposed_by}, {row.decided_by or '—'}",
            f"{row.amount:,.2f}",
            f"{_('Amount set by hand')}: {row.reason} {row.document_number}（{row.get_state_display()}）",
        ]


def _entries(page: AwardPage) -> Iterator[list[str]]:
    for row in page.entries:
        yield [
            str(row.on),
            str(row.get_kind_display()),
            f"{row.amount * row.direction:,.2f}",
            f"{row.line} {row.document_number}".strip(),
            f"{row.actor} {row.note}".strip(),
        ]


def _payments(page: AwardPage) -> Iterator[list[str]]:
    for row in page.lines:
        yield [
            localdate(row.payment_list.drafted_at).isoformat(),
            _("On a payment list"),
            f"{row.amount:,.2f}",
            f"{row.payment_list.number} {row.number}",
            f"{row.get_state_display()} {row.result_note}".strip(),
        ]
