"""Fill an empty database with the demonstration and leave its results in ``var/demo``."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from config.common import clock
from config.common.commands import JsonCommand
from config.common.errors import Refused
from cultivation.api import Firm, Role
from cultivation.demo.people import PASSWORD
from cultivation.demo.story import play_cultivation
from subsidies.demo.results import empty, write_results
from subsidies.demo.story import play_subsidies
from subsidies.services.seals import seal_through


class Command(JsonCommand):
    """Only with a fixed clock, which production refuses, and only where no firm is recorded yet."""

    help = "Fill an empty database with the demonstration"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", action="store_true", help="print the demonstration's users and stop")

    def answer(self, **options: Any) -> dict[str, Any]:
        if not settings.MIAOPU_TODAY:
            raise Refused("no_fixed_clock", _("The demonstration needs the fixed clock (MIAOPU_TODAY)."))
        if options["users"]:
            return self._users()
        if Firm.objects.exists():
            raise Refused(
                "not_empty", _("There are firms in this database; the demonstration wants an empty one.")
            )
        folder = settings.VAR_DIR / "demo"
        inputs = empty(folder)
        self.stderr.write(_("Playing the demonstration …"))
        # One transaction: quicker on SQLite, and a failure leaves the database as it was.
        with transaction.atomic():
            payment_list = play_subsidies(play_cultivation(inputs))
            seal_through(day=clock.today() - dt.timedelta(days=1))
        summary = write_results(payment_list, folder)
        self.stderr.write(_("Results: %(folder)s") % {"folder": folder})
        return summary

    def _users(self) -> dict[str, Any]:
        """Everybody who can log in; for the reader a line each, of the firms the first alone."""
        people = get_user_model().objects.filter(is_active=True).exclude(groups=None)
        users = [
            {"username": user.username, "name": str(user), "roles": sorted(g.name for g in user.groups.all())}
            for user in people.order_by("pk").prefetch_related("groups")
            if user.has_usable_password()
        ]
        firms = [user["username"] for user in users if user["roles"] == [Role.FIRM]]
        self.stderr.write(_("Users, all with the password %(password)s:") % {"password": PASSWORD})
        for user in users:
            if user["username"] not in firms[1:]:
                self.stderr.write(f"  {user['username']:<15} {user['name']}")
        if firms[1:]:
            self.stderr.write(_("  … and the contacts of other firms up to %(last)s") % {"last": firms[-1]})
        return {"password": PASSWORD, "users": users}
