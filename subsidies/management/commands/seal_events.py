"""``seal_events [--through DATE]``: seal every past day that has events; run once a day."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.commands import JsonCommand, UsageError
from subsidies.services.seals import seal_through


class Command(JsonCommand):
    help = "Hash each past day's events and ledger entries onto the seal before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--through", metavar="DATE", help="the last day to seal; yesterday by default")

    def answer(self, **options: Any) -> dict[str, Any]:
        day = today() - dt.timedelta(days=1)
        if options["through"]:
            try:
                day = dt.date.fromisoformat(options["through"])
            except ValueError as error:
                raise UsageError(
                    "not_a_date",
                    _("%(value)s is not a date, such as 2019-06-30.") % {"value": options["through"]},
                ) from error
        seals = seal_through(day=day)
        return {
            "through": day.isoformat(),
            "sealed": [
                {"day": seal.day.isoformat(), "events": seal.events, "sha256": seal.sha256} for seal in seals
            ],
        }
