"""What the tests of awards share."""

import pytest
from django.db import connection

from config.common.errors import Refused
from cultivation.models import RefusedAttempt
from subsidies.models import Award, AwardEvent, LedgerEntry
from subsidies.services import calculation, proposals
from tests.subsidies.factories import (
    office,
)


def propose():
    return proposals.propose_awards(actor=office().caseworker)


def calculate(award, **options):
    return calculation.calculate_award(award=award, actor=office().caseworker, **options)


def chain(award):
    return list(award.events.order_by("number").values_list("number", "from_state", "to_state"))


def refused(act):
    """The code of the refusal; nothing but the trace of it may be left."""
    before = (
        list(Award.objects.order_by("pk").values()),
        AwardEvent.objects.count(),
        LedgerEntry.objects.count(),
    )
    with pytest.raises(Refused) as found:
        act()
    after = (
        list(Award.objects.order_by("pk").values()),
        AwardEvent.objects.count(),
        LedgerEntry.objects.count(),
    )
    assert after == before
    assert RefusedAttempt.objects.filter(code=found.value.code).exists()
    return found.value.code


class CaptureCount:
    def __enter__(self):
        self._before, connection.force_debug_cursor = connection.force_debug_cursor, True
        self._start = len(connection.queries_log)
        return self

    def __exit__(self, *error):
        self.count = len(connection.queries_log) - self._start
        connection.force_debug_cursor = self._before
