"""Firms, those that a search finds, and certificates."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.forms.certificates import CertificateFilterForm
from cultivation.forms.search import SearchForm
from cultivation.models import Division, Firm, User
from cultivation.permissions import visible_firms
from cultivation.selectors.certificates import CertificateLine, all_lines, certificate_counts
from cultivation.selectors.firm_search import MOST_FOUND, search_firms
from cultivation.views.presenting import division_name
from cultivation.views.queue import OFFICE
from cultivation.views.readers import READERS
from documents.api import QueryTable, TableMaker


class Firms(QueryTable):
    roles = READERS

    def name(self) -> str:
        return _("Firms")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Firm"), _("Unified social credit code"), _("Division"), _("Registered on")),
            *(
                _("Industry field"),
                _("High-tech zone"),
                _("Registered capital (yuan)"),
                _("Employees"),
                _("Address"),
            ),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[Firm]:
        found = visible_firms(owner).select_related("division", "industry_field", "zone")
        return found.prefetch_related("division__names").order_by("credit_code")

    def cells(self, row: Firm) -> Sequence[Value]:
        return (
            row.name,
            row.credit_code,
            division_name(row),
            row.registered_on,
            str(row.industry_field or ""),
            str(row.zone or ""),
            row.registered_capital,
            row.employees,
            row.address,
        )


class FoundFirms(TableMaker):
    """The firms that a search shows: the first ones that match."""

    roles = OFFICE
    page = "cultivation:search"

    def name(self) -> str:
        return _("Firms found")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Firm"), _("Unified social credit code"), _("Earlier name"), _("Certificate")),
            *(_("Division"), _("Latest case"), _("State")),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> SearchForm:
        return SearchForm(parameters)

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return MOST_FOUND

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        text = self.filters(parameters, owner=owner).text()
        for line in search_firms(owner, text)[0] if text else ():
            yield (
                line.firm.name,
                line.firm.credit_code,
                line.earlier_name,
                line.certificate,
                division_name(line.firm),
                line.case.number if line.case else "",
                str(line.case.get_state_display()) if line.case else "",
            )


class Certificates(TableMaker):
    roles = READERS
    page = "cultivation:certificates"

    def name(self) -> str:
        return _("Certificates")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Certificate number"), _("Firm"), _("Unified social credit code"), _("Division")),
            *(_("Kind"), _("Issued on"), _("Valid until"), _("State"), _("Revoked on")),
            *(_("Years of missed reports"), _("Renewal"), _("To be looked at")),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> CertificateFilterForm:
        return CertificateFilterForm(parameters, counties=Division.objects.filter(parent__isnull=False))

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        shown = self.filters(parameters, owner=owner).wanted()["shown"]
        return certificate_counts(owner, today())[shown]

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for line in all_lines(owner, today(), **self.filters(parameters, owner=owner).wanted()):
            yield self._cells(line)

    def _cells(self, line: CertificateLine) -> Sequence[Value]:
        held = line.certificate
        return (
            held.certificate_number,
            held.firm.name,
            held.firm.credit_code,
            division_name(held.firm),
            str(held.get_kind_display()),
            held.issued_on,
            held.last_day,
            line.label,
            held.revoked_on or "",
            "、".join(str(row.year) for row in line.reports if row.missed),
            _("No renewal case is open.") if line.unprepared else "",
            "；".join(line.flags),
        )
