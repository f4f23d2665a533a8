"""One firm's way through a round, step by step, each on its day and by the person whose step it is."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.common import clock
from cultivation.enums import CaseKind, CaseState, CheckKind, Verdict
from cultivation.models import CultivationCase, Firm, User
from cultivation.services import assessments, case_flow, checks, expenses, filing
from cultivation.services.case_documents import add_case_document
from documents.api import confirm_attachment

from .dossiers import declared_by_firm, files, found_by_panel, yearly_figures
from .firms import DemoFirm, Part
from .innovation import record_sheets
from .people import DemoPeople
from .rounds import REACHED, RENEWALS, Round

_PLACE = "演示认定管理工作网"


@dataclass(frozen=True, slots=True)
class Traveller:
    """A firm on its way with the people who act for it."""

    demo: DemoFirm
    firm: Firm
    contact: User
    county: User
    people: DemoPeople
    round: Round

    def travel(self) -> CultivationCase:
        """Walk as far as the firm's part says, and no further."""
        goal = REACHED[self.demo.part]
        kind = CaseKind.RENEWAL if self.demo.part in RENEWALS else CaseKind.FIRST
        with clock.fixed(self.round.opened):
            case = case_flow.open_case(firm=self.firm, kind=kind, actor=self.contact)
        for day, step in self._steps():
            if case.state == goal:
                break
            with clock.fixed(day):
                case = step(case)
        if goal == CaseState.EXPENSE_REVIEW and self.demo.part is not Part.REVIEW_OPEN:
            with clock.fixed(self.round.checked):
                self._check(case)
        return case

    def _steps(self) -> Iterator[tuple[dt.date, Callable[[CultivationCase], CultivationCase]]]:
        days, office = self.round, self.people.caseworker
        yield (
            days.opened,
            lambda case: case_flow.submit_case(case=case, actor=self.contact),
        )
        yield (
            days.recommended,
            lambda case: case_flow.recommend_case(case=case, actor=self.county),
        )
        yield days.enrolled, self._enrol
        yield (
            days.training_begun,
            lambda case: case_flow.start_training(case=case, actor=office),
        )
        yield days.review_begun, self._begin_review
        yield days.cleared, self._clear
        yield days.filed, lambda case: filing.file_case(case=case, actor=office)
        yield days.disclosed, self._disclose

    def _enrol(self, case: CultivationCase) -> CultivationCase:
        """The two caseworkers share the pool."""
        office = self.people.caseworker
        handler = self.people.caseworker2 if self.demo.index % 2 else office
        case = case_flow.enrol_case(case=case, actor=office)
        return case_flow.assign_handler(case=case, handler=handler, actor=office)

    def _begin_review(self, case: CultivationCase) -> CultivationCase:
        checks.record_check(case=case, kind=CheckKind.TRAINING, actor=self.people.caseworker)
        return case_flow.start_expense_review(case=case, actor=self.people.caseworker)

    def _clear(self, case: CultivationCase) -> CultivationCase:
        with clock.fixed(self.round.checked):
            self._check(case)
        return case_flow.clear_case(case=case, actor=self.people.caseworker)

    def _check(self, case: CultivationCase) -> None:
        """Figures, facts and files; then the two checks, as far as the verdict lets them."""
        office = self.people.caseworker
        for year, figures in yearly_figures(self.demo, self.round.years):
            expenses.record_expense_year(firm=self.firm, year=year, figures=figures, actor=self.contact)
        assessments.declare_facts(case=case, facts=declared_by_firm(self.demo), actor=self.contact)
        assessments.declare_facts(case=case, facts=found_by_panel(), actor=office)
        record_sheets(self.demo, case, office)
        for kind, name, content in files(self.demo):
            document = add_case_document(
                case=case, kind=kind, content=content, original_name=name, actor=self.contact
            )
            confirm_attachment(attachment=document.attachment, actor=office)
        checks.record_check(case=case, kind=CheckKind.ATTACHMENTS, actor=office)
        assessment = assessments.assess_case(case=case, actor=office)
        if assessment.verdict != Verdict.MANUAL:
            checks.record_check(case=case, kind=CheckKind.EXPENSES, actor=office)

    def _disclose(self, case: CultivationCase) -> CultivationCase:
        return filing.disclose_case(
            case=case, actor=self.people.caseworker, published_on=self.round.disclosed, place=_PLACE
        )
