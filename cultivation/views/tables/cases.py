"""Cases as their lists show them, and the files of cases that wait to be looked at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.enums import CaseAction
from cultivation.forms.cases import CaseFilterForm
from cultivation.forms.queue import QueueFilterForm
from cultivation.models import CaseDocument, User
from cultivation.permissions import CASE_ROLES
from cultivation.selectors.case_documents import waiting_documents
from cultivation.selectors.cases import case_list
from cultivation.selectors.clocks import standards
from cultivation.selectors.pipeline import counts_by_state, pool_limit
from cultivation.selectors.queue import QueueRow, queued_cases, work_queue
from cultivation.selectors.targets import counties
from cultivation.views.presenting import division_name, is_outsider
from cultivation.views.queue import OFFICE, filter_form
from cultivation.views.readers import READERS
from documents.api import QueryTable, TableMaker

_BATCH = 500


class Cases(TableMaker):
    roles = READERS
    page = "cultivation:cases"

    def name(self) -> str:
        return _("Cases")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Number"), _("Firm"), _("Unified social credit code"), _("Division"), _("Kind"), _("State")),
            *(_("Since"), _("Opened on"), _("Enrolled on"), _("Filed on"), _("Handler")),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> CaseFilterForm:
        return CaseFilterForm(parameters)

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        state = self.filters(parameters, owner=owner).wanted()["state"]
        return sum(row.count for row in counts_by_state(owner) if state in (None, row.state))

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        outsider, wanted = is_outsider(owner), self.filters(parameters, owner=owner).wanted()
        review, after = wanted["review"] and not outsider, ""
        while True:
            page = case_list(
                owner,
                state=wanted["state"],
                text=wanted["text"],
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


class WorkQueue(TableMaker):
    """The open cases that the filters of the queue leave, the most urgent first."""

    roles = OFFICE
    page = "cultivation:queue"

    def name(self) -> str:
        return _("Work queue")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Number"), _("Firm"), _("Unified social credit code"), _("Division"), _("Kind"), _("State")),
            *(
                _("Waiting for"),
                _("Working days used"),
                _("Working days allowed"),
                _("Overdue"),
                _("Handler"),
            ),
        )

    def filters(self, parameters: Mapping[str, Any], *, owner: User) -> QueueFilterForm:
        return filter_form(parameters, owner, counties(today()))

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        wanted = self.filters(parameters, owner=owner).wanted()
        return queued_cases(owner, wanted, standards(today())).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        names = counties(today())
        name_of = {division.pk: name for division, name in names}
        wanted, clocks, after = filter_form(parameters, owner, names).wanted(), standards(today()), ""
        while True:
            page = work_queue(owner, wanted, clocks, after=after, size=_BATCH)
            for row in page.rows:
                yield self._cells(row, name_of.get(row.case.firm.division_id or 0, ""))
            if not (after := page.next):
                return

    def _cells(self, row: QueueRow, division: str) -> Sequence[Value]:
        case, clock = row.case, row.clock.clock
        return (
            case.number,
            case.firm.name,
            case.firm.credit_code,
            division,
            str(case.get_kind_display()),
            str(case.get_state_display()),
            str(row.clock.waiting_for.label),
            clock.used,
            clock.limit,
            _("Yes") if clock.overdue else _("No"),
            str(case.handler or ""),
        )


class DocumentsWaiting(QueryTable):
    roles = CASE_ROLES[CaseAction.CONFIRM_DOCUMENT]

    def name(self) -> str:
        return _("Files to be looked at")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Firm"), _("Unified social credit code"), _("Number"), _("Kind"), _("File")),
            *(_("Handed in"), _("Handed in by")),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[CaseDocument]:
        found = waiting_documents(owner).select_related("attachment", "case__firm", "added_by")
        return found.order_by("-added_at", "-pk")

    def cells(self, row: CaseDocument) -> Sequence[Value]:
        return (
            row.case.firm.name,
            row.case.firm.credit_code,
            row.case.number,
            str(row.get_kind_display()),
            row.attachment.original_name,
            localdate(row.added_at),
            str(row.added_by),
        )
