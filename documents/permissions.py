"""Who may do what here. Users come from the project's user model, which knows roles by name and who stands in for whom."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, cast

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import NotAllowed

if TYPE_CHECKING:
    from typing import Protocol

    from django.contrib.auth.models import _User as User

    class Person(Protocol):
        """What the project's user model offers beside Django's own."""

        roles: frozenset[str]
        division_id: int | None

        def counts_as(self, other_id: int, *days: dt.date) -> bool: ...


# Those who prepare and review cases put notices out and take them back.
MAY_ISSUE = ("caseworker", "reviewer")
MAY_EDIT_TEMPLATES = ("administrator",)
MAY_READ_TEMPLATES = ("administrator", "auditor", *MAY_ISSUE)
MAY_CLEAR_ATTACHMENTS = ("caseworker",)
# Who sees all notices; a firm sees its own on the pages of the other apps.
MAY_READ_NOTICES = (*MAY_ISSUE, "finance", "auditor")
# Everybody of the offices; what a firm sees is too short to be narrowed.
MAY_SAVE_FILTERS = ("county", "administrator", *MAY_READ_NOTICES)


def has_group(actor: "User", groups: Collection[str]) -> bool:
    """Whether ``actor`` is active and has, or holds for somebody today, one of these roles; a superuser has none by that."""
    return actor.is_active and not cast("Person", actor).roles.isdisjoint(groups)


def require_group(actor: "User", groups: Collection[str]) -> None:
    """``NotAllowed`` unless :func:`has_group`."""
    if not has_group(actor, groups):
        raise NotAllowed("not_allowed", _("You are not allowed to do this."))


def is_second_person(actor: "User", other: "User", at: dt.datetime) -> bool:
    """Whether ``actor`` is somebody else than ``other``, who acted at ``at``; a delegate counts as both."""
    return not cast("Person", actor).counts_as(other.pk, localdate(at), today())
