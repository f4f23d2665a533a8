"""Cases from before the clocks get the same ones as if the services had kept them all along."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from cultivation.enums import CaseState
from cultivation.models import CultivationCase
from cultivation.services.case_flow import assign_handler, enrol_case, recommend_case
from cultivation.services.corrections import resubmit_case, return_case
from tests.factories import case_at

LONG_AGO = dt.date(2005, 1, 3)
pytestmark = pytest.mark.django_db


def clocks() -> dict[int, tuple[dt.date, dt.date | None]]:
    rows = CultivationCase.objects.values_list("pk", "clock_from", "clock_held_from")
    return {pk: (start, held) for pk, start, held in rows}


def test_the_migration_and_the_services_agree(cast, clock):
    clock(dt.date(2019, 4, 1))
    cases = [case_at(CaseState.SUBMITTED) for _n in range(5)]
    case_at(CaseState.DRAFT)
    clock(dt.date(2019, 4, 8))
    for case in cases[1:]:
        return_case(case=case, actor=cast.county, reason="补齐")
    clock(dt.date(2019, 4, 30))
    for case in cases[2:]:
        resubmit_case(case=case, actor=cast.caseworker)
        assign_handler(case=case, handler=cast.caseworker, actor=cast.caseworker)
    clock(dt.date(2019, 5, 6))
    return_case(case=cases[3], actor=cast.county, reason="再补")
    recommend_case(case=cases[4], actor=cast.county)
    clock(dt.date(2019, 5, 9))
    resubmit_case(case=cases[3], actor=cast.caseworker)
    enrol_case(case=cases[4], actor=cast.caseworker)
    kept = clocks()
    assert kept[cases[3].pk][0] not in (dt.date(2019, 5, 9), dt.date(2019, 4, 1))

    CultivationCase.objects.update(clock_from=LONG_AGO)
    CultivationCase.objects.filter(state=CaseState.RETURNED).update(clock_held_from=LONG_AGO)
    import_module("cultivation.migrations.0016_case_clock").start_clocks(apps, None)
    assert clocks() == kept
