"""Cases with declared property, brought to a filing and what follows it."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from config.common import clock
from config.common.errors import Refused
from cultivation.enums import CaseState, CheckKind
from cultivation.models import CultivationCase, Firm
from cultivation.selectors.facts import gather_facts
from cultivation.services import assessments, checks, filing
from tests.factories import AccreditationFactory, case_at, give_facts, staff

PATENT = {
    "class": 1,
    "kind": "invention_patent",
    "obtained": "own",
    "used_before": False,
    "number": "ZL201510123456.7",
}
MODEL = {
    "class": 2,
    "kind": "utility_model",
    "obtained": "own",
    "used_before": False,
    "number": "ZL201520123456.1",
}
OTHER_MODEL = {**MODEL, "number": "ZL201520123457.X"}
ON = dt.date(2019, 6, 30)


def assess_with(case: CultivationCase, *items: dict[str, Any]) -> CultivationCase:
    """The case with these items declared, assessed and its expenses check passed."""
    if case.checks.filter(kind=CheckKind.EXPENSES, reset_at__isnull=True).exists():
        checks.reset_check(case=case, kind=CheckKind.EXPENSES, reason="重新评估", actor=staff().caseworker)
    give_facts(case, ip=list(items))
    assessments.assess_case(case=case, actor=staff().caseworker)
    checks.record_check(case=case, kind=CheckKind.EXPENSES, actor=staff().caseworker)
    return case


def ready_with(*items: dict[str, Any], firm: Firm | None = None) -> CultivationCase:
    return assess_with(case_at(CaseState.READY, firm=firm), *items)


def filed_with(*items: dict[str, Any], firm: Firm | None = None) -> CultivationCase:
    return filing.file_case(case=ready_with(*items, firm=firm), actor=staff().caseworker)


def facts_of(*items: dict[str, Any], firm: Firm | None = None) -> list[dict[str, Any]]:
    """The declared items as a case in the pool gathers them."""
    case = case_at(CaseState.POOLED, firm=firm)
    assessments.declare_facts(case=case, facts={"ip": list(items)}, actor=staff().caseworker)
    return gather_facts(case, clock.today())["ip"]


def decline(case: CultivationCase) -> CultivationCase:
    return filing.decline_case(
        case=case,
        actor=staff().caseworker,
        document_number=f"演不予〔2019〕{case.pk}号",
        document_date=clock.today(),
        reason="未通过",
    )


def accredit(case: CultivationCase, last_day: dt.date = dt.date(2022, 6, 29), **changes: Any) -> None:
    certificate = AccreditationFactory(
        firm=case.firm, determined=True, issued_on=clock.today(), last_day=last_day, **changes
    )
    filing.accredit_case(case=case, accreditation=certificate, actor=staff().caseworker)


def refusal(act: Any) -> Refused:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return refused.value
