"""``make_scale_data``: a synthetic population of any size in the present database, for tests of speed."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.commands import JsonCommand, UsageError
from config.common.errors import Refused
from cultivation.models import Division, Firm, IndustryField
from cultivation.scale.lives import lives
from cultivation.scale.writing import next_number, write_lives
from cultivation.selectors.people import command_actor

_LARGEST = 2_000_000


class Command(JsonCommand):
    help = "Fill the database with made-up firms, cases, events, certificates and figures; the same seed, the same rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--firms", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def answer(self, **options: Any) -> dict[str, Any]:
        firms, seed = options["firms"], options["seed"]
        if not 1 <= firms <= _LARGEST:
            raise UsageError(
                "firms_out_of_range", _("--firms must lie between 1 and %(most)s.") % {"most": _LARGEST}
            )
        if Firm.objects.filter(is_demo=False).exists():
            raise Refused(
                "real_firms", _("There are real firms in this database; made-up ones are never mixed in.")
            )
        divisions = Division.objects.filter(parent__isnull=False).count()
        if not divisions:
            raise Refused("no_divisions", _("No counties are recorded: load the reference data first."))
        first = next_number()
        population = lives(
            firms=firms,
            seed=seed,
            first=first,
            today=today(),
            divisions=divisions,
            fields=IndustryField.objects.count(),
        )
        return {"seed": seed, "first_number": first, **write_lives(population, command_actor(None))}
