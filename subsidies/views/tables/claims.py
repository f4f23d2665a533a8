"""Lists of what awards are judged by: the terms of schemes, exclusions, money from elsewhere."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.api import User
from documents.api import QueryTable, TableMaker
from subsidies.enums import ExclusionKind, ReceiptKind, SchemeState
from subsidies.forms.claims import ExclusionFilterForm, ReceiptFilterForm
from subsidies.forms.funding import DayForm
from subsidies.models import Exclusion, OtherReceipt, SchemeVersion
from subsidies.permissions import READERS
from subsidies.selectors.claim_lists import exclusions, receipts
from subsidies.selectors.scheme_terms import LABELS, terms_in_words
from subsidies.selectors.schemes import schemes_on


class Schemes(TableMaker):
    """Every version with every term; the day asked for says which is in force."""

    roles = READERS

    def name(self) -> str:
        return _("Schemes")

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        return f"schemes-{_day(parameters).isoformat()}.xlsx"

    def headers(self) -> Sequence[str]:
        return (
            *(_("Scheme"), _("Version"), _("State"), *(str(label) for label in LABELS.values())),
            *(_("Drafted by"), _("Published by")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return SchemeVersion.objects.count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for found in schemes_on(_day(parameters)):
            for version in found.versions:
                yield (
                    version.scheme.name,
                    version.number,
                    _state(version, version == found.in_force),
                    *(term.text for term in terms_in_words(version)),
                    str(version.drafted_by),
                    str(version.published_by or ""),
                )


def _state(version: SchemeVersion, in_force: bool) -> str:
    if version.state == SchemeState.DRAFT:
        return _("Draft")
    return _("In force") if in_force else _("Published, not in force")


def _day(parameters: Mapping[str, Any]) -> dt.date:
    return DayForm(parameters).day() or today()


class Exclusions(QueryTable):
    roles = READERS
    stem = "exclusions"
    page = "subsidies:exclusions"

    def name(self) -> str:
        return _("Exclusions")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Firm"), _("Unified social credit code"), _("Kind"), _("Authority"), _("Document number")),
            *(_("Date of the document"), _("Effective from"), _("Effective until, exclusive"), _("Remark")),
            *(_("Recorded by"), _("Ended by"), _("Reason of the end")),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> ExclusionFilterForm:
        return ExclusionFilterForm(parameters)

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[Exclusion]:
        rows = exclusions(on=today(), **self.filters(parameters, owner=owner).wanted())
        return rows.order_by("-recorded_at", "-pk")

    def cells(self, row: Exclusion) -> Sequence[Value]:
        return (
            row.firm.name,
            row.firm.credit_code,
            str(ExclusionKind(row.kind).label),
            row.authority,
            row.document_number,
            row.document_date,
            row.effective_from,
            row.effective_until,
            row.remark,
            str(row.recorded_by),
            str(row.ended_by or ""),
            row.end_reason,
        )


class Receipts(QueryTable):
    roles = READERS
    stem = "receipts"
    page = "subsidies:receipts"

    def name(self) -> str:
        return _("Other receipts")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Firm"), _("Unified social credit code"), _("Certificate number"), _("Kind"), _("Scheme")),
            *(_("Paid by"), _("Amount (yuan)"), _("Paid on"), _("Document number")),
            *(_("Date of the document"), _("Recorded by"), _("Confirmed by"), _("Withdrawn by")),
            _("Reason of the withdrawal"),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> ReceiptFilterForm:
        return ReceiptFilterForm(parameters)

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[OtherReceipt]:
        rows = receipts(**self.filters(parameters, owner=owner).wanted())
        return rows.order_by("-recorded_at", "-pk")

    def cells(self, row: OtherReceipt) -> Sequence[Value]:
        return (
            row.firm.name,
            row.firm.credit_code,
            row.accreditation.certificate_number,
            str(ReceiptKind(row.kind).label),
            row.scheme.name if row.scheme else "",
            row.payer,
            row.amount,
            row.paid_on,
            row.document_number,
            row.document_date,
            str(row.recorded_by),
            str(row.confirmed_by or ""),
            str(row.withdrawn_by or ""),
            row.withdrawn_reason,
        )
