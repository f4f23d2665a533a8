"""Firms, certificates and cases for counting: rows as the services leave them, on chosen days."""

import datetime as dt
import itertools
from dataclasses import dataclass, field

from django.utils import timezone

from cultivation.enums import AccreditationKind, CaseAction, CaseKind, CaseState, DeterminationOutcome
from cultivation.models import (
    Accreditation,
    CaseEvent,
    CultivationCase,
    Determination,
    Division,
    Firm,
    FirmDivision,
    User,
)
from cultivation.rules.certificates import expires_on
from cultivation.scale.lives import credit_code

CODES = {"youjiang": "451002", "tianyang": "451021", "pingguo": "451023"}


def at_nine(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), tzinfo=timezone.get_default_timezone())


@dataclass
class Builder:
    """Makes rows; every firm gets a number and a code of its own."""

    user: User
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(900_000))

    def division(self, key: str = "youjiang") -> Division:
        return Division.objects.get(names__code=CODES[key])

    def firm(self, key: str | None = "youjiang", since: dt.date | None = dt.date(2010, 1, 1)) -> Firm:
        """A firm of a county (None: outside Baise); ``since`` None writes no row of its place."""
        number = next(self.numbers)
        firm = Firm.objects.create(
            credit_code=credit_code(number),
            name=f"演示企业{number}有限公司",
            division=self.division(key) if key else None,
            registered_on=dt.date(2010, 1, 1),
            is_demo=True,
        )
        if since:
            self.moves(firm, key, since)
        return firm

    def moves(self, firm: Firm, key: str | None, on: dt.date) -> None:
        division = self.division(key) if key else None
        FirmDivision.objects.create(firm=firm, division=division, valid_from=on, recorded_by=self.user)

    def certificate(
        self,
        firm: Firm,
        issued_on: dt.date,
        *,
        kind: AccreditationKind = AccreditationKind.FIRST,
        determination: Determination | None = None,
        number: str = "",
    ) -> Accreditation:
        return Accreditation.objects.create(
            firm=firm,
            kind=kind,
            certificate_number=number or f"GR{issued_on.year}45{next(self.numbers)}",
            name_on_certificate=firm.name,
            issued_on=issued_on,
            last_day=expires_on(issued_on) - dt.timedelta(days=1),
            is_opening=determination is None,
            determination=determination,
            document_number="演示〔2019〕1号",
            document_date=issued_on,
            recorded_by=self.user,
        )

    def revoke(self, certificate: Accreditation, on: dt.date) -> None:
        certificate.revoked_on = on
        certificate.revoked_act_year = on.year
        certificate.revocation_document = "演示〔2019〕9号"
        certificate.revoked_by = self.user
        certificate.save()

    def case(
        self, firm: Firm, *steps: tuple[CaseState, dt.date], kind: CaseKind = CaseKind.FIRST
    ) -> CultivationCase:
        """A case that came to these states on these days; ``accredited`` brings its certificate along."""
        state, last = steps[-1]
        days = dict(steps)
        case = CultivationCase(
            firm=firm,
            kind=kind,
            state=state if state != CaseState.ACCREDITED else CaseState.FILED,
            state_since=at_nine(last),
            state_by=self.user,
            opened_on=steps[0][1],
            opened_by=self.user,
            pooled_on=days.get(CaseState.POOLED, steps[0][1]),
            filed_on=days.get(CaseState.FILED, steps[0][1]),
        )
        case.save()
        came_from = ""
        for number, (state, day) in enumerate(steps, start=1):
            CaseEvent.objects.create(
                case=case,
                number=number,
                at=at_nine(day),
                actor=self.user,
                action=CaseAction.OPEN,
                from_state=came_from,
                to_state=state,
                reason="演示",
            )
            came_from = state
        if state == CaseState.ACCREDITED:
            self._accredit(case, last)
        return case

    def _accredit(self, case: CultivationCase, on: dt.date) -> None:
        determination = Determination.objects.create(
            firm=case.firm,
            case=case,
            outcome=DeterminationOutcome.ACCREDITED,
            document_number=f"演示〔{on.year}〕{case.pk}号",
            document_date=on,
            recorded_by=self.user,
        )
        case.accredit(
            by=self.user, accreditation=self.certificate(case.firm, on, determination=determination)
        )
        case.save()
