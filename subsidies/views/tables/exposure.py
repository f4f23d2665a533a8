"""What may fall due, as the page of the budget shows it; apart from the lists of money, which read no estimate."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.api import User
from documents.api import TableMaker
from subsidies.forms.exposure import GivenAwardForm
from subsidies.permissions import READERS
from subsidies.selectors.expected_rewards import expected_rewards


class ExpectedRewards(TableMaker):
    """What the matching reward may come to, by quarter and year, beside the money there is."""

    roles = READERS
    stem = "expected-rewards"

    def name(self) -> str:
        return _("Matching reward falling due")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Year"), _("Quarter"), _("Expected (yuan)"), "P10", "P50", "P90"),
            *(_("Available"), _("Probability of a shortfall")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        # Some years with their quarters, however long the reckoning takes.
        return 0

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        found = expected_rewards(today(), GivenAwardForm(parameters).given())
        for row in (*found.due.quarters, *found.due.years) if found.due else ():
            money = found.money.get(row.year)
            yield (
                row.year,
                _("whole year") if row.quarter is None else row.quarter,
                row.expected,
                row.p10,
                row.p50,
                row.p90,
                money.available if money else None,
                row.beyond,
            )
