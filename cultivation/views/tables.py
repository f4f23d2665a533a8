"""The lists of the cultivation pages as workbooks: the rows that the page shows with the same filters, all pages of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.enums import CaseState, CertificateFilter
from cultivation.models import Division, User
from cultivation.permissions import visible_firms
from cultivation.selectors.cases import case_list
from cultivation.selectors.certificates import CertificateLine, all_lines, certificate_counts
from cultivation.selectors.delegations import delegations_for
from cultivation.selectors.pipeline import counts_by_state, pool_limit
from cultivation.selectors.training import sessions_of
from documents.api import TableMaker

from .delegations import READERS as DELEGATION_READERS
from .presenting import division_name, is_outsider
from .readers import READERS

_BATCH = 500


class _ForReaders(TableMaker):
    """A list that everybody with a part in cases may have, as far as they see its rows."""

    def may(self, owner: User) -> bool:
        return owner.has_role(*READERS)


class Cases(_ForReaders):
    def name(self) -> str:
        return _("Cases")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Number"), _("Firm"), _("Unified social credit code"), _("Division"), _("Kind"), _("State")),
            *(_("Since"), _("Opened on"), _("Enrolled on"), _("Filed on"), _("Handler")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        state = _state(parameters)
        return sum(row.count for row in counts_by_state(owner) if state in (None, row.state))

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        outsider = is_outsider(owner)
        review = not outsider and parameters.get("review") == "1"
        after = ""
        while True:
            page = case_list(
                owner,
                state=_state(parameters),
                text=parameters.get("q", "").strip(),
                enrolled_before=pool_limit(today()) if review else None,
                after=after,
                size=_BATCH,
            )
            for case in page.rows:
                yield (
                    case.number,
                    case.firm.name,
                    case.firm.credit_code,
                    division_name(case.firm),
                    str(case.get_kind_display()),
                    str(case.get_state_display()),
                    localdate(case.state_since),
                    case.opened_on,
                    case.pooled_on,
                    case.filed_on,
                    "" if outsider else str(case.handler or ""),
                )
            if not (after := page.next):
                return


def _state(parameters: Mapping[str, Any]) -> CaseState | None:
    state = parameters.get("state", "")
    return CaseState(state) if state in CaseState.values else None


class Firms(_ForReaders):
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

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return visible_firms(owner).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        found = visible_firms(owner).select_related("division", "industry_field", "zone")
        ordered = found.prefetch_related("division__names").order_by("credit_code")
        for firm in ordered.iterator(chunk_size=_BATCH):
            yield (
                firm.name,
                firm.credit_code,
                division_name(firm),
                firm.registered_on,
                str(firm.industry_field or ""),
                str(firm.zone or ""),
                firm.registered_capital,
                firm.employees,
                firm.address,
            )


class Certificates(_ForReaders):
    def name(self) -> str:
        return _("Certificates")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Certificate number"), _("Firm"), _("Unified social credit code"), _("Division")),
            *(_("Kind"), _("Issued on"), _("Valid until"), _("State"), _("Revoked on")),
            *(_("Years of missed reports"), _("Renewal"), _("To be looked at")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return certificate_counts(owner, today())[certificate_filters(parameters)["shown"]]

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for line in all_lines(owner, today(), **certificate_filters(parameters)):
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


def certificate_filters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Which certificates the address asks for."""
    shown = parameters.get("state", "")
    key = parameters.get("division", "")
    return {
        "shown": CertificateFilter(shown) if shown in CertificateFilter.values else CertificateFilter.CURRENT,
        "division": Division.objects.filter(key=key, parent__isnull=False).first(),
        "text": parameters.get("q", "").strip(),
    }


class Delegations(TableMaker):
    def name(self) -> str:
        return _("Delegations")

    def may(self, owner: User) -> bool:
        return owner.has_role(*DELEGATION_READERS)

    def headers(self) -> Sequence[str]:
        return (
            *(_("Principal"), _("Delegate"), _("Role"), _("First day"), _("Last day"), _("Reason")),
            *(_("Granted by"), _("Ended on")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return delegations_for(owner).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for row in delegations_for(owner).iterator(chunk_size=_BATCH):
            yield (
                str(row.principal),
                str(row.delegate),
                str(row.get_role_display()),
                row.starts_on,
                row.ends_on,
                row.reason,
                str(row.granted_by),
                localdate(row.ended_at) if row.ended_at else None,
            )


class Training(_ForReaders):
    def name(self) -> str:
        return _("Training")

    def headers(self) -> Sequence[str]:
        return (*(_("Day"), _("Subject"), _("Place"), _("Minutes"), _("Seats"), _("Firms"), _("Attendees")),)

    def may(self, owner: User) -> bool:
        return super().may(owner) and not is_outsider(owner)

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return sessions_of(_year(parameters)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for row in sessions_of(_year(parameters)):
            counted = vars(row)
            yield (
                row.held_on,
                row.title,
                row.place,
                row.minutes,
                row.seats,
                counted["firms"],
                counted["people"],
            )


def _year(parameters: Mapping[str, Any]) -> int:
    year = str(parameters.get("year", ""))
    return int(year) if year.isdecimal() and len(year) == 4 else today().year
