"""Who acts when nobody is logged in."""

from django.utils.translation import gettext as _

from config.common.commands import UsageError
from cultivation.models import User

SYSTEM_USERNAME = "system"
"""A city caseworker without password, made with the reference data: the actor of commands run without ``--as``."""


def command_actor(username: str | None) -> User:
    """The person a command acts for; ``UsageError("unknown_user")`` where there is none of that name."""
    user = User.objects.filter(username=username or SYSTEM_USERNAME, is_active=True).first()
    if user is None:
        raise UsageError(
            "unknown_user", _("There is no active user %(name)s.") % {"name": username or SYSTEM_USERNAME}
        )
    return user
